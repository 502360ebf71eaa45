"""Files for sale in the editor's admin: uploaded here or beside an item, renamed, looked at, kept while needed."""

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_safe
from wagtail.admin import messages
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn
from wagtail.permissions import policy_registry
from wagtail.snippets.views.chooser import SnippetChooserViewSet
from wagtail.snippets.views.snippets import SnippetViewSet

from products.models import DownloadFile
from products.private_files import hand_over

NO_BUCKET = "Files for sale need a closed bucket. Ask whoever runs the shop to set AWS_PRIVATE_BUCKET_NAME."


class DownloadFileForm(WagtailAdminModelForm):
    """A new file needs its content; an old one keeps it, because buyers have paid for just that."""

    class Meta:
        model = DownloadFile
        fields = ["title", "file"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields.pop("file", None)
        elif "file" in self.fields:
            self.fields["file"].widget = forms.FileInput()
            limit = filesizeformat(settings.WAGTAILDOCS_MAX_UPLOAD_SIZE)
            self.fields["file"].help_text = f"At most {limit}. Nobody but buyers can fetch it."

    def clean_file(self):
        file = self.cleaned_data["file"]
        if not settings.DOWNLOADS_ARE_KEPT:
            raise forms.ValidationError(NO_BUCKET)
        if file.size > settings.WAGTAILDOCS_MAX_UPLOAD_SIZE:
            limit = filesizeformat(settings.WAGTAILDOCS_MAX_UPLOAD_SIZE)
            raise forms.ValidationError(f"This file has {filesizeformat(file.size)}; {limit} is the most.")
        return file


class DownloadChooserViewSet(SnippetChooserViewSet):
    """The window in which an item's file is chosen; its second tab uploads a new one."""

    creation_form_class = DownloadFileForm
    creation_tab_label = "Upload"
    create_action_label = "Upload"
    create_action_clicked_label = "Uploading…"


def _link(file: DownloadFile) -> str:
    return format_html('<a href="{}">{}</a>', reverse("download_content", args=[file.pk]), file.filename)


class DownloadFileViewSet(SnippetViewSet):
    model = DownloadFile
    icon = "download"
    menu_label = "Files for sale"
    menu_name = "downloads"
    menu_order = 95
    add_to_admin_menu = True
    add_to_reference_index = False  # it names nothing; what names it is in the index by itself
    copy_view_enabled = False
    chooser_viewset_class = DownloadChooserViewSet
    list_display = [
        "title",
        Column("filename", label="File", accessor=_link),
        NumberColumn("size", label="Size", accessor=lambda file: filesizeformat(file.size), sort_key="size"),
        DateColumn("created", label="Uploaded", sort_key="created"),
    ]
    search_fields = ["title", "filename"]
    edit_handler = ObjectList(
        [
            FieldPanel("title"),
            FieldPanel("file"),
        ],
        base_form_class=DownloadFileForm,
    )


@require_safe
def content(request: HttpRequest, pk: int) -> HttpResponse:
    """What was uploaded, for staff who look after it."""
    if not policy_registry.get_by_type(DownloadFile).user_has_any_permission(
        request.user, {"add", "change", "delete", "view"}
    ):
        raise PermissionDenied
    try:
        return hand_over(get_object_or_404(DownloadFile, pk=pk))
    except FileNotFoundError:
        raise Http404("the file is not where it should be") from None


def keep_what_is_needed(request: HttpRequest, files: list[DownloadFile]) -> bool:
    """Says which of the files stay, and why; whether there are any."""
    kept = [file for file in files if file.is_needed()]
    for file in kept:
        messages.error(
            request,
            f"“{file.title}” cannot be deleted: items offer it or buyers have paid for it. Take it out of its items; "
            "whoever bought it can still download it, and nobody else.",
        )
    return bool(kept)

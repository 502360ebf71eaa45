"""The words on items in the editor's admin: which there are, on how many items, renamed, deleted."""

from django import forms
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import NumberColumn
from wagtail.snippets.views.snippets import DeleteView, SnippetViewSet

from products import tags
from products.models import Tag


class TagForm(WagtailAdminModelForm):
    """The address of a word keeps its slug: links to it stay right when it is renamed."""

    class Meta:
        model = Tag
        fields = ["name"]

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if not tags.is_word(name):
            raise forms.ValidationError(tags.NO_WORD)
        known = tags.by_name().get(name.casefold())
        if known and known != self.instance:
            raise forms.ValidationError(f"There is already a tag “{known.name}”.")
        return name


class DeleteTagView(DeleteView):
    @property
    def confirmation_message(self) -> str:
        items = self.object.given.count()
        return f"Delete “{self.object.name}”? It is taken off {items} item{'' if items == 1 else 's'}."


class TagViewSet(SnippetViewSet):
    model = Tag
    icon = "tag"
    menu_label = "Tags"
    menu_name = "tags"
    menu_order = 92
    add_to_admin_menu = True
    copy_view_enabled = False
    delete_view_class = DeleteTagView
    ordering = ["name"]
    list_display = [
        "name",
        NumberColumn("items", label="On items", accessor="items", sort_key="items"),
    ]
    search_fields = ["name"]
    edit_handler = ObjectList(
        [FieldPanel("name", help_text="Its address stays as it is when you rename it.")], base_form_class=TagForm
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tag]:
        return Tag.objects.annotate(items=Count("given"))

    def get_common_view_kwargs(self, **kwargs) -> dict:
        """Without Wagtail's own usage, which does not see the items a tag is on: it says 0 of any."""
        return super().get_common_view_kwargs(**{"usage_url_name": None} | kwargs)

    def register_chooser_viewset(self) -> None:
        """No chooser: tags are typed where an item is written."""

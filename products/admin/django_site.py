"""The Django admin: every model is there to be looked at; money, stock and pages are changed elsewhere."""

from django.apps import AppConfig
from django.contrib import admin
from django.db import models
from django.urls import reverse
from django.utils.html import format_html
from wagtail.fields import StreamField
from wagtail.models import Page

# What opens doors or holds whole messages of others is not for browsing.
HIDDEN = frozenset({"client_secret", "visitor", "token"})


class ReadOnlyAdmin(admin.ModelAdmin):
    """Look, don't touch: nobody, not even a superuser, adds, changes or deletes here."""

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


class PageAdmin(ReadOnlyAdmin):
    """Pages are a tree with drafts: Wagtail alone may change them, so a link leads there."""

    list_display = ("title", "live", "first_published_at", "edit_in_wagtail")
    list_filter = ("live",)
    search_fields = ("title",)
    readonly_fields = ("edit_in_wagtail",)

    @admin.display(description="Edit")
    def edit_in_wagtail(self, page: Page) -> str:
        return format_html('<a href="{}">Edit in Wagtail</a>', reverse("wagtailadmin_pages:edit", args=[page.pk]))

    def get_fields(self, request, obj=None):
        own = [
            field.name
            for field in self.model._meta.local_fields
            if not field.primary_key and not isinstance(field, StreamField)
        ]
        return ["title", "slug", "live", "first_published_at", "last_published_at", *own, "edit_in_wagtail"]


def register_read_only(app: AppConfig) -> None:
    """Registers what is left of `app`'s models, so that none can be forgotten."""
    for model in app.get_models():
        if not admin.site.is_registered(model):
            kind = PageAdmin if issubclass(model, Page) else _read_only_admin(model)
            admin.site.register(model, kind)


def _read_only_admin(model: type[models.Model]) -> type[ReadOnlyAdmin]:
    """A list of the model's short columns, newest first; relations are fetched in one query."""
    shown = [field for field in model._meta.fields if field.name not in HIDDEN]
    short = [
        field.name for field in shown if not isinstance(field, models.TextField | models.JSONField | models.BinaryField)
    ]
    return type(
        f"{model.__name__}Admin",
        (ReadOnlyAdmin,),
        {
            "list_display": ["__str__", *(name for name in short if name != model._meta.pk.name)][:9],
            "list_filter": [field.name for field in shown if field.choices],
            "list_select_related": [field.name for field in shown if field.is_relation],
            "show_full_result_count": False,
            "exclude": sorted(HIDDEN),
            "ordering": ["-pk"],
        },
    )

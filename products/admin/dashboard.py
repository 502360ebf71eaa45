"""Panels of the catalogue on Wagtail's home page: first steps of a new shop, low stock, drafts that wait."""

from django.urls import reverse
from wagtail.admin.ui.components import Component
from wagtail.models import Page
from wagtail.permissions import policy_registry

from products.low_stock import running_out
from products.models import CategoryPage, HomePage, ItemPage

SHOWN = 6


class ShopPanel(Component):
    """Shown to those it concerns, and only while there is something to say."""

    order = 100

    def __init__(self, request) -> None:
        self.user = request.user

    def get_context_data(self, parent_context) -> dict:
        return {**super().get_context_data(parent_context), "request": parent_context["request"]}

    def is_shown(self) -> bool:
        return True

    def render_html(self, parent_context=None) -> str:
        return super().render_html(parent_context) if self.is_shown() else ""


class FirstStepsPanel(ShopPanel):
    """A shop that sells nothing yet: what to do, in order, with what is done already."""

    template_name = "products_admin/home_first_steps.html"
    order = 90

    def is_shown(self) -> bool:
        return not ItemPage.objects.filter(live=True).exists() and _may_write(self.user)

    def get_context_data(self, parent_context) -> dict:
        home, shelf = HomePage.objects.first(), CategoryPage.objects.order_by("path").first()
        return {
            **super().get_context_data(parent_context),
            "add_category": _add_url("categorypage", home) if home and not shelf else "",
            "shelf": shelf,
            "add_item": _add_url("itempage", shelf) if shelf else "",
            "draft": ItemPage.objects.order_by("-pk").first(),
        }


class LowStockPanel(ShopPanel):
    template_name = "products_admin/home_low_stock.html"
    order = 120

    def is_shown(self) -> bool:
        return self.user.has_perm("products.view_stock") and ItemPage.objects.filter(live=True).exists()

    def get_context_data(self, parent_context) -> dict:
        rows, count = running_out(SHOWN)
        return {**super().get_context_data(parent_context), "rows": rows, "more": count - len(rows)}


class DraftsPanel(ShopPanel):
    """Pages with changes that buyers do not see yet, the latest first."""

    template_name = "products_admin/home_drafts.html"
    order = 130

    def is_shown(self) -> bool:
        return _may_write(self.user)

    def get_context_data(self, parent_context) -> dict:
        may = policy_registry.get_by_type(Page).instances_user_has_permission_for(self.user, "change")
        drafts = may.filter(has_unpublished_changes=True).order_by("-latest_revision_created_at", "-pk")
        count = drafts.count()
        return {
            **super().get_context_data(parent_context),
            "drafts": drafts.select_related("content_type")[:SHOWN],
            "more": max(count - SHOWN, 0),
        }


def _may_write(user) -> bool:
    return policy_registry.get_by_type(Page).user_has_any_permission(user, {"add", "change", "publish"})


def _add_url(model: str, parent: Page) -> str:
    return reverse("wagtailadmin_pages:add", args=["products", model, parent.pk])


PANELS: tuple[type[ShopPanel], ...] = (FirstStepsPanel, LowStockPanel, DraftsPanel)

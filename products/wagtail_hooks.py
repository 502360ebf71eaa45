"""What products add to Wagtail's admin: stock pages, and the checks that stand before publishing and copying."""

from django.contrib.auth.models import Permission
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogFormatter
from wagtail.models import Page
from wagtail.snippets.models import register_snippet

from .admin.bulk_actions import ACTIONS
from .admin.bulk_views import ChangesView, ChangeView
from .admin.dashboard import PANELS
from .admin.deleting import DeleteIfAllowed
from .admin.downloads import DownloadFileViewSet, content, keep_what_is_needed
from .admin.import_views import ImportFileView, ImportView, export
from .admin.item_list import AddItemView, ItemListView, may_open
from .admin.stock_views import StockAdjustView, StockListView
from .admin.tags import TagViewSet
from .models import DownloadFile, ItemPage
from .publishing import REFUSED, problems_below

NAMED = 5  # of the items that keep a bulk action from happening, as many are listed


@hooks.register("register_admin_urls")
def stock_urls():
    return [
        path("stock/", StockListView.as_view(), name="stock_list"),
        path("stock/results/", StockListView.as_view(results_only=True), name="stock_list_results"),
        path("stock/<int:item_id>/", StockAdjustView.as_view(), name="stock_adjust"),
    ]


@hooks.register("register_admin_urls")
def item_urls():
    return [
        path("items/", ItemListView.as_view(), name="item_list"),
        path("items/results/", ItemListView.as_view(results_only=True), name="item_list_results"),
        path("items/add/", AddItemView.as_view(), name="item_add"),
        path("items/import/", ImportView.as_view(), name="item_import"),
        path("items/import/<int:pk>/", ImportFileView.as_view(), name="item_import_file"),
        path("items/export/<str:kind>/", export, name="item_export"),
        path("items/changes/", ChangesView.as_view(), name="bulk_changes"),
        path("items/changes/<int:pk>/", ChangeView.as_view(), name="bulk_change"),
    ]


register_snippet(TagViewSet)
register_snippet(DownloadFileViewSet)
hooks.register("register_bulk_action", DeleteIfAllowed, order=1000)  # after Wagtail's own, which it replaces


@hooks.register("register_admin_urls")
def download_urls():
    return [path("downloads/<int:pk>/", content, name="download_content")]


@hooks.register("before_delete_snippet")
def keep_files_that_were_sold(request, instances):
    files = [found for found in instances if isinstance(found, DownloadFile)]
    if keep_what_is_needed(request, files):
        return redirect(DownloadFile.snippet_viewset.get_url_name("list"))  # type: ignore[attr-defined]  # Wagtail’s
    return None


class ItemsMenuItem(MenuItem):
    def is_shown(self, request) -> bool:
        return may_open(request.user)


@hooks.register("register_admin_menu_item")
def items_menu_item():
    return ItemsMenuItem("Items", reverse("item_list"), name="items", icon_name="tag", order=90)


for action in ACTIONS:
    hooks.register("register_bulk_action", action)


class StockMenuItem(MenuItem):
    def is_shown(self, request) -> bool:
        return request.user.has_perm("products.view_stock")


@hooks.register("register_admin_menu_item")
def stock_menu_item():
    return StockMenuItem("Stock", reverse("stock_list"), name="stock", icon_name="clipboard-list", order=250)


@hooks.register("construct_homepage_panels")
def shop_panels(request, panels) -> None:
    """Added to Wagtail's own, which stay."""
    panels += [panel(request) for panel in PANELS]


@hooks.register("insert_global_admin_css")
def shop_css() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("products_admin/admin.css"))


@hooks.register("register_permissions")
def stock_permissions():
    return Permission.objects.filter(
        content_type__app_label="products", codename__in=["view_stock", "change_stock", "change_price"]
    )


@hooks.register("register_log_actions")
def shop_log_actions(actions) -> None:
    @actions.register_action(REFUSED)
    class PublishRefused(LogFormatter):
        """Said in the page's history, where a schedule or an approved workflow came to nothing."""

        label = "Not published"

        def format_message(self, log_entry) -> str:
            return f"Not published: {' '.join(log_entry.data.get('problems', []))}"


@hooks.register("before_bulk_action")
def refuse_to_publish_unfinished_items(request, action_type, objects, action):
    """Bulk publishing has no form, so the same checks stand here; nothing is published if one item is not ready."""
    if action_type != "publish" or action.model is not Page:
        return None
    chosen = Page.objects.filter(pk__in=[page.pk for page in objects])
    if action.cleaned_form.cleaned_data.get("include_descendants"):
        for page in objects:
            chosen |= page.get_descendants().not_live()
    unready = problems_below(chosen, request.user)
    if not unready:
        return None
    for draft, found in unready[:NAMED]:
        messages.error(
            request,
            f"“{draft.get_admin_display_title()}” cannot be published. {' '.join(found.values())}",
            buttons=[messages.button(reverse("wagtailadmin_pages:edit", args=[draft.pk]), "Edit")],
        )
    if len(unready) > NAMED:
        messages.error(request, f"{len(unready) - NAMED} more items are not ready.")
    messages.warning(request, "Nothing was published.")
    return redirect(action.next_url)


@hooks.register("before_copy_page")
def refuse_to_publish_copies_of_items(request, page):
    """A live copy would be a second item with the same SKU."""
    if request.method != "POST" or not request.POST.get("publish_copies") or request.POST.get("alias"):
        return None
    tree = (
        page.get_descendants(inclusive=True) if request.POST.get("copy_subpages") else Page.objects.filter(pk=page.pk)
    )
    if not tree.type(ItemPage).exists():
        return None
    messages.error(request, "Copies of items start as drafts: give each its own SKU, then publish it.")
    return redirect("wagtailadmin_pages:copy", page.pk)

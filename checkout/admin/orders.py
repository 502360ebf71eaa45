"""Orders in the editor's admin: a list and a page to look at. There are no other URLs, so nothing else can be asked."""

from django.contrib.auth.models import Permission
from django.http import Http404
from django.urls import path
from wagtail.admin.admin_url_finder import AdminURLFinder, ModelAdminURLFinder
from wagtail.admin.widgets.button import HeaderButton
from wagtail.permissions import policy_registry
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction
from wagtail.snippets.views.snippets import InspectView, SnippetViewSet

from checkout.models import Incident, Order

from . import actions
from .order_list import OrderFilterSet, OrderIndexView
from .order_page import OrderPage


class OrderInspectView(InspectView):
    """The whole order, with a button for each thing this user may do to it."""

    template_name = "checkout_admin/order_inspect.html"
    page_title = "Order"

    def get_fields(self) -> list[str]:
        return []

    def get_page_subtitle(self) -> str:
        return str(self.object)

    @property
    def header_buttons(self) -> list[HeaderButton]:
        return actions.buttons(self.object, self.request.user)

    def get_context_data(self, **kwargs) -> dict:
        page = OrderPage(self.object)
        finder = AdminURLFinder(self.request.user)
        for row in page.lines:
            row["url"] = finder.get_edit_url(row["line"].item)
        return super().get_context_data(order=self.object, page=page, **kwargs)


class OrderURLFinder(ModelAdminURLFinder):
    """Where the admin links an order: its inspect page, for those who may look."""

    edit_url_name = "wagtailsnippets_checkout_order:inspect"

    def get_edit_url(self, instance) -> str | None:
        if self.user and not policy_registry.get(instance).user_has_permission(self.user, "view"):
            return None
        return self.construct_edit_url(instance)


class OrderViewSet(SnippetViewSet):
    model = Order
    icon = "tasks"
    menu_label = "Orders"
    menu_order = 100
    index_view_class = OrderIndexView
    index_template_name = "wagtailadmin/generic/index.html"  # the snippets' own one offers bulk actions
    inspect_view_class = OrderInspectView
    inspect_view_enabled = True
    inspect_template_name = "checkout_admin/order_inspect.html"
    copy_view_enabled = False
    # Every sale would otherwise pay for keeping Wagtail's usage table; deleting items has its own check.
    add_to_reference_index = False
    filterset_class = OrderFilterSet
    list_per_page = 50
    ordering = "-created"
    list_export = OrderIndexView.list_export
    export_headings = OrderIndexView.export_headings
    export_filename = "orders"
    url_finder_class = OrderURLFinder

    def get_urlpatterns(self) -> list:
        return [
            path("", self.index_view, name="list"),
            path("results/", self.index_results_view, name="list_results"),
            path("inspect/<int:pk>/", self.inspect_view, name="inspect"),
        ]

    def register_chooser_viewset(self) -> None:
        """No chooser: it would list orders to whoever may edit some page, and offer to create one."""

    def get_permissions_to_register(self):
        """The permissions shown on the group page: those that can have an effect."""
        useless = [f"{action}_order" for action in ("add", "change", "delete")]
        return Permission.objects.filter(content_type__app_label="checkout", content_type__model="order").exclude(
            codename__in=useless
        )


class RefuseToDeleteOrders(SnippetBulkAction):
    """Stands where Wagtail's bulk deletion of snippets would be."""

    display_name = "Delete"
    action_type = "delete"
    aria_label = "Orders and incidents cannot be deleted"
    models = [Order, Incident]

    def dispatch(self, request, *args, **kwargs):
        raise Http404("orders are not deleted")

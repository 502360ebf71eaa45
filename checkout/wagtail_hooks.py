"""What checkout adds to Wagtail's admin: the Sales menu, and the guards in front of deleting."""

from functools import partial

from django.db.models import Model
from django.shortcuts import redirect
from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogFormatter
from wagtail.models import Page
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from products.models import ItemPage

from .admin import actions, incidents
from .admin.dashboard import ToShipPanel
from .admin.incidents import IncidentViewSet
from .admin.orders import OrderViewSet, RefuseToDeleteOrders
from .admin.policy import InspectOnlyPolicy
from .admin.report_views import REPORTS, Report
from .admin.shipping import ShippingRateViewSet
from .admin.terms import DeleteTerms, DiscountViewSet, TaxViewSet, in_use, refusal
from .admin.waiting import WaitingView
from .models import Discount, Hold, Incident, Order, OrderLine, Tax

NAMED = 5  # of the items that were sold, as many are named in a message


class SalesGroup(SnippetViewSetGroup):
    menu_label = "Sales"
    menu_name = "sales"
    menu_icon = "tag"
    menu_order = 240
    items = (OrderViewSet, IncidentViewSet, DiscountViewSet, TaxViewSet, ShippingRateViewSet)


register_permission_policy(Order, InspectOnlyPolicy(Order))
register_permission_policy(Incident, InspectOnlyPolicy(Incident))
register_snippet(SalesGroup)


@hooks.register("register_admin_urls")
def order_actions():
    incident = path("incidents/<int:pk>/close/", incidents.IncidentView.as_view(), name="incident")
    return [*actions.urlpatterns(), incident]


class WhatWasDone(LogFormatter):
    """The sentence that the action itself wrote."""

    def format_message(self, log_entry) -> str:
        return log_entry.data.get("text", "")


@hooks.register("register_log_actions")
def log_actions(registry) -> None:
    for name, label in (*((view.action, view.label) for view in actions.ACTIONS), ("incident", "Incident")):
        formatter = type(WhatWasDone.__name__, (WhatWasDone,), {"label": label})
        registry.register_action(f"checkout.{name}")(formatter)


@hooks.register("construct_homepage_panels")
def incidents_first(request, panels) -> None:
    panel = incidents.panel_for(request.user)
    if panel is not None:
        panels.append(panel)


# After Wagtail's own, which they replace.
hooks.register("register_bulk_action", RefuseToDeleteOrders, order=1000)
hooks.register("register_bulk_action", DeleteTerms, order=1000)


@hooks.register("register_admin_urls")
def report_urls():
    return [path(f"reports/{report.export_filename}/", report.as_view(), name=report.url_name) for report in REPORTS]


@hooks.register("register_admin_urls")
def waiting_urls():
    return [
        path("reports/waiting/", WaitingView.as_view(), name="report_waiting"),
        path("reports/waiting/results/", WaitingView.as_view(results_only=True), name="report_waiting_results"),
    ]


class WaitingMenuItem(MenuItem):
    """Shown to those who look after stock."""

    def is_shown(self, request) -> bool:
        return request.user.has_perm("products.view_stock")


@hooks.register("register_reports_menu_item")
def waiting_menu_item():
    url = reverse("report_waiting")
    return WaitingMenuItem(WaitingView.page_title, url, name="report-waiting", icon_name="mail", order=len(REPORTS))


class SalesMenuItem(MenuItem):
    """Shown to those who may look at orders."""

    def is_shown(self, request) -> bool:
        return request.user.has_perm("checkout.view_order")


def _menu_item(report: type[Report], order: int) -> SalesMenuItem:
    name = report.url_name.replace("_", "-")
    return SalesMenuItem(report.page_title, reverse(report.url_name), name=name, icon_name="table", order=order)


for number, report in enumerate(REPORTS):
    hooks.register("register_reports_menu_item", partial(_menu_item, report, number))


@hooks.register("construct_homepage_panels")
def sales_panels(request, panels) -> None:
    panels.append(ToShipPanel(request))


@hooks.register("before_delete_snippet")
def keep_terms_that_orders_name(request, instances):
    """A used discount or tax is kept: deleting it would silently take it off old orders."""
    refused = [(found, users) for found in instances if isinstance(found, Discount | Tax) and (users := in_use(found))]
    for instance, users in refused:
        edit = reverse(_address(instance, "edit"), args=[instance.pk])
        messages.error(request, refusal(instance, users), buttons=[messages.button(edit, "Edit")])
    if refused:
        return redirect(_address(refused[0][0], "list"))
    return None


def _address(instance: Model, view: str) -> str:
    viewset: SnippetViewSet = type(instance).snippet_viewset  # type: ignore[attr-defined]  # Wagtail puts it there
    return viewset.get_url_name(view)


@hooks.register("before_delete_page")
def keep_sold_items(request, page):
    """Order lines keep their item. Said before the question, because the database would only refuse afterwards."""
    if not _refuse_sold(request, Page.objects.filter(pk=page.pk) | page.get_descendants()):
        return None
    return redirect("wagtailadmin_explore", page.get_parent().pk)


@hooks.register("before_bulk_action")
def keep_sold_items_in_bulk(request, action_type, objects, action):
    if action_type != "delete" or action.model is not Page:
        return None
    doomed = Page.objects.none()
    for page in objects:
        doomed |= page.get_descendants(inclusive=True)
    return redirect(action.next_url) if _refuse_sold(request, doomed) else None


def _refuse_sold(request, pages) -> bool:
    """Names the items among `pages` that stand in orders; True if there are any."""
    wanted = pages.values("pk")
    sold = OrderLine.objects.filter(item__in=wanted).order_by().values("item")
    held = Hold.objects.filter(item__in=wanted).order_by().values("item")
    items = ItemPage.objects.filter(pk__in=sold.union(held)).order_by("title").only("title")
    count = items.count()
    for item in items[:NAMED]:
        messages.error(
            request,
            f"“{item.title}” cannot be deleted: orders name it. Unpublish it instead; the shop no longer shows it and "
            "old orders stay complete.",
            buttons=[messages.button(reverse("wagtailadmin_pages:unpublish", args=[item.pk]), "Unpublish")],
        )
    if count > NAMED:
        messages.error(request, f"{count - NAMED} more items stand in orders. Nothing was deleted.")
    return count > 0

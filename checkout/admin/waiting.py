"""A report: what people wait for. It counts them; their addresses are shown to nobody."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import Count, F, Min, Q
from django.db.models.functions import Coalesce
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn, TitleColumn
from wagtail.admin.views.generic.base import BaseListingView

from checkout.models import StockAlert
from products.admin.stock_views import adjust_url


def _thing(row: dict) -> str:
    return f"{row['title']}, {row['variant_name']}" if row["variant_id"] else row["title"]


class WaitingView(PermissionRequiredMixin, BaseListingView):
    """One row for each thing on the shelf, the most wanted first."""

    permission_required = "products.view_stock"
    raise_exception = True
    model = StockAlert
    page_title = "Waiting for stock"
    header_icon = "mail"
    index_url_name = "report_waiting"
    index_results_url_name = "report_waiting_results"
    verbose_name_plural = "things that people wait for"
    paginate_by = 50
    default_ordering = "-waiting"
    columns = [
        TitleColumn(
            "title",
            label="Item",
            sort_key="title",
            accessor=_thing,
            get_url=lambda row: adjust_url(row["item_id"], row["variant_id"]),
        ),
        Column("sku", label="SKU", sort_key="sku"),
        NumberColumn("waiting", label="Waiting", sort_key="waiting"),
        NumberColumn("unconfirmed", label="Not confirmed", sort_key="unconfirmed"),
        DateColumn("since", label="First asked", sort_key="since"),
    ]

    def get_base_queryset(self):
        names = {"title": F("item__title"), "variant_name": F("variant__name")}
        waiting = StockAlert.objects.filter(told_at=None).order_by()
        rows = waiting.values("item_id", "variant_id", **names, sku=Coalesce("variant__sku", "item__sku"))
        return rows.annotate(
            waiting=Count("pk", filter=Q(confirmed_at__isnull=False)),
            unconfirmed=Count("pk", filter=Q(confirmed_at=None)),
            since=Min("created"),
        )

    def order_queryset(self, queryset):
        return queryset.order_by(self.ordering, "title", "item_id", "variant_id")

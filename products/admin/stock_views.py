"""Admin pages about stock: the list of all items with their counts, and one item's ledger with the adjust form."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import F, IntegerField, Q
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse, reverse_lazy
from django.utils.functional import cached_property
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.ui.tables import Column, LiveStatusTagColumn, NumberColumn, TitleColumn
from wagtail.admin.views.generic.base import BaseListingView, WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton

from products import stock
from products.models import ItemPage, Stock, StockMovement

from .forms import AdjustStockForm

PER_PAGE = 25


class StockListView(PermissionRequiredMixin, BaseListingView):
    """Every item with its counts, the emptiest shelves first; items never counted stand as zero."""

    permission_required = "products.view_stock"
    raise_exception = True
    page_title = "Stock"
    header_icon = "clipboard-list"
    index_url_name = "stock_list"
    index_results_url_name = "stock_list_results"
    verbose_name_plural = "items"
    is_searchable = True
    paginate_by = PER_PAGE
    default_ordering = "units"
    columns = [
        TitleColumn(
            "title", label="Item", sort_key="title", get_url=lambda item: reverse("stock_adjust", args=[item.pk])
        ),
        Column("sku", label="SKU", sort_key="sku"),
        NumberColumn("units", label="Available", sort_key="units"),
        NumberColumn("on_hand", label="On hand", sort_key="on_hand"),
        NumberColumn("held", label="Held", sort_key="held"),
        NumberColumn("sold", label="Sold", sort_key="sold"),
        LiveStatusTagColumn(sort_key=None),
    ]

    def get_base_queryset(self):
        counts = {name: Coalesce(f"stock__{name}", 0) for name in ("on_hand", "held", "sold")}
        # An alias shows another item's page; it is not a thing on a shelf.
        return (
            ItemPage.objects.filter(alias_of__isnull=True)
            .defer_streamfields()
            .annotate(**counts)
            .annotate(
                units=Coalesce(F("stock__on_hand") - F("stock__held"), 0, output_field=IntegerField()),
            )
        )

    def order_queryset(self, queryset):
        return queryset.order_by(self.ordering, "title", "pk")

    def search_queryset(self, queryset):
        if not self.is_searching:
            return queryset
        return queryset.filter(Q(title__icontains=self.search_query) | Q(sku__icontains=self.search_query))


class StockAdjustView(PermissionRequiredMixin, WagtailAdminTemplateMixin, FormView):
    """Count one item again: a form (for those who may), the figures, every movement."""

    permission_required = "products.view_stock"
    raise_exception = True
    form_class = AdjustStockForm
    template_name = "products_admin/stock_adjust.html"
    page_title = "Stock"
    header_icon = "clipboard-list"

    def setup(self, request, *args, **kwargs) -> None:
        super().setup(request, *args, **kwargs)
        self.item = get_object_or_404(ItemPage.objects.defer_streamfields(), pk=kwargs["item_id"])

    @cached_property
    def may_change(self) -> bool:
        return self.request.user.has_perm("products.change_stock")

    def post(self, request, *args, **kwargs) -> HttpResponse:
        if not self.may_change:
            return self.handle_no_permission()
        return super().post(request, *args, **kwargs)

    def form_valid(self, form) -> HttpResponse:
        quantity = form.cleaned_data["quantity"]
        try:
            stock.adjust(
                item_id=self.item.pk, quantity=quantity, reason=form.cleaned_data["reason"], user=self.request.user
            )
        except stock.NotEnoughStock as error:
            form.add_error("quantity", _not_enough(error.available))
            return self.form_invalid(form)
        messages.success(
            self.request,
            f"{quantity:+d} for “{self.item.title}”: {stock.available(self.item.pk)} can be sold now.",
        )
        return redirect("stock_adjust", self.item.pk)

    def get_page_subtitle(self) -> str:
        return self.item.title

    def get_breadcrumbs_items(self) -> list[dict]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse_lazy("stock_list"), "label": "Stock"},
            {"url": "", "label": self.item.title, "sublabel": self.item.sku},
        ]

    @property
    def header_buttons(self) -> list[HeaderButton]:
        url = AdminURLFinder(self.request.user).get_edit_url(self.item)
        return [HeaderButton("Edit item", url=url, icon_name="edit")] if url else []

    def get_context_data(self, **kwargs) -> dict:
        row = Stock.objects.filter(item=self.item).first()
        movements = StockMovement.objects.filter(stock__item=self.item).select_related("user")
        page = WagtailPaginator(movements, PER_PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(
            item=self.item,
            stock=row,
            may_change=self.may_change,
            movements=page,
            page_obj=page,
            elided_page_range=page.paginator.get_elided_page_range(page.number),
            **kwargs,
        )


def _not_enough(available: int) -> str:
    if available <= 0:
        return "Nothing can be taken: none is left that is not promised to a buyer."
    units = "1 unit" if available == 1 else f"{available} units"
    return f"At most {units} can be taken; the rest is promised to buyers or not there."

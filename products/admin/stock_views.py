"""Admin pages about stock: the list of all items with their counts, and one item's ledger with the adjust form."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import F, FilteredRelation, IntegerField, OuterRef, Q, Subquery
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
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton

from products import stock
from products.models import ItemPage, Stock, StockMovement, Variant

from .forms import AdjustStockForm
from .long_lists import LongList, with_workflows

PER_PAGE = 25
COUNTS = ("units", "on_hand", "held", "sold")


def _count(name: str) -> Coalesce:
    """A count of the row's thing; never counted is zero.

    Looked up by the item, and no join by the variant: where most items have none SQLite knows that the index of
    variants is mostly NULL, takes it for useless and reads all counts for each row, ten milliards of 100,000.
    """
    same = Stock.objects.filter(item=OuterRef("pk")).alias(thing=Coalesce("variant_id", 0))
    same = same.filter(thing=Coalesce(OuterRef("sold_as__pk"), 0)).annotate(units=F("on_hand") - F("held")).order_by()
    return Coalesce(Subquery(same.values(name)[:1], output_field=IntegerField()), 0)


class StockListView(PermissionRequiredMixin, LongList):
    """Everything that is counted, an item's variants one by one, the emptiest shelves first; never counted is zero."""

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
    row_key = ("pk", "variant_id")
    columns = [
        TitleColumn(
            "title",
            label="Item",
            sort_key="title",
            get_url=lambda item: adjust_url(item.pk, item.variant_id),
            accessor=lambda item: f"{item.title}, {item.variant_name}" if item.variant_id else item.title,
        ),
        Column("number", label="SKU", sort_key="number"),
        NumberColumn("units", label="Available", sort_key="units"),
        NumberColumn("on_hand", label="On hand", sort_key="on_hand"),
        NumberColumn("held", label="Held", sort_key="held"),
        NumberColumn("sold", label="Sold", sort_key="sold"),
        LiveStatusTagColumn(sort_key=None),
    ]

    def get_base_queryset(self):
        """One row for each thing on a shelf. An alias or translation shows another page's thing, so it has none."""
        items = ItemPage.objects.filter(original__isnull=True).defer_streamfields()
        items = items.annotate(sold_as=FilteredRelation("sold_variants", condition=Q(sold_variants__active=True)))
        items = items.annotate(
            variant_id=F("sold_as__pk"), variant_name=F("sold_as__name"), number=Coalesce("sold_as__sku", "sku")
        )
        return with_workflows(items.annotate(**{name: _count(name) for name in COUNTS}).annotate_approved_schedule())

    def order_queryset(self, queryset):
        return queryset.order_by(self.ordering, "title", "pk")

    def search_queryset(self, queryset):
        if not self.is_searching:
            return queryset
        words = self.search_query
        named = Q(title__icontains=words) | Q(variant_name__icontains=words)
        return queryset.filter(named | Q(number__icontains=words))


class StockAdjustView(PermissionRequiredMixin, WagtailAdminTemplateMixin, FormView):
    """Count one thing again: a form (for those who may), the figures, every movement. `?variant=` says which."""

    permission_required = "products.view_stock"
    raise_exception = True
    form_class = AdjustStockForm
    template_name = "products_admin/stock_adjust.html"
    page_title = "Stock"
    header_icon = "clipboard-list"

    def setup(self, request, *args, **kwargs) -> None:
        super().setup(request, *args, **kwargs)
        self.item = get_object_or_404(ItemPage.objects.defer_streamfields(), pk=kwargs["item_id"])
        self.variant = self._variant(request.GET.get("variant", ""))

    def _variant(self, wanted: str) -> Variant | None:
        if not wanted:
            return None
        known = wanted if wanted.isascii() and wanted.isdigit() and len(wanted) < 19 else None
        return get_object_or_404(Variant, pk=known, item_id=self.item.source_id)

    @property
    def thing(self) -> dict:
        """What is counted, as the stock module names it."""
        return {"item_id": self.item.source_id, "variant_id": self.variant.pk if self.variant else None}

    @property
    def name(self) -> str:
        return f"{self.item.title}, {self.variant.name}" if self.variant else self.item.title

    @cached_property
    def may_change(self) -> bool:
        return self.request.user.has_perm("products.change_stock")

    def post(self, request, *args, **kwargs) -> HttpResponse:
        if not self.may_change:
            return self.handle_no_permission()
        return super().post(request, *args, **kwargs)

    def form_valid(self, form) -> HttpResponse:
        wanted = form.cleaned_data
        quantity = wanted["quantity"]
        try:
            stock.adjust(**self.thing, **wanted, user=self.request.user)
        except stock.NotEnoughStock as error:
            form.add_error("quantity", _not_enough(error.available))
            return self.form_invalid(form)
        messages.success(
            self.request,
            f"{quantity:+d} for “{self.name}”: {stock.available(**self.thing)} can be sold now.",
        )
        return redirect(adjust_url(self.item.pk, self.thing["variant_id"]))

    def _siblings(self) -> list[tuple[str, str]]:
        """(name, address) of the item's variants, to go from one to the next."""
        variants = Variant.objects.filter(item_id=self.item.source_id)
        return [(variant.name, adjust_url(self.item.pk, variant.pk)) for variant in variants]

    def get_page_subtitle(self) -> str:
        return self.name

    def get_breadcrumbs_items(self) -> list[dict]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse_lazy("stock_list"), "label": "Stock"},
            {"url": "", "label": self.name, "sublabel": self.variant.sku if self.variant else self.item.sku},
        ]

    @property
    def header_buttons(self) -> list[HeaderButton]:
        url = AdminURLFinder(self.request.user).get_edit_url(self.item)
        return [HeaderButton("Edit item", url=url, icon_name="edit")] if url else []

    def get_context_data(self, **kwargs) -> dict:
        row = Stock.objects.filter(**self.thing).first()
        movements = StockMovement.objects.filter(stock=row).select_related("user", "stock__variant")
        page = WagtailPaginator(movements, PER_PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(
            adjust_url=adjust_url(self.item.pk, self.thing["variant_id"]),
            siblings=self._siblings(),
            stock=row,
            may_change=self.may_change,
            movements=page,
            page_obj=page,
            elided_page_range=page.paginator.get_elided_page_range(page.number),
            **kwargs,
        )


def adjust_url(item_id: int, variant_id: int | None = None) -> str:
    """Where an item, or one of its variants, is counted."""
    return reverse("stock_adjust", args=[item_id]) + (f"?variant={variant_id}" if variant_id else "")


def _not_enough(available: int) -> str:
    if available <= 0:
        return "Nothing can be taken: none is left that is not promised to a buyer."
    units = "1 unit" if available == 1 else f"{available} units"
    return f"At most {units} can be taken; the rest is promised to buyers or not there."

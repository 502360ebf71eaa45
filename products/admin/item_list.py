"""All items in one list: picture, price, stock, status; to filter, sort, search, and to change many at once."""

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn, Column, DateColumn, NumberColumn, TitleColumn
from wagtail.admin.ui.tables.pages import PageStatusColumn
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.pages.choose_parent import ChooseParentView
from wagtail.admin.widgets.button import Button, HeaderButton
from wagtail.models import Page
from wagtail.permissions import policy_registry

from products import catalogue, low_stock, money, sheets
from products.distinct import different
from products.models import CategoryPage, ItemPage, Stock
from products.pictures import Album

from .long_lists import LongList, with_workflows

CHANGED = "latest_revision_created_at"


def visible_items(user) -> QuerySet[ItemPage]:
    """Items `user` may see in the admin: of the pages that are theirs, or all for those who look after stock."""
    items = ItemPage.objects.filter(original__isnull=True).defer_streamfields()
    if user.has_perm("products.view_stock"):
        return items
    explorable = policy_registry.get_by_type(Page).explorable_instances(user)
    return items.filter(pk__in=explorable.values("pk"))


def writes(user) -> bool:
    """Whether some page is `user`'s to write or publish."""
    return policy_registry.get_by_type(Page).user_has_any_permission(user, {"add", "change", "publish"})


def may_open(user) -> bool:
    """Writers, and those who look after stock."""
    return user.has_perm("products.view_stock") or writes(user)


def may_import(user) -> bool:
    """Writers, and those who count; each line of the file is looked at again (products/importing/rights.py)."""
    return user.has_perm("products.change_stock") or writes(user)


def _categories(request) -> QuerySet[CategoryPage]:
    return CategoryPage.objects.order_by("path")


def _currencies() -> list[tuple[str, str]]:
    return [(code, code) for code in different(ItemPage.objects.all(), "currency") if code]


def _counts() -> QuerySet[Stock]:
    """What is counted of an item: itself, or each variant that is for sale."""
    return Stock.objects.filter(Q(variant=None) | Q(variant__active=True), item=OuterRef("pk")).order_by()


class ItemFilterSet(WagtailFilterSet):
    status = django_filters.ChoiceFilter(
        label="Status",
        choices=[("live", "Live"), ("changed", "Live, with a draft"), ("draft", "Draft")],
        method="filter_status",
        empty_label="All",
    )
    stock = django_filters.ChoiceFilter(
        label="Stock",
        choices=[("out", "Sold out"), ("low", "Low"), ("in", "In stock")],
        method="filter_stock",
        empty_label="All",
    )
    currency = django_filters.ChoiceFilter(label="Currency", choices=_currencies, empty_label="All")
    category = django_filters.ModelChoiceFilter(
        label="Category", queryset=_categories, method="filter_category", empty_label="All"
    )

    class Meta:
        model = ItemPage
        fields = ["status", "stock", "currency", "category"]

    def filter_status(self, queryset, name: str, value: str):
        if value == "changed":
            return queryset.filter(live=True, has_unpublished_changes=True)
        return queryset.filter(live=value == "live")

    def filter_stock(self, queryset, name: str, value: str):
        if value == "low":
            return queryset.filter(pk__in=low_stock.low_rows().order_by().values("item"))
        # no sum: no count is below zero, so one that is above says enough, and 100,000 need not be added up
        some_left = Exists(_counts().filter(on_hand__gt=F("held")))
        return queryset.filter(some_left if value == "in" else ~some_left)

    def filter_category(self, queryset, name: str, value: CategoryPage):
        return queryset.filter(path__startswith=value.path)


class ItemTitleColumn(TitleColumn):
    """The thumbnail, the title, and below it where the item stands."""

    cell_template_name = "products_admin/item_title_cell.html"

    def get_link_url(self, instance, parent_context):
        user = parent_context["request"].user
        if instance.permissions_for_user(user).can_edit():
            return reverse("wagtailadmin_pages:edit", args=[instance.pk])
        return reverse("stock_adjust", args=[instance.pk])


def _price(item: ItemPage) -> str:
    if item.unit_amount is None:
        return "–"
    start = "from " if item.prices_differ else ""
    return f"{start}{money.format_money(item.unit_amount, item.currency)}"


class ItemListView(LongList):
    template_name = "products_admin/item_list.html"
    page_title = "Items"
    header_icon = "tag"
    index_url_name = "item_list"
    index_results_url_name = "item_list_results"
    verbose_name_plural = "items"
    is_searchable = True
    paginate_by = 50
    default_ordering = f"-{CHANGED}"
    filterset_class = ItemFilterSet
    columns = [
        BulkActionsCheckboxColumn("bulk_actions", obj_type="item"),
        ItemTitleColumn(
            "title",
            label="Item",
            sort_key="title",
            accessor="get_admin_display_title",
            get_title_id=lambda item: f"item_{item.pk}_title",
        ),
        Column("sku", label="SKU", sort_key="sku"),
        Column("price", label="Price", accessor=_price, sort_key="unit_amount"),
        Column("currency", label="Currency", sort_key="currency"),
        NumberColumn("units", label="Available", sort_key="units"),
        PageStatusColumn("status", label="Status", sort_key="live"),
        DateColumn(CHANGED, label="Changed", sort_key=CHANGED),
    ]

    def dispatch(self, request, *args, **kwargs):
        if not may_open(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_base_queryset(self):
        units = _counts().values("item").annotate(left=Sum(F("on_hand") - F("held"))).values("left")
        items = visible_items(self.request.user).annotate(
            units=Coalesce(Subquery(units, output_field=IntegerField()), 0)
        )
        return with_workflows(items.annotate_approved_schedule())

    def order_queryset(self, queryset):
        if self.ordering.strip("-") == CHANGED:  # as the index goes: all that one file brought have the same moment
            return queryset.order_by(self.ordering, self.ordering.replace(CHANGED, "path"))
        # sums of different currencies are no order, so each currency comes by itself
        first = ["currency"] if self.ordering.strip("-") == "unit_amount" else []
        return queryset.order_by(*first, self.ordering, "title", "pk")

    def search_queryset(self, queryset):
        if not self.is_searching:
            return queryset
        words = self.search_query
        return queryset.filter(
            Q(title__icontains=words)
            | Q(draft_title__icontains=words)
            | Q(sku__icontains=words)
            | Q(pk__in=ItemPage.objects.filter(sold_variants__sku__icontains=words).values("pk"))
        )

    @property
    def header_buttons(self) -> list[HeaderButton]:
        found = [HeaderButton("Changes of many", url=reverse("bulk_changes"), icon_name="history")]
        if policy_registry.get_by_type(Page).user_has_any_permission(self.request.user, {"add"}):
            found.insert(0, HeaderButton("Add an item", url=reverse("item_add"), icon_name="plus"))
        if may_import(self.request.user):
            found.append(HeaderButton("Import", url=reverse("item_import"), icon_name="upload"))
        return found

    @property
    def header_more_buttons(self) -> list[Button]:
        """What the list shows now, as a file."""
        query = self.request.GET.copy()
        query.pop("p", None)
        asked = f"?{query.urlencode()}" if query else ""
        return [
            Button(
                f"Download {kind.upper()}",
                url=reverse("item_export", args=[kind]) + asked,
                icon_name="download",
                priority=90 + place,
            )
            for place, kind in enumerate(sheets.FORMATS)
        ]

    def get_context_data(self, **kwargs) -> dict:
        context = super().get_context_data(**kwargs)
        items = list(context["object_list"])
        galleries = catalogue.pictures([item.pk for item in items])
        album = Album([pictures[0].image.id for pictures in galleries.values()], ["thumb"])
        shelves = dict(CategoryPage.objects.values_list("path", "title"))
        for item in items:
            pictures = galleries.get(item.pk)
            item.thumbnail = album.markup(pictures[0].image, "thumb", alt="", eager=False) if pictures else ""
            item.shelf = shelves.get(item.path[: -item.steplen], "")
        return context | {"object_list": items, "model_opts": ItemPage._meta}


class BelowItems(WagtailAdminTemplateMixin):
    """A page that the list of items leads to."""

    def get_breadcrumbs_items(self) -> list[dict]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("item_list"), "label": "Items"},
            {"url": "", "label": self.page_title},
        ]


class AddItemView(BelowItems, ChooseParentView):
    """In which category; with only one there is nothing to choose."""

    model = ItemPage
    index_url_name = "item_list"
    template_name = "products_admin/item_add.html"
    page_title = "Add an item"
    header_icon = "tag"

    def dispatch(self, request, *args, **kwargs):
        if not policy_registry.get_by_type(Page).user_has_any_permission(request.user, {"add"}):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs) -> dict:
        parents = self.get_valid_parent_pages(self.request.user).order_by("path")
        shelves = [{"page": page, "add": reverse("wagtailadmin_pages:add", args=self._add(page))} for page in parents]
        return super().get_context_data(shelves=shelves, **kwargs)

    @staticmethod
    def _add(page: Page) -> tuple[str, str, int]:
        return "products", "itempage", page.pk

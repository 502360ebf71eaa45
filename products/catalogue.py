"""Every read of items for pages: what is for sale, in which order, with which pictures.

The number of queries is the same for one item and for a thousand; the tests count them.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, Func, IntegerField, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Substr
from django.utils import timezone

from . import currencies, prices, tags
from .kept import Kept
from .models import ItemPage, ItemPicture, Variant
from .pictures import Original
from .prepared import Prepared
from .tree import Public, Translations

PER_PAGE = 24
MAX_ID = 2**31 - 1

ROW = ("pk", "title", "url_path", "summary", "price_now", "unit_amount", "prices_differ", "currency", "units")


class ItemNotFound(Exception):
    """No such item is for sale: unknown, draft, expired, private, or without a price that can be paid."""


@dataclass(frozen=True, slots=True)
class Row:
    """What a card or a link to an item needs. `amount` is the price now, `list_amount` the regular one; both are the
    lowest of the item's variants if `prices_differ`."""

    id: int
    title: str
    url_path: str
    summary: str
    amount: int
    list_amount: int
    prices_differ: bool
    currency: str
    available: int


class Units(Func):
    """Units of an item that can be sold, as an expression on ItemPage: of its variants, if it has any for sale.

    Written by hand, as Public is, because it stands in every list.
    """

    template = (
        "(SELECT COALESCE(SUM(counted.on_hand - counted.held), 0) FROM products_stock counted"
        " LEFT JOIN products_variant kind ON kind.id = counted.variant_id"
        " WHERE counted.item_id = COALESCE(%(expressions)s) AND CASE WHEN counted.variant_id IS NULL THEN NOT EXISTS"
        " (SELECT 1 FROM products_variant other WHERE other.item_id = counted.item_id AND other.active)"
        " ELSE kind.active END)"
    )
    output_field = IntegerField()


UNITS = Units("original_id", "pk")


def for_sale(now: datetime | None = None) -> QuerySet[ItemPage]:
    """Items a visitor may see and buy: live, public, not expired, with a price in a sellable currency."""
    items = ItemPage.objects.filter(
        Q(expire_at__isnull=True) | Q(expire_at__gt=now or timezone.now()),
        Public("path"),
        live=True,
        expired=False,
        unit_amount__gt=0,
    )
    names = sellable()
    # "" is no item's currency: of an empty list Django writes no SQL, and the prepared statements need some
    return items if names is None else items.filter(currency__in=names or ("",))


def sellable() -> tuple[str, ...] | None:
    """The currencies that can be paid in; None for all."""
    if settings.STRIPE_SANDBOX:
        return None
    return tuple(sorted(name for name in settings.STRIPE_ACCOUNTS if currencies.is_sellable(name)))


def item_for_sale(item_id: int) -> ItemPage:
    """The item with its stock and tax, in one query. Raises ItemNotFound."""
    if not 0 < item_id <= MAX_ID:
        raise ItemNotFound
    found = _item_for_sale.objects(ItemPage, sellable(), item_id=item_id, now=timezone.now())
    if not found:
        raise ItemNotFound
    return _with_taxes(found[0])


def ordered(item_ids: list[int]) -> dict[int, ItemPage]:
    """These items by id, whether for sale or not, in one query. Each says if it is (`is_offered`), and if there are
    variants of it on sale (`in_variants`)."""
    found = _ordered.objects(ItemPage, sellable(), ids=item_ids, now=timezone.now()) if item_ids else []
    return {item.pk: item for item in found}


def _ordered_query(ids: list[int], now: datetime) -> QuerySet[ItemPage]:
    sold = Variant.objects.filter(item_id=Coalesce(OuterRef("original_id"), OuterRef("pk")), active=True)
    offered = for_sale(now).filter(pk__in=ids, pk=OuterRef("pk"))
    items = ItemPage.objects.filter(pk__in=ids).order_by()
    return items.annotate(is_offered=Exists(offered), in_variants=Exists(sold))


def item_at(url_path: str) -> ItemPage | None:
    """The item whose page has that url_path; None if there is no item. Raises ItemNotFound for a hidden one.

    Asked by slug, which has an index; url_path has none.
    """
    slug = url_path.rstrip("/").rpartition("/")[2]
    found = _item_at.objects(ItemPage, slug=slug, url_path=url_path)
    if not found:
        return None
    item = found[0]
    expired = item.expired or (item.expire_at is not None and item.expire_at <= timezone.now())
    if not (item.public and item.live and item.unit_amount and currencies.is_sellable(item.currency)) or expired:
        raise ItemNotFound
    return _with_taxes(item)


# Whole items by statements written once: the ORM's own way is 2 of the 7 ms of an item page.
_item_for_sale = Prepared(
    lambda item_id, now: with_details(for_sale(now).filter(pk=item_id)),
    item_id=int,
    now=datetime,
)
_item_at = Prepared(
    lambda slug, url_path: with_details(
        ItemPage.objects.annotate(public=Public("path")).filter(slug=slug, url_path=url_path)
    ),
    slug=str,
    url_path=str,
)


_ordered = Prepared(_ordered_query, ids=list, now=datetime)


def with_details(items: QuerySet[ItemPage]) -> QuerySet[ItemPage]:
    return items.annotate(units=UNITS, translations=Translations("translation_key"), words=tags.Words("pk")).order_by()


def _with_taxes(item: ItemPage) -> ItemPage:
    """Its own tax, and what the default ones do. Taxes are few, and kept."""
    taxes = _taxes.get("all", ItemPage._meta.get_field("tax").related_model.objects.in_bulk)
    item.tax = taxes.get(item.tax_id)
    default = [tax for tax in taxes.values() if tax.is_default and tax.active]
    item.default_tax_added = any(not tax.inclusive for tax in default)
    item.default_tax_included = any(tax.inclusive for tax in default)
    return item


_taxes: Kept[dict[int, Any]] = Kept()


def rows(item_ids: list[int]) -> list[Row]:
    """These items, as far as they are for sale, in the order of the ids. One query."""
    if not item_ids:
        return []
    found = {values[0]: Row(*values) for values in _rows.rows(sellable(), ids=item_ids, now=timezone.now())}
    return [found[item_id] for item_id in item_ids if item_id in found]


def _rows_query(ids: list[int], now: datetime) -> QuerySet:
    return with_figures(for_sale(now).filter(pk__in=ids), now).order_by().values_list(*ROW)


_rows = Prepared(_rows_query, ids=list, now=datetime)


def with_figures(items: QuerySet[ItemPage], now: datetime) -> QuerySet[ItemPage]:
    """With the price of that moment and the units left."""
    return items.annotate(price_now=prices.effective(now), units=UNITS)


def units(item: ItemPage) -> int:
    """Units of the item that can be sold, where the item was not read with them."""
    return ItemPage.objects.filter(pk=item.pk).values_list(UNITS, flat=True).first() or 0


@dataclass(frozen=True, slots=True)
class Choice:
    """A variant that can be bought now, or is sold out. `name` and `values` are in the page's own language."""

    variant: Variant
    name: str
    values: tuple[str, ...]
    price: prices.Price
    available: int


def choices(item: ItemPage) -> list[Choice]:
    """An item's variants in the editor's order; empty for an item without. At most two queries."""
    variants = _variants.objects(Variant, source=item.source_id) if item.has_variants else []
    rows = {row.key: row for row in item.variants.all()} if item.original_id and variants else {}
    made = []
    for variant in variants:
        price, row = prices.price_of(item, variant), rows.get(variant.key)
        if price is not None:
            name = row.name if row else variant.name
            values = row.values if row else tuple(variant.name.split(" / "))
            made.append(Choice(variant, name, values, price, vars(variant)["units"] or 0))
    return made


def _variants_query(source: int) -> QuerySet[Variant]:
    return Variant.objects.filter(item_id=source, active=True).annotate(units=F("stock__on_hand") - F("stock__held"))


_variants = Prepared(_variants_query, source=int)


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture of a gallery. It reads like an ItemPicture with its image."""

    image: Original
    alt: str

    @property
    def image_id(self) -> int:
        return self.image.id


def pictures(item_ids: list[int]) -> dict[int, list[Picture]]:
    """The gallery of each item in the editor's order. One query."""
    galleries: dict[int, list[Picture]] = {}
    for item_id, text, *image in _pictures.rows(ids=item_ids) if item_ids else ():
        original = Original(*image)
        galleries.setdefault(item_id, []).append(Picture(original, text or original.default_alt_text))
    return galleries


def _pictures_query(ids: list[int]) -> QuerySet:
    image = [f"image__{name}" for name in Original._fields]
    found = ItemPicture.objects.filter(page_id__in=ids).order_by("sort_order", "pk")
    return found.values_list("page_id", "alt_text", *image)


_pictures = Prepared(_pictures_query, ids=list)


def newest_ids(limit: int, *, below: str = "") -> list[int]:
    """The items published last; `below`: under the page with that path, so in one language. Kept."""
    return _newest.get((limit, below), lambda: _read_newest(limit, below))


def _read_newest(limit: int, below: str) -> list[int]:
    items = for_sale()
    if below:
        # not as a range: the database would read everything below by path and sort it, 180 ms of 100,000 items,
        # instead of walking the index of dates from its end
        items = items.annotate(start=Substr("path", 1, len(below))).filter(start=below)
    return list(items.order_by("-first_published_at", "-pk").values_list("pk", flat=True)[:limit])


_newest: Kept[list[int]] = Kept()


def next_change() -> datetime | None:
    """The next moment at which the clock alone changes what is for sale or what it costs."""
    soon = ItemPage.objects.filter(live=True, expire_at__gt=timezone.now()).order_by("expire_at")
    moments = (soon.values_list("expire_at", flat=True).first(), prices.next_price_change())
    return min((moment for moment in moments if moment), default=None)


def range_below(path: str) -> tuple[str, str]:
    """The range of paths under that path: an index serves a range, but not SQLite's LIKE."""
    return path + "0" * ItemPage.steplen, path + "Z" * ItemPage.steplen

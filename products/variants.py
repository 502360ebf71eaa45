"""From the editor's rows to what is sold: each row's key finds its Variant again, whatever drafts did to the row.

A key belongs to one item. It survives drafts, versions and translations as it is. On a copied page it is turned into a
key of the copy's own, the same one each time, because the copy's versions still hold the old one.
"""

import uuid
from collections.abc import Iterable
from decimal import Decimal

from django.db.models import F

from . import money
from .models import ItemPage, ItemVariant, Variant


class UnknownVariant(Exception):
    """The item has no such variant."""


class VariantNeeded(Exception):
    """The item is sold in variants only, and none was named; `names` are the choices."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(", ".join(names))
        self.names = names


def chosen(item: ItemPage, text: str) -> Variant | None:
    """The variant that somebody named by its name or SKU, with its `units`; None for an item without variants.

    Raises VariantNeeded, UnknownVariant.
    """
    sold = Variant.objects.filter(item_id=item.source_id, active=True)
    offered = list(sold.annotate(units=F("stock__on_hand") - F("stock__held"))) if item.has_variants else []
    wanted = " ".join(text.split())
    if not offered and not wanted:
        return None
    if not wanted:
        raise VariantNeeded([variant.name for variant in offered])
    keys = {row.key for row in item.variants.all() if row.name == wanted} if item.original_id else set()
    for variant in offered:
        if wanted in (variant.name, variant.sku) or variant.key in keys:
            return variant
    raise UnknownVariant


def is_still_sold(item: ItemPage, variant: Variant | None, *, in_variants: bool) -> bool:
    """Whether an order's line can be bought as it is now. `in_variants`: whether the item is sold in variants only."""
    if variant is None:
        return not in_variants
    return variant.active and variant.item_id == item.source_id


def settle_keys(page: ItemPage) -> list[ItemVariant]:
    """The page's rows, each under the key it is sold by. Call before they are saved."""
    rows = list(page.variants.all())
    if not rows:
        return rows
    known = {variant.key: variant.sku for variant in Variant.objects.filter(item_id=page.source_id)}
    foreign = set(
        Variant.objects.filter(key__in=[row.key for row in rows])
        .exclude(item_id=page.source_id)
        .values_list("key", flat=True)
    )
    taken: set[uuid.UUID] = set()
    for row in rows:
        row.key = _own_key(page, row, known, foreign, taken)
        taken.add(row.key)
    return rows


def _own_key(page: ItemPage, row: ItemVariant, known: dict, foreign: set, taken: set) -> uuid.UUID:
    if row.key in known and row.key not in taken:
        return row.key
    derived = uuid.uuid5(page.translation_key, str(row.key))
    if derived in known and derived not in taken:
        return derived
    # a row that was deleted and written again is the same thing on the shelf
    for key, sku in known.items():
        if sku and sku == row.sku and key not in taken:
            return key
    if row.key in foreign:
        return derived
    return uuid.uuid4() if row.key in taken else row.key


def publish_rows(page: ItemPage, rows: Iterable[ItemVariant]) -> list[Variant]:
    """Each row's Variant as the row says; one whose row is gone is no longer sold. Translations change nothing."""
    if page.original_id is not None:
        return []
    rows = list(rows)
    known = {variant.key: variant for variant in Variant.objects.filter(item=page)}
    for position, row in enumerate(rows):
        unit_amount, sale_amount = amounts(page, row)
        fields = {
            "sku": row.sku.strip(),
            "name": row.name,
            "unit_amount": unit_amount,
            "sale_amount": sale_amount,
            "position": position,
            "active": row.for_sale,
        }
        variant = known.pop(row.key, None)
        if variant is None:
            Variant.objects.create(item=page, key=row.key, **fields)
        elif any(getattr(variant, name) != value for name, value in fields.items()):
            Variant.objects.filter(pk=variant.pk).update(**fields)
    gone = [variant.pk for variant in known.values() if variant.active]
    if gone:
        Variant.objects.filter(pk__in=gone).update(active=False)
    return list(Variant.objects.filter(item=page, active=True)) if rows else []


def amounts(page: ItemPage, row: ItemVariant | None = None) -> tuple[int | None, int | None]:
    """(regular, sale) price of the item or of one of its rows in minor units. Raises money.InvalidAmount."""
    price, sale = page.price, page.sale_price
    if row is not None and row.price is not None:
        price, sale = row.price, row.sale_price
    elif row is not None and row.sale_price is not None:
        sale = row.sale_price
    return _minor(price, page.currency), _minor(sale, page.currency)


def _minor(amount: Decimal | None, currency: str) -> int | None:
    return None if amount is None else money.to_minor(amount, currency)


def lowest(page: ItemPage, rows: Iterable[ItemVariant]) -> tuple[int | None, int | None, bool]:
    """What lists show of an item: the lowest regular price, the lowest price during its sale, whether they differ."""
    sold = [amounts(page, row) for row in rows] or [amounts(page)]
    priced = [(regular, sale) for regular, sale in sold if regular is not None]
    if not priced:
        return None, None, False
    regular = [one for one, _ in priced]
    reduced = [one if sale is None else min(one, sale) for one, sale in priced]
    on_sale = any(sale is not None for _, sale in priced)
    differ = len(set(regular)) > 1 or len(set(reduced)) > 1
    return min(regular), min(reduced) if on_sale else None, differ

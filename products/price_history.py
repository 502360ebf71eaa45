"""The price history: written whenever a published price changes, read for the lowest price before a reduction.

The rule is the EU's (directive 98/6/EC, article 6a): beside a reduced price stands the lowest price of the 30 days
before the reduction, not of the 30 days before today.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone

from .models import ItemPage, PriceRecord, Variant

WINDOW = timedelta(days=30)
TERMS = ("currency", "unit_amount", "sale_amount", "sale_starts_at", "sale_ends_at")
END = datetime.max.replace(tzinfo=timezone.get_default_timezone())


def record(item: ItemPage, variants: Iterable[Variant]) -> None:
    """Adds what changed since the last time. Only what was published is a price: drafts are not recorded."""
    if not item.live or item.original_id is not None:
        return
    latest = {one.variant_id: one for one in PriceRecord.objects.filter(item=item)}
    rows = [_row(item, thing) for thing in (None, *variants)]
    new = [row for row in rows if _terms(row) != _terms(latest.get(row.variant_id))]
    if new:
        PriceRecord.objects.bulk_create(new)


def first_rows(item: ItemPage, variants: Iterable[Variant] = ()) -> list[PriceRecord]:
    """The rows of an item that has none yet, not saved: for whoever writes many at once."""
    return [_row(item, thing) for thing in (None, *variants)]


def changes(items: list[ItemPage]) -> list[PriceRecord]:
    """The rows that items without variants need now, not saved: for whoever writes many at once. One query."""
    latest = {one.item_id: one for one in PriceRecord.objects.filter(item__in=items, variant=None)}
    rows = [_row(item, None) for item in items]
    return [row for row in rows if _terms(row) != _terms(latest.get(row.item_id))]


def _row(item: ItemPage, variant: Variant | None) -> PriceRecord:
    thing = variant or item
    return PriceRecord(
        item=item,
        variant=variant,
        currency=item.currency,
        unit_amount=thing.unit_amount,
        sale_amount=thing.sale_amount,
        sale_starts_at=item.sale_starts_at,
        sale_ends_at=item.sale_ends_at,
    )


def _terms(row: PriceRecord | None) -> tuple:
    return tuple(getattr(row, name) for name in TERMS) if row else ()


def lowest_before(item: ItemPage, at: datetime | None = None) -> dict[int | None, int]:
    """Variant's id (None: the item itself) → the lowest price of the 30 days before its present reduction.

    Minor units. What has no price in those days, because it is new, is not in the answer. One query.
    """
    now = at or timezone.now()
    histories: dict[int | None, list[PriceRecord]] = {}
    for row in PriceRecord.objects.filter(item_id=item.source_id, since__lte=now):
        histories.setdefault(row.variant_id, []).append(row)
    found = {thing: _lowest(rows) for thing, rows in histories.items()}
    return {thing: amount for thing, amount in found.items() if amount is not None}


def _lowest(rows: list[PriceRecord]) -> int | None:
    """`rows` of one thing, oldest first; the last one is what holds now."""
    present = rows[-1]
    begun = _reduced_since(rows)
    amounts: list[int] = []
    ends = [row.since for row in rows[1:]] + [END]
    for row, held_until in zip(rows, ends, strict=True):
        start, end = max(row.since, begun - WINDOW), min(held_until, begun)
        if start < end and row.currency == present.currency:
            amounts += _asked(row, start, end)
    return min(amounts, default=None)


def _reduced_since(rows: list[PriceRecord]) -> datetime:
    """When the present sale price began to be asked: an edit of something else does not begin it again."""
    present = rows[-1]
    began = present.since
    for row in reversed(rows):
        if (row.currency, row.sale_amount) != (present.currency, present.sale_amount):
            break
        began = row.since
    return max(began, present.sale_starts_at or began)


def _asked(row: PriceRecord, start: datetime, end: datetime) -> list[int]:
    """Every price that was asked at some moment between start and end, while that row held."""
    from_, until = row.sale_starts_at or start, row.sale_ends_at or end
    lasted = row.sale_amount is not None and max(start, from_) < min(end, until)
    regular = not lasted or start < from_ or until < end
    amounts = [row.sale_amount] if lasted else []
    return [amount for amount in [*amounts, row.unit_amount if regular else None] if amount is not None]

"""Every change of a stock count: one conditional statement each, whose row count decides.

Callers hold a transaction. No row is read first, so two of them can never both believe in the last unit; the
database's CHECK constraints are the second net. `item_id` is the item's `source_id`: translations share one count.
An item with variants is counted for each of them, one without has the one count of `variant_id` None.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet

from .cards import availability
from .models import Stock, StockMovement
from .prepared import Prepared, updating
from .signals import catalogue_changed, units_missing
from .written import insert


class NotEnoughStock(Exception):
    """The change would take more than there is; `available` units could be had."""

    def __init__(self, item_id: int, available: int) -> None:
        super().__init__(f"item {item_id}: only {available} available")
        self.item_id = item_id
        self.available = available


def available(item_id: int, variant_id: int | None = None) -> int:
    """Units that can be sold to somebody new; 0 for what was never counted."""
    rows = _counts[variant_id is None].rows(**_named(item_id, variant_id))
    return rows[0][0] - rows[0][1] if rows else 0


def hold(*, item_id: int, variant_id: int | None = None, quantity: int) -> None:
    """Promise units to an order. Raises NotEnoughStock."""
    if settings.UNSAFE_NO_LOCKS:  # the negative control: what happens without the condition
        changed = _unguarded_hold(item_id, variant_id, quantity)
    else:
        changed = _hold[variant_id is None].changed(**_named(item_id, variant_id), units=quantity)
    if not changed:
        raise NotEnoughStock(item_id, available(item_id, variant_id))
    _tell(item_id, variant_id, -quantity)


def held_units(item_ids: set[int]) -> dict[tuple[int, int | None], int]:
    """How many promised units the counts know of, by item and variant: they may have been changed in the database."""
    if not item_ids:
        return {}
    return {(item_id, variant_id): held for item_id, variant_id, held in _held.rows(ids=sorted(item_ids))}


def release(*, item_id: int, variant_id: int | None = None, quantity: int) -> None:
    """Give a promise back."""
    if not _release[variant_id is None].changed(**_named(item_id, variant_id), units=quantity):
        raise NotEnoughStock(item_id, available(item_id, variant_id))
    _tell(item_id, variant_id, quantity)


def sell(*, item_id: int, variant_id: int | None = None, quantity: int, order_number: str) -> None:
    """Held units leave the shelf."""
    if not _sell[variant_id is None].changed(**_named(item_id, variant_id), units=quantity):
        raise NotEnoughStock(item_id, available(item_id, variant_id))
    _record(item_id, variant_id, StockMovement.Kind.SALE, -quantity, "Sold", order_number=order_number)


def take_back(*, item_id: int, variant_id: int | None = None, quantity: int, order_number: str, user=None) -> None:
    """Sold units come back to the shelf; `sold` goes on saying what was ever sold."""
    _count(item_id, variant_id).update(on_hand=F("on_hand") + quantity)
    _record(item_id, variant_id, StockMovement.Kind.RETURN, quantity, "Returned", order_number=order_number, user=user)
    _tell(item_id, variant_id, quantity)


def adjust(
    *,
    item_id: int,
    variant_id: int | None = None,
    quantity: int,
    reason: str,
    user=None,
    force: bool = False,
) -> None:
    """Staff counts again or restocks: `quantity` (±n) is added to the stock on hand.

    Raises NotEnoughStock when less than the held units would be left: they are being paid for right now. `force`
    takes those too (they are lost, whoever pays for them), never more than there is.
    """
    with transaction.atomic():
        Stock.objects.get_or_create(**_thing(item_id, variant_id))
        changed = _add(item_id, variant_id, quantity)
        if not changed and force:
            on_hand, held = _count(item_id, variant_id).values_list("on_hand", "held").get()
            if on_hand + quantity >= 0:
                missing = held - on_hand - quantity
                units_missing.send(sender=Stock, item_id=item_id, variant_id=variant_id, units=missing)
                changed = _add(item_id, variant_id, quantity)
        if not changed:
            raise NotEnoughStock(item_id, available(item_id, variant_id))
        kind = StockMovement.Kind.RESTOCK if quantity > 0 else StockMovement.Kind.CORRECTION
        _record(item_id, variant_id, kind, quantity, reason, user=user)
        _tell(item_id, variant_id, quantity)


def _add(item_id: int, variant_id: int | None, quantity: int) -> int:
    """Rows changed: none if the held units would not be left."""
    enough = _count(item_id, variant_id).filter(on_hand__gte=F("held") - quantity)
    return enough.update(on_hand=F("on_hand") + quantity)


def _tell(item_id: int, variant_id: int | None, change: int) -> None:
    """`change` units more can be sold than before: pages are made anew only if they say something else now.

    A sale of held units changes nothing that is shown; the hold did.
    """
    now = available(item_id, variant_id)
    if availability(now) != availability(now - change):
        catalogue_changed.send(sender=Stock)


def open_count(*, item_id: int, variant_id: int | None = None, quantity: int, user=None) -> None:
    """The first count of an item, given while it was written. Does nothing if it was counted before."""
    with transaction.atomic():
        _, first = Stock.objects.get_or_create(**_thing(item_id, variant_id))
        if first and quantity:
            adjust(item_id=item_id, variant_id=variant_id, quantity=quantity, reason="First count", user=user)


def set_counts(counts: Iterable[tuple[int, int | None, int]], *, reason: str, user=None) -> int:
    """Many counts at once: (item, variant, units on hand). Answers how many changed.

    Each change is the same conditional statement as `adjust`. Raises NotEnoughStock for a count below what is held.
    """
    wanted = {(item_id, variant_id): units for item_id, variant_id, units in counts}
    known = {
        (item_id, variant_id): (pk, on_hand)
        for pk, item_id, variant_id, on_hand in _rows_of({item_id for item_id, _ in wanted})
    }
    new = [
        Stock(item_id=thing[0], variant_id=thing[1], on_hand=units)
        for thing, units in wanted.items()
        if thing not in known
    ]
    Stock.objects.bulk_create(new, batch_size=500)
    changes = [(row.pk, row.on_hand) for row in new if row.on_hand]
    for thing, (pk, on_hand) in ((thing, known[thing]) for thing in wanted if thing in known):
        if change := wanted[thing] - on_hand:
            free = Stock.objects.filter(pk=pk, on_hand__gte=F("held") - change)
            if not free.update(on_hand=F("on_hand") + change):
                raise NotEnoughStock(thing[0], available(*thing))
            changes.append((pk, change))
    kinds = {True: StockMovement.Kind.RESTOCK, False: StockMovement.Kind.CORRECTION}
    StockMovement.objects.bulk_create(
        [
            StockMovement(stock_id=pk, kind=kinds[change > 0], quantity=change, reason=reason, user=user)
            for pk, change in changes
        ],
        batch_size=500,
    )
    if changes:
        catalogue_changed.send(sender=Stock)
    return len(changes)


def _rows_of(item_ids: set[int]) -> Iterator[tuple[int, int, int | None, int]]:
    ids = sorted(item_ids)
    for start in range(0, len(ids), 500):
        found = Stock.objects.filter(item_id__in=ids[start : start + 500])
        yield from found.values_list("pk", "item_id", "variant_id", "on_hand")


def _count(item_id: int, variant_id: int | None) -> QuerySet[Stock]:
    return Stock.objects.filter(**_thing(item_id, variant_id))


def _thing(item_id: int, variant_id: int | None) -> dict[str, Any]:
    return {"item_id": item_id, "variant_id": variant_id}


def _named(item_id: int, variant_id: int | None) -> dict[str, int]:
    """For the statements below, of which there is one for things without variants."""
    return {"item": item_id} | ({} if variant_id is None else {"kind": variant_id})


def _hold_query(item: int, units: int, kind: int | None = None) -> QuerySet[Stock]:
    return updating(_count(item, kind).filter(on_hand__gte=F("held") + units), held=F("held") + units)


def _release_query(item: int, units: int, kind: int | None = None) -> QuerySet[Stock]:
    return updating(_count(item, kind).filter(held__gte=units), held=F("held") - units)


def _sell_query(item: int, units: int, kind: int | None = None) -> QuerySet[Stock]:
    held = _count(item, kind).filter(held__gte=units, on_hand__gte=units)
    return updating(held, held=F("held") - units, on_hand=F("on_hand") - units, sold=F("sold") + units)


def _count_query(item: int, kind: int | None = None) -> QuerySet:
    return _count(item, kind).values_list("on_hand", "held", "pk")


def _either(build: Callable[..., QuerySet], **arguments: type) -> dict[bool, Prepared]:
    """The statement, by whether the thing has no variant."""
    return {True: Prepared(build, item=int, **arguments), False: Prepared(build, item=int, kind=int, **arguments)}


# Written once: 1.5 ms of a purchase, as much of a payment.
_hold, _release, _sell = (_either(build, units=int) for build in (_hold_query, _release_query, _sell_query))
_counts = _either(_count_query)
_held = Prepared(
    lambda ids: Stock.objects.filter(item_id__in=ids).values_list("item_id", "variant_id", "held"), ids=list
)


def _record(
    item_id: int, variant_id: int | None, kind: str, quantity: int, reason: str, *, order_number: str = "", user=None
) -> None:
    ((_, _, stock_id),) = _counts[variant_id is None].rows(**_named(item_id, variant_id))
    insert(
        StockMovement(
            stock_id=stock_id, kind=kind, quantity=quantity, reason=reason, order_number=order_number, user=user
        )
    )


def _unguarded_hold(item_id: int, variant_id: int | None, quantity: int) -> int:
    stock = _count(item_id, variant_id).first()
    if stock is None or stock.available < quantity:
        return 0
    return _count(item_id, variant_id).update(held=stock.held + quantity)

"""Every change of a stock count: one conditional statement each, whose row count decides.

Callers hold a transaction. No row is read first, so two of them can never both believe in the last unit; the
database's CHECK constraints are the second net.
"""

from django.conf import settings
from django.db import transaction
from django.db.models import F

from .cards import availability
from .models import Stock, StockMovement
from .signals import catalogue_changed


class NotEnoughStock(Exception):
    """The change would take more than there is; `available` units could be had."""

    def __init__(self, item_id: int, available: int) -> None:
        super().__init__(f"item {item_id}: only {available} available")
        self.item_id = item_id
        self.available = available


def available(item_id: int) -> int:
    """Units that can be sold to somebody new; 0 for an item never counted."""
    row = Stock.objects.filter(item_id=item_id).values_list("on_hand", "held").first()
    return row[0] - row[1] if row else 0


def hold(*, item_id: int, quantity: int) -> None:
    """Promise units to an order. Raises NotEnoughStock."""
    if settings.UNSAFE_NO_LOCKS:  # the negative control: what happens without the condition
        changed = _unguarded_hold(item_id, quantity)
    else:
        changed = Stock.objects.filter(item_id=item_id, on_hand__gte=F("held") + quantity).update(
            held=F("held") + quantity
        )
    if not changed:
        raise NotEnoughStock(item_id, available(item_id))
    _tell(item_id, -quantity)


def release(*, item_id: int, quantity: int) -> None:
    """Give a promise back."""
    changed = Stock.objects.filter(item_id=item_id, held__gte=quantity).update(held=F("held") - quantity)
    if not changed:
        raise NotEnoughStock(item_id, available(item_id))
    _tell(item_id, quantity)


def sell(*, item_id: int, quantity: int, order_number: str) -> None:
    """Held units leave the shelf."""
    changed = Stock.objects.filter(item_id=item_id, held__gte=quantity, on_hand__gte=quantity).update(
        held=F("held") - quantity, on_hand=F("on_hand") - quantity, sold=F("sold") + quantity
    )
    if not changed:
        raise NotEnoughStock(item_id, available(item_id))
    _record(item_id, StockMovement.Kind.SALE, -quantity, "Sold", order_number=order_number)


def take_back(*, item_id: int, quantity: int, order_number: str, user=None) -> None:
    """Sold units come back to the shelf; `sold` goes on saying what was ever sold."""
    Stock.objects.filter(item_id=item_id).update(on_hand=F("on_hand") + quantity)
    _record(item_id, StockMovement.Kind.RETURN, quantity, "Returned", order_number=order_number, user=user)


def adjust(*, item_id: int, quantity: int, reason: str, user=None) -> None:
    """Staff counts again or restocks: `quantity` (±n) is added to the stock on hand.

    Raises NotEnoughStock when less than the held units would be left: they are being paid for right now.
    """
    with transaction.atomic():
        Stock.objects.get_or_create(item_id=item_id)
        changed = Stock.objects.filter(item_id=item_id, on_hand__gte=F("held") - quantity).update(
            on_hand=F("on_hand") + quantity
        )
        if not changed:
            raise NotEnoughStock(item_id, available(item_id))
        kind = StockMovement.Kind.RESTOCK if quantity > 0 else StockMovement.Kind.CORRECTION
        _record(item_id, kind, quantity, reason, user=user)
        _tell(item_id, quantity)


def _tell(item_id: int, change: int) -> None:
    """`change` units more can be sold than before: pages are made anew only if they say something else now.

    A sale of held units changes nothing that is shown; the hold did.
    """
    now = available(item_id)
    if availability(now) != availability(now - change):
        catalogue_changed.send(sender=Stock)


def open_count(*, item_id: int, quantity: int, user=None) -> None:
    """The first count of an item, given while it was written. Does nothing if it was counted before."""
    with transaction.atomic():
        _, first = Stock.objects.get_or_create(item_id=item_id)
        if first and quantity:
            adjust(item_id=item_id, quantity=quantity, reason="First count", user=user)


def _record(item_id: int, kind: str, quantity: int, reason: str, *, order_number: str = "", user=None) -> None:
    stock_id = Stock.objects.values_list("pk", flat=True).get(item_id=item_id)
    StockMovement.objects.create(
        stock_id=stock_id, kind=kind, quantity=quantity, reason=reason, order_number=order_number, user=user
    )


def _unguarded_hold(item_id: int, quantity: int) -> int:
    stock = Stock.objects.filter(item_id=item_id).first()
    if stock is None or stock.available < quantity:
        return 0
    return Stock.objects.filter(item_id=item_id).update(held=stock.held + quantity)

"""An order's stock: held when the payment page opens, sold at settlement, given back when Stripe says it is over.

Called inside a transaction with the order locked; stock rows are always taken in the order of their items, so two
orders can never wait for each other.
"""

from collections import Counter
from contextlib import suppress

from products import stock
from products.models import Variant

from . import locks
from .incidents import open_incident
from .models import Hold, Order, OrderLine
from .refusals import sold_out
from .states import HoldState


def take(order: Order) -> None:
    """Hold every line that is not held yet. Raises Refused (sold_out) that names the item."""
    wanted: Counter[tuple[int, int | None]] = Counter()
    names: dict[tuple[int, int | None], str] = {}
    for line in OrderLine.objects.filter(order=order).select_related("item"):
        thing = (line.item.source_id, line.sold_variant_id)
        wanted[thing] += line.quantity
        names[thing] = line.full_name
    for hold in _held(order):
        if stock.is_held(item_id=hold.item_id, variant_id=hold.variant_id, quantity=hold.quantity):
            del wanted[hold.item_id, hold.variant_id]
    for (item_id, variant_id), quantity in sorted(wanted.items(), key=_in_order):
        try:
            stock.hold(item_id=item_id, variant_id=variant_id, quantity=quantity)
        except stock.NotEnoughStock as error:
            raise sold_out(names[item_id, variant_id], error.available) from None
        Hold.objects.update_or_create(
            order=order,
            item_id=item_id,
            variant=Variant(pk=variant_id) if variant_id else None,
            defaults={"quantity": quantity, "state": HoldState.HELD},
        )


def _in_order(counted: tuple[tuple[int, int | None], int]) -> tuple[int, int]:
    (item_id, variant_id), _quantity = counted
    return item_id, variant_id or 0


def sell(order: Order) -> None:
    """What was held is sold."""
    for hold in _held(order):
        stock.sell(
            item_id=hold.item_id,
            variant_id=hold.variant_id,
            quantity=hold.quantity,
            order_number=order.number or "",
        )
        Hold.objects.filter(pk=hold.pk).update(state=HoldState.CONVERTED)


def release(order: Order) -> None:
    """What was held is free for others."""
    for hold in _held(order):
        with suppress(stock.NotEnoughStock):  # counts changed in the database itself: there is nothing to give back
            stock.release(item_id=hold.item_id, variant_id=hold.variant_id, quantity=hold.quantity)
        Hold.objects.filter(pk=hold.pk).update(state=HoldState.RELEASED)


def give_up(*, item_id: int, variant_id: int | None, units: int, **kwargs: object) -> None:
    """Receiver of products' `units_missing`: promised units are lost. The newest promises are broken first; who pays
    all the same gets the money back (settle finds that the units cannot be had)."""
    thing = {"item_id": item_id, "variant_id": variant_id}
    promised = Hold.objects.filter(**thing, state=HoldState.HELD).order_by("-pk")
    chosen: list[Hold] = []
    for hold in promised:
        if units > sum(one.quantity for one in chosen):
            chosen.append(hold)
    for hold in sorted(chosen, key=lambda one: one.order_id):
        order = locks.lock_order(hold.order_id)
        broken = Hold.objects.filter(pk=hold.pk, state=HoldState.HELD).update(state=HoldState.RELEASED)
        if broken:  # else it was paid for, or let go, while we waited for the order
            stock.release(item_id=item_id, variant_id=variant_id, quantity=hold.quantity)
            text = f"{hold.quantity} promised units were lost. If the buyer pays, the money goes back by itself."
            open_incident("stock_lost", f"hold {hold.pk}", text, order=order)


def _held(order: Order) -> list[Hold]:
    held = Hold.objects.filter(order=order, state=HoldState.HELD)
    return sorted(held, key=lambda hold: (hold.item_id, hold.variant_id or 0))

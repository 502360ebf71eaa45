"""An order's stock: held when the payment page opens, sold at settlement, given back when Stripe says it is over.

Called inside a transaction with the order locked; stock rows are always taken in the order of their items, so two
orders can never wait for each other.
"""

from collections import Counter
from collections.abc import Iterable
from contextlib import suppress

from products import stock, written
from products.prepared import Prepared, updating

from . import locks
from .incidents import open_incident
from .models import Hold, Order, OrderLine
from .refusals import sold_out
from .states import HoldState

Thing = tuple[int, int | None]  # what stock is counted for: item and variant


def take(order: Order, lines: Iterable[OrderLine] | None = None, *, is_new: bool = False) -> list[Hold]:
    """Hold every line that is not held yet; answers all that the order holds, in the order of items.

    `lines`: the order's, with their items, where they are read already. `is_new`: the order was stored in this
    transaction. Raises Refused (sold_out) that names the item.
    """
    if lines is None:
        lines = OrderLine.objects.filter(order=order).select_related("item")
    wanted: Counter[Thing] = Counter()
    names: dict[Thing, str] = {}
    for line in lines:
        thing = (line.item.source_id, line.sold_variant_id)
        wanted[thing] += line.quantity
        names[thing] = line.full_name
    known = {} if is_new else {(one.item_id, one.variant_id): one for one in _of_order.objects(Hold, order=order.pk)}
    held = {thing: hold for thing, hold in known.items() if hold.state == HoldState.HELD}
    counted = stock.held_units({item_id for item_id, _ in held})
    for thing, hold in held.items():
        if counted.get(thing, 0) >= hold.quantity:
            del wanted[thing]
    for thing, quantity in sorted(wanted.items(), key=lambda pair: _in_order(pair[0])):
        try:
            stock.hold(item_id=thing[0], variant_id=thing[1], quantity=quantity)
        except stock.NotEnoughStock as error:
            raise sold_out(names[thing], error.available) from None
        held[thing] = _write(order, known.get(thing), thing, quantity)
    return [held[thing] for thing in sorted(held, key=_in_order)]


def _write(order: Order, hold: Hold | None, thing: Thing, quantity: int) -> Hold:
    """The order is locked: nobody else writes its holds."""
    if hold is None:
        hold = Hold(order=order, item_id=thing[0], variant_id=thing[1], quantity=quantity)
        written.insert(hold)
        return hold
    hold.quantity, hold.state = quantity, HoldState.HELD
    Hold.objects.filter(pk=hold.pk).update(quantity=quantity, state=HoldState.HELD)
    return hold


_of_order = Prepared(lambda order: Hold.objects.filter(order_id=order).order_by("pk"), order=int)


def _in_order(thing: Thing) -> tuple[int, int]:
    return thing[0], thing[1] or 0


def sell(order: Order, held: list[Hold] | None = None) -> None:
    """What was held is sold. `held`: what take() answered in this transaction."""
    held = _held(order) if held is None else held
    for hold in held:
        stock.sell(
            item_id=hold.item_id,
            variant_id=hold.variant_id,
            quantity=hold.quantity,
            order_number=order.number or "",
        )
    if held:
        _converting.changed(ids=[hold.pk for hold in held])


_converting = Prepared(lambda ids: updating(Hold.objects.filter(pk__in=ids), state=HoldState.CONVERTED), ids=list)


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
    return sorted(held, key=lambda hold: _in_order((hold.item_id, hold.variant_id)))

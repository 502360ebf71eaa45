"""An order's stock: held when the payment page opens, sold at settlement, given back when Stripe says it is over.

Called inside a transaction with the order locked; stock rows are always taken in the order of their items, so two
orders can never wait for each other.
"""

from collections import Counter

from products import stock

from .models import Hold, Order
from .pricing import Quote
from .refusals import sold_out
from .states import HoldState


def take(order: Order, quote: Quote) -> None:
    """Hold every line that is not held yet. Raises Refused (sold_out) that names the item."""
    wanted: Counter[int] = Counter()
    for line in quote.lines:
        wanted[line.item_id] += line.quantity
    for hold in _held(order):
        del wanted[hold.item_id]
    for item_id, quantity in sorted(wanted.items()):
        try:
            stock.hold(item_id=item_id, quantity=quantity)
        except stock.NotEnoughStock as error:
            name = next(line.name for line in quote.lines if line.item_id == item_id)
            raise sold_out(name, error.available) from None
        Hold.objects.update_or_create(
            order=order, item_id=item_id, defaults={"quantity": quantity, "state": HoldState.HELD}
        )


def sell(order: Order) -> None:
    """What was held is sold."""
    for hold in _held(order):
        stock.sell(item_id=hold.item_id, quantity=hold.quantity, order_number=order.number or "")
        Hold.objects.filter(pk=hold.pk).update(state=HoldState.CONVERTED)


def release(order: Order) -> None:
    """What was held is free for others."""
    for hold in _held(order):
        stock.release(item_id=hold.item_id, quantity=hold.quantity)
        Hold.objects.filter(pk=hold.pk).update(state=HoldState.RELEASED)


def _held(order: Order):
    return Hold.objects.filter(order=order, state=HoldState.HELD).order_by("item_id")

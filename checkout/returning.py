"""Goods that come back: how many units of a line can be returned, what they cost, and back to the shelf with them."""

from collections import Counter

from products import stock

from . import pricing
from .models import Order, OrderLine, Refund
from .refusals import Refused
from .states import RefundState


def returned(order: Order, *, restocked_only: bool = False) -> Counter[int]:
    """Units by order line that were sent back. Goods stay on the shelf even if the money's way back failed."""
    refunds = Refund.objects.filter(order=order)
    refunds = refunds.filter(restocked=True) if restocked_only else refunds.exclude(state=RefundState.FAILED)
    found: Counter[int] = Counter()
    for lines in refunds.values_list("lines", flat=True):
        found.update({int(line): units for line, units in lines.items()})
    return found


def check(order: Order, lines: dict[int, int], *, restock: bool) -> None:
    """Raises Refused when more would come back than was sold."""
    bought = dict(OrderLine.objects.filter(order=order).values_list("pk", "quantity"))
    before = returned(order)
    shelved = returned(order, restocked_only=True) if restock else Counter()
    for line, units in lines.items():
        most = bought.get(line, 0) - max(before[line], shelved[line])
        if not 0 < units <= most:
            raise Refused("too_many_units", f"At most {max(0, most)} of that line can still come back.", 409)


def worth(order: Order, lines: dict[int, int]) -> int:
    """Minor units that were paid for those units, after discounts and with taxes."""
    quote = pricing.Quote.from_json(order.snapshot or {})
    quoted = {(line.item_id, line.variant): line for line in quote.lines}
    before = returned(order)
    sum_of_parts = 0
    for line in OrderLine.objects.filter(order=order, pk__in=lines):
        found = quoted[line.item_id, line.variant]
        sum_of_parts += pricing.share_of_units(found, lines[line.pk], after=before[line.pk])
    return sum_of_parts


def put_back(order: Order, lines: dict[int, int], *, user=None) -> None:
    """Onto the shelf, in the caller's transaction."""
    for line in OrderLine.objects.filter(order=order, pk__in=lines).select_related("item").order_by("item_id", "pk"):
        stock.take_back(
            item_id=line.item.source_id,
            variant_id=line.sold_variant_id,
            quantity=lines[line.pk],
            order_number=order.number or "",
            user=user,
        )

"""What a buyer should know about an order besides its figures: what changed in the basket, what has happened so far."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext, ngettext

from products import catalogue
from products.money import format_money

from .models import Order, OrderLine, Refund
from .pricing import Quote
from .states import OrderStatus, RefundState


@dataclass(frozen=True, slots=True)
class Step:
    """A point of the order's timeline; `at` is None for what is still to come."""

    label: str
    at: datetime | None = None
    detail: str = ""


def changes(order: Order, quote: Quote | None) -> list[str]:
    """What is no longer as it was when it was put into the basket. Nothing is altered silently: it is told first."""
    if quote is None or order.status != OrderStatus.DRAFT:
        return []
    seen = {(line.item_id, line.variant): line for line in OrderLine.objects.filter(order_id=order.pk)}
    there = {row.id: row.available for row in catalogue.rows([item_id for item_id, _variant in seen])}
    told = []
    for line in quote.lines:
        before = seen.get((line.item_id, line.variant))
        if line.item_id not in there:
            told.append(gettext("“%(name)s” is no longer for sale. Please remove it.") % {"name": line.name})
            continue
        if before is not None and before.unit_amount != line.unit_amount:
            told.append(_price_told(order, line.name, before.unit_amount, line.unit_amount))
        if not line.variant and line.quantity > there[line.item_id]:
            told.append(_stock_told(line.name, there[line.item_id]))
    return told


def _price_told(order: Order, name: str, before: int, now: int) -> str:
    message = gettext("The price of “%(name)s” has changed since you added it: %(now)s instead of %(before)s.")
    money = {"now": format_money(now, order.currency, order.language)}
    return message % (money | {"name": name, "before": format_money(before, order.currency, order.language)})


def _stock_told(name: str, left: int) -> str:
    if left <= 0:
        return gettext("“%(name)s” has been sold out meanwhile. Please remove it.") % {"name": name}
    message = ngettext(
        "Of “%(name)s” only %(number)d is left. Please lower the quantity.",
        "Of “%(name)s” only %(number)d are left. Please lower the quantity.",
        left,
    )
    return message % {"name": name, "number": left}


def timeline(order: Order, refunds: list[Refund]) -> list[Step]:
    """What happened to a paid order, in order; then what comes next."""
    if order.paid_at is None:
        return []
    steps = [Step(gettext("Ordered"), order.frozen_at or order.created), Step(gettext("Paid"), order.paid_at)]
    if order.shipped_at:
        steps.append(Step(gettext("Shipped"), order.shipped_at, order.tracking))
    for refund in refunds:
        amount = format_money(refund.amount, order.currency, order.language)
        label = (
            gettext("%(amount)s given back")
            if refund.state == RefundState.SUCCEEDED
            else gettext("%(amount)s on its way back")
        )
        steps.append(Step(label % {"amount": amount}, refund.created))
    steps.sort(key=lambda step: step.at or order.created)
    if not order.shipped_at and not refunds:
        steps.append(Step(gettext("Next: we pack your order and write when it leaves.")))
    return steps

"""What a buyer should know about an order besides its figures: what changed in the basket, what has happened so far."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext, ngettext

from products import catalogue, prices
from products.models import Stock
from products.money import format_money

from . import shipping
from .models import Order, OrderLine, Refund
from .states import OrderStatus, RefundState


@dataclass(frozen=True, slots=True)
class Step:
    """A point of the order's timeline; `at` is None for what is still to come."""

    label: str
    at: datetime | None = None
    detail: str = ""


def changes(order: Order) -> list[str]:
    """What is no longer as it was when it was put into the basket. Nothing is altered silently: it is told first."""
    if order.status != OrderStatus.DRAFT:
        return []
    lines = list(OrderLine.objects.filter(order_id=order.pk).select_related("item", "sold_variant").order_by("pk"))
    for_sale = {row.id for row in catalogue.rows([line.item_id for line in lines])}
    counts = Stock.objects.filter(item_id__in=[line.item.source_id for line in lines])
    left = {(one.item_id, one.variant_id): one.available for one in counts}
    told = []
    for line in lines:
        kind, name = line.sold_variant, line.full_name
        price = prices.price_of(line.item, kind)
        if line.item_id not in for_sale or price is None or (kind and not kind.active):
            told.append(gettext("“%(name)s” is no longer for sale. Please remove it.") % {"name": name})
            continue
        if price.amount != line.unit_amount:
            told.append(_price_told(order, name, line.unit_amount, price.amount))
        available = left.get((line.item.source_id, line.sold_variant_id), 0)
        if line.quantity > available:
            told.append(_stock_told(name, available))
    return told


def _price_told(order: Order, name: str, before: int, now: int) -> str:
    message = gettext("The price of “%(name)s” has changed since you added it: %(now)s instead of %(before)s.")
    sums = {"now": format_money(now, order.currency, order.language)}
    return message % (sums | {"name": name, "before": format_money(before, order.currency, order.language)})


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
    # Stripe's time of the payment is in whole seconds, so it may lie before the order's own: only the rest is sorted
    steps[2:] = sorted(steps[2:], key=lambda step: step.at or order.created)
    if not order.shipped_at and not refunds and shipping.has_parcel(order):
        steps.append(Step(gettext("Next: we pack your order and write when it leaves.")))
    return steps

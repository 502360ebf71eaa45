"""audit: the invariants of the money, checked against the database and against Stripe. Changes nothing.

Rows are read in portions, and of each invariant only so many breaches are told: memory does not grow with the shop.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from products.models import Stock, StockMovement

from . import audit_stripe
from .gateway.errors import Rejected, Unavailable
from .models import Attempt, Discount, Hold, Incident, Order, OutboxMail, Payment, Redemption, Refund, StripeEvent
from .snapshots import snapshot_hash
from .states import (
    AttemptState,
    Disposition,
    EventState,
    HoldState,
    OrderStatus,
    RedemptionState,
    RefundState,
)

PORTION = 500  # rows in memory at once
TOLD = 100  # breaches of one invariant that are told in words
PATIENCE = timedelta(minutes=10)
Breaches = Iterator[str]


def audit() -> dict[str, Any]:
    """{"ok", "invariants": {"I1": {"ok", "breaches": [sentence, …]}, …}, "stripe": "read" or "unreachable"}."""
    found = {name: _told(check()) for name, check in CHECKS.items()}
    stripe = "read"
    for name, check in audit_stripe.CHECKS.items():
        try:
            found[name] += _told(check())
        except (Unavailable, Rejected, audit_stripe.NoAccount):
            stripe = "unreachable"
    return {
        "ok": not any(found.values()),
        "invariants": {name: {"ok": not breaches, "breaches": breaches} for name, breaches in found.items()},
        "stripe": stripe,
    }


def _told(breaches: Breaches) -> list[str]:
    told = list(islice(breaches, TOLD))
    more = sum(1 for _ in breaches)
    return told + ([f"and {more} more"] if more else [])


def _name(order_id: int, number: str | None) -> str:
    """An order for staff. Never its token, which opens the order's page."""
    return f"order {number or '#' + str(order_id)}"


def stock_adds_up() -> Breaches:
    """I1. The ledger of movements explains on_hand and sold; held is what open orders hold."""
    a_sale = Q(movements__kind=StockMovement.Kind.SALE)
    rows = Stock.objects.annotate(
        moved=Coalesce(Sum("movements__quantity"), 0),
        sales=Coalesce(Sum("movements__quantity", filter=a_sale), 0),
        others=Count("movements", filter=~a_sale),
    )
    for stock in rows.order_by("pk").iterator(chunk_size=PORTION):
        name = _count_of(stock.item_id, stock.variant_id)
        if min(stock.on_hand, stock.held, stock.sold) < 0:
            yield f"{name}: a count is negative"
        if stock.sold != -stock.sales:
            yield f"{name}: sold is {stock.sold}, its movements say {-stock.sales}"
        # a count that never had a movement but sales began outside the ledger
        if stock.others and stock.on_hand != stock.moved:
            yield f"{name}: on hand is {stock.on_hand}, its movements say {stock.moved}"
    yield from _holds_add_up()


def _holds_add_up() -> Breaches:
    held = Hold.objects.filter(state=HoldState.HELD).values("item", "variant").order_by("item", "variant")
    sums = held.annotate(sum=Sum("quantity")).values_list("item", "variant", "sum")
    found = Stock.objects.filter(held__gt=0).values_list("item_id", "variant_id", "held")
    counted = {(item, variant): units for item, variant, units in found}
    for item, variant, units in sums.iterator(chunk_size=PORTION):
        if counted.pop((item, variant), 0) != units:
            yield f"{_count_of(item, variant)}: orders hold {units}, its count says otherwise"
    for (item, variant), units in counted.items():
        yield f"{_count_of(item, variant)}: {units} held, but no order holds any"


def _count_of(item_id: int, variant_id: int | None) -> str:
    return f"stock of item {item_id}" + (f", variant {variant_id}" if variant_id else "")


def paid_means_one_payment() -> Breaches:
    """I3. An order is paid if and only if one applied payment has its exact amount and currency."""
    exact = Q(
        payments__disposition=Disposition.APPLIED,
        payments__amount=F("total"),
        payments__currency=F("currency"),
    )
    paid = Order.objects.filter(status=OrderStatus.PAID).annotate(exact=Count("payments", filter=exact))
    for order_id, number in paid.exclude(exact=1).values_list("pk", "number").iterator(chunk_size=PORTION):
        yield f"{_name(order_id, number)}: paid, without one payment of its exact total"
    applied = Payment.objects.filter(disposition=Disposition.APPLIED).exclude(order__status=OrderStatus.PAID)
    for intent in applied.values_list("payment_intent_id", flat=True).iterator(chunk_size=PORTION):
        yield f"payment {intent}: applied to an order that is not paid"


def surplus_goes_back() -> Breaches:
    """I4. Money that belongs to no order is refunded, or a person knows of it."""
    refunds = Refund.objects.filter(payment=OuterRef("pk")).exclude(state=RefundState.FAILED)
    incidents = Incident.objects.filter(payment=OuterRef("pk"), closed_at=None)
    kept = Payment.objects.filter(~Exists(refunds), ~Exists(incidents), disposition=Disposition.SURPLUS)
    for intent in kept.values_list("payment_intent_id", flat=True).iterator(chunk_size=PORTION):
        yield f"payment {intent}: surplus, neither refunded nor an open incident"


def refunds_within_payment() -> Breaches:
    """I5, first half. Not more goes back than came in."""
    back = Sum("refunds__amount", filter=~Q(refunds__state=RefundState.FAILED))
    over = Payment.objects.annotate(back=Coalesce(back, 0)).filter(back__gt=F("amount"))
    for intent, amount, returned in over.values_list("payment_intent_id", "amount", "back").iterator(PORTION):
        yield f"payment {intent}: {returned} refunded of {amount}"


def discounts_within_limit() -> Breaches:
    """I6. A discount's counter is its claims, and within its limit."""
    claims = Count("redemptions", filter=Q(redemptions__state__in=[RedemptionState.HELD, RedemptionState.USED]))
    for discount in Discount.objects.annotate(claims=claims).order_by("pk").iterator(chunk_size=PORTION):
        if discount.uses != discount.claims:
            yield f"discount “{discount.name}”: {discount.uses} uses counted, {discount.claims} orders claim it"
        if discount.max_redemptions is not None and discount.claims > discount.max_redemptions:
            yield f"discount “{discount.name}”: {discount.claims} claims, {discount.max_redemptions} allowed"
    wrong = Redemption.objects.filter(order__status=OrderStatus.PAID, state=RedemptionState.HELD)
    for order_id, number in wrong.values_list("order_id", "order__number").iterator(chunk_size=PORTION):
        yield f"{_name(order_id, number)}: paid, but its discount is still only held"


def events_are_done() -> Breaches:
    """I7. No event waits longer than ten minutes without a person knowing."""
    known = Incident.objects.filter(subject=OuterRef("event_id"), closed_at=None)
    late = StripeEvent.objects.filter(
        ~Exists(known), state=EventState.NEW, received__lt=timezone.now() - PATIENCE
    ).order_by("pk")
    for event_id, kind in late.values_list("event_id", "type").iterator(chunk_size=PORTION):
        yield f"event {event_id} ({kind}): not acted on for ten minutes, no open incident"


def attempts_are_known() -> Breaches:
    """I8. No request to Stripe stays without an answer longer than ten minutes."""
    late = Attempt.objects.filter(
        state__in=[AttemptState.CREATING, AttemptState.UNKNOWN], created__lt=timezone.now() - PATIENCE
    ).order_by("pk")
    rows = late.values_list("pk", "state", "order_id", "order__number")
    for attempt_id, state, order_id, number in rows.iterator(chunk_size=PORTION):
        yield f"attempt #{attempt_id} of {_name(order_id, number)}: {state} for ten minutes"


def one_mail_each() -> Breaches:
    """I9. A paid order with an address has one "paid" mail; no other order has any."""
    mails = Count("mails", filter=Q(mails__kind="paid"))
    paid = Order.objects.filter(status=OrderStatus.PAID).annotate(count=mails)
    wrong = paid.filter(Q(count__gt=1) | (Q(count=0) & ~Q(email="")))
    for order_id, number, count in wrong.values_list("pk", "number", "count").iterator(chunk_size=PORTION):
        yield f"{_name(order_id, number)}: {count} “paid” mails"
    others = OutboxMail.objects.filter(kind="paid").exclude(order__status=OrderStatus.PAID)
    for order_id, number in others.values_list("order_id", "order__number").iterator(chunk_size=PORTION):
        yield f"{_name(order_id, number)}: a “paid” mail, but not paid"


def snapshots_unchanged() -> Breaches:
    """I10. What the buyer was promised is what stands there now."""
    frozen = Order.objects.exclude(status=OrderStatus.DRAFT).only(
        "pk", "number", "snapshot", "snapshot_hash", "total", "rounding", "currency"
    )
    for order in frozen.order_by("pk").iterator(chunk_size=PORTION):
        name = _name(order.pk, order.number)
        if not order.snapshot or snapshot_hash(order.snapshot) != order.snapshot_hash:
            yield f"{name}: its frozen snapshot was changed"
        elif (order.snapshot["total"] + order.rounding, order.snapshot["currency"]) != (order.total, order.currency):
            yield f"{name}: its total is not that of its snapshot"


def _nothing() -> Breaches:
    """I2 is asked of Stripe alone."""
    return iter(())


CHECKS: dict[str, Callable[[], Breaches]] = {
    "I1": stock_adds_up,
    "I2": _nothing,
    "I3": paid_means_one_payment,
    "I4": surplus_goes_back,
    "I5": refunds_within_payment,
    "I6": discounts_within_limit,
    "I7": events_are_done,
    "I8": attempts_are_known,
    "I9": one_mail_each,
    "I10": snapshots_unchanged,
}

"""start: an order becomes a promise, then a payment page.

T1 freezes the order, holds its stock and writes the attempt with its key and exact parameters. Then, with no
transaction open, Stripe is asked. T2 stores the answer. After a crash anywhere the attempt's row is enough to ask
Stripe the same thing again, and Stripe answers with the same session.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from products import catalogue
from products.money import format_money, minimum_charge

from . import close, holds, locks, redemptions, session_params, settle
from .gateway import catalogue as stripe_catalogue
from .gateway import sessions
from .gateway.accounts import Account, NotSellable, account_for
from .gateway.errors import Rejected, Unavailable
from .incidents import open_incident
from .models import Attempt, Order, OrderLine
from .pricing import Quote
from .quoting import quote_order
from .refusals import (
    Refused,
    amount_too_small,
    bad_request,
    not_found,
    order_closed,
    payment_unavailable,
    price_changed,
)
from .snapshots import snapshot_hash
from .states import AttemptState, OrderStatus, check_move

# How long a payment page stays open. Stripe allows 30 minutes to 24 hours from its own now; half an hour of slack
# lets an unknown outcome be asked again with the same parameters.
OPEN_FOR = timedelta(hours=1)
WAITING = (AttemptState.CREATING, AttemptState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Started:
    """Where the buyer goes. `session_id` None: nothing is to be paid and the order is paid already."""

    order_id: str
    session_id: str | None
    url: str
    publishable_key: str


def start(order_token: str) -> Started:
    """Open the payment page of an order, or give the one that is open. Raises Refused."""
    order = Order.objects.filter(token=order_token).first()
    if order is None:
        raise not_found()
    for _ in range(3):  # the order may change between look and lock; then look again
        order.refresh_from_db()
        if order.status == OrderStatus.PENDING:
            return _resume(order)
        if order.status != OrderStatus.DRAFT:
            raise order_closed()
        attempt = _begin(order)
        if attempt is not None:
            return _opened(attempt)
        order.refresh_from_db()
        if order.status == OrderStatus.PAID:
            return Started(
                order.token, None, session_params.order_page(order), account_for(order.currency).publishable_key
            )
    raise Refused("busy", "The order is being changed. Please try again.", 503, retry_after=2)


def _resume(order: Order) -> Started:
    attempt = order.attempts.filter(state__in=(*WAITING, AttemptState.OPEN)).first()
    if attempt is None:
        raise order_closed()  # a delayed payment is on its way
    if attempt.state == AttemptState.OPEN and attempt.expires_at <= timezone.now():
        close.close_attempt(attempt.pk, then=OrderStatus.EXPIRED)
        raise order_closed()
    return _opened(attempt)


def _opened(attempt: Attempt) -> Started:
    if attempt.state in WAITING:
        attempt = open_at_stripe(attempt)
    if not attempt.url:
        raise order_closed()
    account = account_for(attempt.keypair)
    return Started(attempt.order.token, attempt.stripe_id, attempt.url, account.publishable_key)


def _begin(order: Order) -> Attempt | None:
    """Freeze the draft. None when it has changed meanwhile, or when it was free and is paid now."""
    quote = quote_order(order)
    if not quote.lines:
        raise bad_request("There is nothing in this order yet.")
    try:
        account = account_for(quote.currency)
    except NotSellable:
        raise payment_unavailable() from None
    minimum = minimum_charge(quote.currency)
    if 0 < quote.total < minimum:
        raise amount_too_small(format_money(minimum, quote.currency))
    try:
        objects = _stripe_objects(account, quote)
    except (Unavailable, Rejected):
        raise payment_unavailable() from None
    return _freeze(order.pk, account, quote, objects)


def _stripe_objects(account: Account, quote: Quote) -> dict[str, Any]:
    """Coupon and tax rates at Stripe, made before anything is locked."""
    if not quote.total:
        return {}
    return {
        "coupon": stripe_catalogue.coupon(account, quote),
        "tax_rates": stripe_catalogue.tax_rates(account, quote.taxes),
    }


@locks.retried
def _freeze(order_id: int, account: Account, quote: Quote, objects: dict[str, Any]) -> Attempt | None:
    changed = None
    attempt = None
    with locks.transaction():
        order = locks.lock_order(order_id)
        if order.status != OrderStatus.DRAFT or quote_order(order) != quote:
            return None
        changed = _price_news(order)
        if changed is None:
            _promise(order, account, quote)
            if quote.total:
                attempt = _write_attempt(order, account, quote, objects)
            else:
                settle.free(order)
    if changed is not None:
        raise price_changed(changed)
    return attempt


def _price_news(order: Order) -> str | None:
    """Every line is still for sale; the name of one whose price is not what the buyer saw. Then the line is brought
    up to date, so that looking at the order again shows the new price."""
    news = None
    for line in OrderLine.objects.filter(order=order).order_by("pk"):
        try:
            item = catalogue.item_for_sale(line.item_id)
        except catalogue.ItemNotFound:
            raise Refused("sold_out", f"“{line.name}” is no longer for sale.", 409) from None
        if item.unit_amount != line.unit_amount:
            OrderLine.objects.filter(pk=line.pk).update(
                unit_amount=item.unit_amount, amount=(item.unit_amount or 0) * line.quantity
            )
            news = item.title
    return news


def _promise(order: Order, account: Account, quote: Quote) -> None:
    """The frozen figures on order and lines, stock and discounts held."""
    check_move(OrderStatus, order.status, OrderStatus.PENDING)
    snapshot = quote.as_json()
    order.status = OrderStatus.PENDING
    order.keypair = account.keypair
    order.livemode = account.livemode
    order.currency = quote.currency
    for name in ("subtotal", "discount", "tax", "tax_inclusive", "shipping", "total"):
        setattr(order, name, getattr(quote, name))
    order.rounding = 0
    order.snapshot = snapshot
    order.snapshot_hash = snapshot_hash(snapshot)
    order.frozen_at = timezone.now()
    Order.objects.filter(pk=order.pk).update(
        **{
            name: getattr(order, name)
            for name in (
                *("status", "keypair", "livemode", "currency", "subtotal", "discount", "tax", "tax_inclusive"),
                *("shipping", "total", "rounding", "snapshot", "snapshot_hash", "frozen_at"),
            )
        }
    )
    for line in quote.lines:
        OrderLine.objects.filter(order=order, item_id=line.item_id, variant=line.variant).update(
            name=line.name, sku=line.sku, unit_amount=line.unit_amount, amount=line.amount
        )
    order.taxes.set([tax.id for tax in quote.taxes])
    redemptions.hold(order)
    holds.take(order, quote)


def _write_attempt(order: Order, account: Account, quote: Quote, objects: dict[str, Any]) -> Attempt:
    key = secrets.token_hex(20)
    expires_at = timezone.now() + OPEN_FOR
    params = session_params.for_order(order, quote, objects, key, int(expires_at.timestamp()))
    return Attempt.objects.create(
        order=order,
        keypair=account.keypair,
        idempotency_key=key,
        params=params,
        params_hash=snapshot_hash(params),
        snapshot_hash=order.snapshot_hash,
        amount=order.total,
        expires_at=expires_at,
    )


def open_at_stripe(attempt: Attempt) -> Attempt:
    """Ask Stripe with the stored key and parameters; a repeat finds the same session. Raises Refused."""
    try:
        session = sessions.create(account_for(attempt.keypair), attempt.params, idempotency_key=attempt.idempotency_key)
    except (Unavailable, NotSellable) as error:
        Attempt.objects.filter(pk=attempt.pk, state=AttemptState.CREATING).update(
            state=AttemptState.UNKNOWN, error=str(error)[:300], updated=timezone.now()
        )
        attempt.refresh_from_db()
        if attempt.state == AttemptState.OPEN:  # another request of this buyer had the answer meanwhile
            return attempt
        raise payment_unavailable() from None
    except Rejected as error:
        close.fail(attempt.pk, error=f"{error.code}: {error.message}"[:300])
        if error.code == "amount_too_small":
            raise amount_too_small(
                format_money(minimum_charge(attempt.order.currency), attempt.order.currency)
            ) from None
        open_incident("payment_page_rejected", attempt.idempotency_key, str(error), order=attempt.order)
        raise payment_unavailable() from None
    if not _store(attempt.pk, session):
        close.close_attempt(attempt.pk, then=OrderStatus.DRAFT)
        open_incident(
            "total_differs",
            session["id"],
            f"Stripe's total {session['amount_total']} is not ours {attempt.amount}",
            order=attempt.order,
        )
        raise payment_unavailable()
    attempt.refresh_from_db()
    return attempt


@locks.retried
def _store(attempt_id: int, session: dict[str, Any]) -> bool:
    """T2. False when Stripe's total differs by more than rounding: then nobody may pay it.

    Stripe does not say which line gets a discount's odd cent, so up to one minor unit a line is rounding, and
    becomes part of the order's total: page, mail, admin and Stripe show one figure.
    """
    with locks.transaction():
        order_id = Attempt.objects.values_list("order_id", flat=True).get(pk=attempt_id)
        order = locks.lock_order(order_id)
        attempt = locks.lock_attempt(attempt_id)
        fresh = attempt.stripe_id is None
        fields: dict[str, Any] = {
            "stripe_id": session["id"],
            "url": session.get("url") or "",
            "updated": timezone.now(),
        }
        if attempt.state in WAITING:
            fields |= {"state": AttemptState.OPEN, "error": ""}
        difference = session["amount_total"] - attempt.amount
        acceptable = abs(difference) <= len(attempt.params["line_items"])
        if fresh and difference and acceptable and order.status == OrderStatus.PENDING:
            fields["amount"] = session["amount_total"]
            Order.objects.filter(pk=order.pk).update(rounding=difference, total=session["amount_total"])
        Attempt.objects.filter(pk=attempt.pk).update(**fields)
        return acceptable

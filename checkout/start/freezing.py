"""T1: the order is frozen, its stock and discounts are held, and the attempt says exactly what Stripe will be asked."""

import secrets
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext

from products import catalogue, prices, variants
from products.money import MAXIMUM_CHARGE, format_money, minimum_charge

from .. import holds, intent_params, locks, redemptions, refusals, session_params, settle
from ..gateway import catalogue as stripe_catalogue
from ..gateway.accounts import Account, NotSellable, account_for
from ..gateway.errors import Rejected, Unavailable
from ..models import Attempt, Order, OrderLine
from ..pricing import Quote
from ..quoting import quote_order
from ..refusals import amount_too_large, amount_too_small, bad_request, payment_unavailable, price_changed
from ..snapshots import snapshot_hash
from ..states import AttemptKind, AttemptState, OrderStatus, check_move

# How long a payment page stays open. Stripe allows 30 minutes to 24 hours from its own now; half an hour of slack
# lets an unknown outcome be asked again with the same parameters.
OPEN_FOR = timedelta(hours=1)
FIGURES = ("subtotal", "discount", "tax", "tax_inclusive", "shipping", "total")
FROZEN = ("status", "keypair", "livemode", "currency", *FIGURES, "rounding", "snapshot", "snapshot_hash", "frozen_at")


def begin(order: Order, kind: AttemptKind, parked: Attempt | None) -> Attempt | None:
    """Freeze the draft. None when it has changed meanwhile, or when it was free and is paid now.

    `parked`: the intent that the order has already and that is to follow. Raises Refused.
    """
    quote = quote_order(order)
    if not quote.lines:
        raise bad_request(gettext("There is nothing in this order yet."))
    try:
        account = account_for(quote.currency)
    except NotSellable:
        raise payment_unavailable() from None
    minimum = minimum_charge(quote.currency)
    if 0 < quote.total < minimum:
        raise amount_too_small(format_money(minimum, quote.currency))
    if quote.total > MAXIMUM_CHARGE:
        raise amount_too_large(format_money(MAXIMUM_CHARGE, quote.currency))
    try:
        objects = _stripe_objects(account, quote) if kind == AttemptKind.SESSION else {}
    except (Unavailable, Rejected):
        raise payment_unavailable() from None
    return _freeze(order.pk, account, quote, objects, kind, parked)


def can_follow(live: Attempt, order: Order, kind: AttemptKind) -> bool:
    """Whether the intent of a draft can take the draft's new total; else it has to be cancelled first."""
    quote = quote_order(order)
    return (
        live.kind == kind == AttemptKind.INTENT
        and live.stripe_id is not None
        and live.expires_at > timezone.now()
        and live.keypair == quote.currency
        and (quote.total > 0 or not quote.lines)
    )


def _stripe_objects(account: Account, quote: Quote) -> dict[str, Any]:
    """Coupon and tax rates at Stripe, made before anything is locked."""
    if not quote.total:
        return {}
    return {
        "coupon": stripe_catalogue.coupon(account, quote),
        "tax_rates": stripe_catalogue.tax_rates(account, quote.taxes),
    }


@locks.retried
def _freeze(
    order_id: int, account: Account, quote: Quote, objects: dict[str, Any], kind: AttemptKind, parked: Attempt | None
) -> Attempt | None:
    changed = None
    attempt = None
    with locks.transaction():
        order = locks.lock_order(order_id)
        if order.status != OrderStatus.DRAFT or quote_order(order) != quote:
            return None
        if parked is not None and (parked := locks.lock_attempt(parked.pk)).state not in (
            AttemptState.OPEN,
            AttemptState.UNKNOWN,
        ):
            return None
        changed = _price_news(order)
        if changed is None:
            _promise(order, account, quote)
            if not quote.total:
                settle.free(order)
            elif parked is not None:
                attempt = _rewrite_attempt(parked, order, quote)
            else:
                attempt = _write_attempt(order, account, quote, objects, kind)
    if changed is not None:
        raise price_changed(changed)
    return attempt


def _price_news(order: Order) -> str | None:
    """Every line is still for sale; the name of one whose price is not what the buyer saw. Then the line is brought
    up to date, so that looking at the order again shows the new price."""
    news = None
    for line in OrderLine.objects.filter(order=order).select_related("sold_variant").order_by("pk"):
        try:
            item = catalogue.item_for_sale(line.item_id)
            kind = variants.still_sold(item, line.sold_variant)
        except (catalogue.ItemNotFound, variants.UnknownVariant):
            raise refusals.no_longer_for_sale(line.full_name) from None
        price = prices.price_of(item, kind)
        if price is not None and price.amount != line.unit_amount:
            OrderLine.objects.filter(pk=line.pk).update(unit_amount=price.amount, amount=price.amount * line.quantity)
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
    for name in FIGURES:
        setattr(order, name, getattr(quote, name))
    order.rounding = 0
    order.snapshot = snapshot
    order.snapshot_hash = snapshot_hash(snapshot)
    order.frozen_at = timezone.now()
    Order.objects.filter(pk=order.pk).update(**{name: getattr(order, name) for name in FROZEN})
    rows = OrderLine.objects.filter(order=order).order_by("pk").values_list("pk", flat=True)
    for pk, line in zip(rows, quote.lines, strict=True):  # the quote has them in the same order
        OrderLine.objects.filter(pk=pk).update(
            name=line.name, variant=line.variant, sku=line.sku, unit_amount=line.unit_amount, amount=line.amount
        )
    order.taxes.set([tax.id for tax in quote.taxes])
    redemptions.hold(order)
    holds.take(order)


def _write_attempt(order: Order, account: Account, quote: Quote, objects: dict[str, Any], kind: AttemptKind) -> Attempt:
    key = secrets.token_hex(20)
    expires_at = timezone.now() + OPEN_FOR
    if kind == AttemptKind.SESSION:
        params = session_params.for_order(order, quote, objects, key, int(expires_at.timestamp()))
    else:
        params = intent_params.for_order(order, quote, key)
    return Attempt.objects.create(
        order=order,
        kind=kind,
        keypair=account.keypair,
        idempotency_key=key,
        params=params,
        params_hash=snapshot_hash(params),
        snapshot_hash=order.snapshot_hash,
        amount=order.total,
        expires_at=expires_at,
    )


def _rewrite_attempt(parked: Attempt, order: Order, quote: Quote) -> Attempt:
    """The same intent, with the order's new total. Until Stripe has confirmed it, what stands there is unknown."""
    params = intent_params.for_order(order, quote, parked.idempotency_key, again=True)
    if parked.state != AttemptState.UNKNOWN:
        check_move(AttemptState, parked.state, AttemptState.UNKNOWN)
    Attempt.objects.filter(pk=parked.pk).update(
        state=AttemptState.UNKNOWN,
        params=params,
        params_hash=snapshot_hash(params),
        snapshot_hash=order.snapshot_hash,
        amount=order.total,
        expires_at=timezone.now() + OPEN_FOR,
        updated=timezone.now(),
    )
    return Attempt.objects.select_related("order").get(pk=parked.pk)

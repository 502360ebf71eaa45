"""T1: the order is frozen, its stock and discounts are held, and the attempt says exactly what Stripe will be asked."""

import functools
import secrets
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext

from products import prices, variants, written
from products.money import MAXIMUM_CHARGE, format_money, minimum_charge
from products.prepared import Prepared

from .. import holds, intent_params, locks, redemptions, refusals, session_params, settle
from ..gateway import catalogue as stripe_catalogue
from ..gateway.accounts import Account, NotSellable, account_for
from ..gateway.errors import Rejected, Unavailable
from ..models import Attempt, Installation, Order, OrderLine, Tax
from ..pricing import Quote
from ..quoting import lines_of, quote_lines, quote_order
from ..refusals import amount_too_large, amount_too_small, bad_request, payment_unavailable, price_changed
from ..snapshots import snapshot_hash
from ..states import AttemptKind, AttemptState, OrderStatus, check_move

# How long a payment page stays open. Stripe allows 30 minutes to 24 hours from its own now; half an hour of slack
# lets an unknown outcome be asked again with the same parameters.
OPEN_FOR = timedelta(hours=1)
FIGURES = ("subtotal", "discount", "tax", "tax_inclusive", "shipping", "total")
LINE = ("name", "variant", "sku", "unit_amount", "amount")
FROZEN = ("status", "keypair", "livemode", "currency", *FIGURES, "rounding", "snapshot", "snapshot_hash", "frozen_at")


class NotMadeYet(Exception):
    """A coupon or tax rate that the order needs is not at Stripe yet: no transaction may wait for that."""

    def __init__(self, account: Account, quote: Quote) -> None:
        super().__init__(account.keypair)
        self.account, self.quote = account, quote


def begin(order: Order, kind: AttemptKind, parked: Attempt | None) -> Attempt | None:
    """Freeze the draft. None when it has changed meanwhile, or when it was free and is paid now.

    `parked`: the intent that the order has already and that is to follow. Raises Refused.
    """
    Installation.current()  # kept from here on: a transaction keeps nothing
    freeze = functools.partial(_freeze, order.pk, kind, parked) if order.pk else functools.partial(_store, order, kind)
    try:
        return freeze()
    except NotMadeYet as missing:
        try:
            stripe_catalogue.make(missing.account, missing.quote)
        except (Unavailable, Rejected):
            raise payment_unavailable() from None
    try:
        return freeze()
    except NotMadeYet:  # it has changed while those were made
        return None


def can_follow(live: Attempt, order: Order, kind: AttemptKind) -> bool:
    """Whether the intent of a draft can take the draft's new total; else it has to be cancelled first."""
    return live.kind == kind and _fits(live, quote_order(order))


def _fits(live: Attempt, quote: Quote) -> bool:
    return (
        live.kind == AttemptKind.INTENT
        and live.stripe_id is not None
        and live.expires_at > timezone.now()
        and live.keypair == quote.currency
        and (quote.total > 0 or not quote.lines)
    )


@locks.retried
def _freeze(order_id: int, kind: AttemptKind, parked: Attempt | None) -> Attempt | None:
    """T1. Everything is read once, after the order was locked, and handed on. Raises Refused, NotMadeYet."""
    with locks.transaction():
        order = locks.lock_order(order_id)
        if order.status != OrderStatus.DRAFT:
            return None
        if parked is not None and (parked := locks.lock_attempt(parked.pk)).state not in (
            AttemptState.OPEN,
            AttemptState.UNKNOWN,
        ):
            return None
        lines = lines_of(order)
        quote = quote_lines(order, lines)
        account = _payable(quote)
        if parked is not None and not _fits(parked, quote):
            return None
        changed = _price_news(lines)
        attempt = None if changed is not None else _promised(order, lines, account, quote, kind, parked)
    if changed is not None:
        raise price_changed(changed)
    return attempt


@locks.retried
def _store(order: Order, kind: AttemptKind) -> Attempt | None:
    """T1 of a new order: it is stored with its promise, and before that nobody can know it or change it.

    Its item was read a moment ago, when the buyer's click came in, and is what that click bought; whether there are
    units is decided here. As a draft first, and then frozen, it took twice the statements. Raises Refused, NotMadeYet.
    """
    lines = list(order.lines.all())
    for row in (order, *lines):  # of a try that came to nothing
        row.pk = None
    order.status = OrderStatus.DRAFT
    with locks.transaction():
        quote = quote_lines(order, lines)
        return _promised(order, lines, _payable(quote), quote, kind, None)


def _payable(quote: Quote) -> Account:
    """The account that takes it. Raises Refused."""
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
    return account


def _promised(
    order: Order, lines: list[OrderLine], account: Account, quote: Quote, kind: AttemptKind, parked: Attempt | None
) -> Attempt | None:
    objects = stripe_catalogue.known(account, quote) if kind == AttemptKind.SESSION and quote.total else {}
    if objects is None:
        raise NotMadeYet(account, quote)
    _promise(order, lines, account, quote)
    if not quote.total:
        settle.free(order)
        return None
    if parked is not None:
        return _rewrite_attempt(parked, order, quote)
    return _write_attempt(order, account, quote, objects, kind)


def _price_news(lines: list[OrderLine]) -> str | None:
    """Every line is still for sale; the name of one whose price is not what the buyer saw. Then the line is brought
    up to date, so that looking at the order again shows the new price."""
    news = None
    for line in lines:
        item, kind = line.item, line.sold_variant
        if not (item.is_offered and variants.is_still_sold(item, kind, in_variants=item.in_variants)):
            raise refusals.no_longer_for_sale(line.full_name)
        price = prices.price_of(item, kind)
        if price is not None and price.amount != line.unit_amount:
            OrderLine.objects.filter(pk=line.pk).update(unit_amount=price.amount, amount=price.amount * line.quantity)
            news = item.title
    return news


def _promise(order: Order, lines: list[OrderLine], account: Account, quote: Quote) -> None:
    """The frozen figures on order and lines, stock and discounts held."""
    is_new = order.pk is None
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
    if is_new:
        written.insert(order)
    else:
        written.update(Order, order.pk, {name: getattr(order, name) for name in FROZEN})
    for row, line in zip(lines, quote.lines, strict=True):  # the quote has them in the same order
        _promise_line(order, row, {name: getattr(line, name) for name in LINE})
    taxes = {tax.id for tax in quote.taxes}
    if taxes != (set() if is_new else {tax for (tax,) in _taxes.rows(order=order.pk)}):
        order.taxes.set(taxes)
    if quote.discounts:
        redemptions.hold(order)
    holds.take(order, lines, is_new=is_new)


def _promise_line(order: Order, row: OrderLine, frozen: dict[str, Any]) -> None:
    is_changed = any(getattr(row, name) != value for name, value in frozen.items())
    for name, value in frozen.items():
        setattr(row, name, value)
    if row.pk is None:
        row.order = order  # it has a key now
        written.insert(row)
    elif is_changed:
        written.update(OrderLine, row.pk, frozen)


_taxes = Prepared(lambda order: Tax.objects.filter(orders=order).order_by().values_list("pk"), order=int)


def _write_attempt(order: Order, account: Account, quote: Quote, objects: dict[str, Any], kind: AttemptKind) -> Attempt:
    key = secrets.token_hex(20)
    expires_at = timezone.now() + OPEN_FOR
    if kind == AttemptKind.SESSION:
        params = session_params.for_order(order, quote, objects, key, int(expires_at.timestamp()))
    else:
        params = intent_params.for_order(order, quote, key)
    attempt = Attempt(
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
    written.insert(attempt)
    return attempt


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

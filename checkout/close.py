"""close: a payment page is shut at Stripe, and only on Stripe's word are stock and discounts given back."""

from typing import Any

from django.db.models import Q
from django.utils import timezone

from . import holds, locks, redemptions, settle
from .gateway import intents, sessions
from .gateway.accounts import Account, NotSellable, account_for
from .gateway.errors import Rejected, Unavailable
from .models import Attempt, Order
from .refusals import not_found, order_closed, payment_unavailable
from .states import LIVE_ATTEMPT, AttemptKind, AttemptState, OrderStatus, check_move

# Told to Stripe, and read again in its event, which may come before our own row says why: what becomes of the order.
CANCEL_REASONS = {OrderStatus.DRAFT: "requested_by_customer", OrderStatus.EXPIRED: "abandoned"}


def reopen(order_token: str) -> None:
    """Make a pending order a draft again, so that it can be changed. Nothing to do for a draft. Raises Refused."""
    order = Order.objects.filter(token=order_token).first()
    if order is None:
        raise not_found()
    if order.status == OrderStatus.DRAFT:
        return
    intent_known = Q(kind=AttemptKind.INTENT, state=AttemptState.UNKNOWN, stripe_id__isnull=False)
    attempt = order.attempts.filter(Q(state=AttemptState.OPEN) | intent_known).first()
    if order.status != OrderStatus.PENDING or attempt is None:
        raise order_closed()
    if attempt.kind == AttemptKind.INTENT:
        _park_unless_paid(attempt)
    else:
        close_attempt(attempt.pk, then=OrderStatus.DRAFT)
    order.refresh_from_db(fields=["status"])
    if order.status != OrderStatus.DRAFT:
        raise order_closed()


def _park_unless_paid(attempt: Attempt) -> None:
    """An intent stays with its order through changes. One that is paid, or being paid, is settled instead."""
    try:
        intent = intents.retrieve(account_for(attempt.keypair), attempt.stripe_id or "")
        if intent["status"] in ("succeeded", "processing"):
            settle.settle_attempt(attempt)
        elif intent["status"] == "canceled":
            release(attempt.pk, AttemptState.EXPIRED, then=OrderStatus.DRAFT)
        else:
            park(attempt.pk)
    except (Unavailable, Rejected, NotSellable):
        raise payment_unavailable() from None


@locks.retried
def park(attempt_id: int) -> None:
    """The order is a draft again and holds nothing; its intent stays, and will get the draft's new total."""
    with locks.transaction():
        order = locks.lock_order(Attempt.objects.values_list("order_id", flat=True).get(pk=attempt_id))
        attempt = locks.lock_attempt(attempt_id)
        if attempt.state in LIVE_ATTEMPT and order.status == OrderStatus.PENDING:
            _let_go(order, OrderStatus.DRAFT)


def close_attempt(attempt_id: int, *, then: OrderStatus) -> None:
    """Expire the attempt's session, or cancel its intent; the order becomes `then`. What turns out to be paid is
    settled instead.

    Raises Refused (503) while Stripe does not answer: nothing is released on a guess.
    """
    attempt = Attempt.objects.select_related("order").get(pk=attempt_id)
    if attempt.stripe_id is None:
        raise payment_unavailable()  # it may exist at Stripe under a name we do not know yet
    try:
        account = account_for(attempt.keypair)
        shut = _shut_intent if attempt.kind == AttemptKind.INTENT else _shut_session
        if shut(account, attempt.stripe_id, then):
            release(attempt.pk, AttemptState.EXPIRED, then=then)
        else:
            settle.settle_attempt(attempt)
    except (Unavailable, Rejected, NotSellable):
        raise payment_unavailable() from None


def _shut_session(account: Account, session_id: str, then: OrderStatus) -> bool:
    """Whether nobody can pay it any more, and nobody has."""
    try:
        session = sessions.expire(account, session_id)
    except Rejected:
        session = sessions.retrieve(account, session_id)
    return session["status"] == "expired"


def _shut_intent(account: Account, intent_id: str, then: OrderStatus) -> bool:
    try:
        intent = intents.cancel(account, intent_id, CANCEL_REASONS.get(then, ""))
    except Rejected:
        intent = intents.retrieve(account, intent_id)
    return intent["status"] == "canceled"


def fail(attempt_id: int, *, error: str) -> None:
    """Stripe refused to make it, or a delayed payment failed: the order is a draft again."""
    Attempt.objects.filter(pk=attempt_id).update(error=error)
    release(attempt_id, AttemptState.FAILED, then=OrderStatus.DRAFT)


@locks.retried
def release(attempt_id: int, state: AttemptState, *, then: OrderStatus, event_id: int | None = None) -> None:
    """The attempt is over: its order, if it was waiting for this attempt, lets go of stock and discounts."""
    with locks.transaction():
        order = locks.lock_order(Attempt.objects.values_list("order_id", flat=True).get(pk=attempt_id))
        attempt = locks.lock_attempt(attempt_id)
        if attempt.state in LIVE_ATTEMPT:
            check_move(AttemptState, attempt.state, state)
            Attempt.objects.filter(pk=attempt.pk).update(state=state, updated=timezone.now())
            if order.status == OrderStatus.PENDING:
                _let_go(order, then)
        settle.mark_done(event_id)


def _let_go(order: Order, then: OrderStatus) -> None:
    check_move(OrderStatus, order.status, then)
    holds.release(order)
    redemptions.release(order)
    fields: dict[str, Any] = {"status": then, "closed_at": None if then == OrderStatus.DRAFT else timezone.now()}
    if then == OrderStatus.DRAFT:
        fields |= {"snapshot": None, "snapshot_hash": "", "rounding": 0, "frozen_at": None}
    Order.objects.filter(pk=order.pk).update(**fields)

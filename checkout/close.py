"""close: a payment page is shut at Stripe, and only on Stripe's word are stock and discounts given back."""

from typing import Any

from django.utils import timezone

from . import holds, locks, redemptions, settle
from .gateway import sessions
from .gateway.accounts import NotSellable, account_for
from .gateway.errors import Rejected, Unavailable
from .models import Attempt, Order
from .refusals import not_found, order_closed, payment_unavailable
from .states import LIVE_ATTEMPT, AttemptState, OrderStatus, check_move


def reopen(order_token: str) -> None:
    """Make a pending order a draft again, so that it can be changed. Nothing to do for a draft. Raises Refused."""
    order = Order.objects.filter(token=order_token).first()
    if order is None:
        raise not_found()
    if order.status == OrderStatus.DRAFT:
        return
    attempt = order.attempts.filter(state=AttemptState.OPEN).first()
    if order.status != OrderStatus.PENDING or attempt is None:
        raise order_closed()
    close_attempt(attempt.pk, then=OrderStatus.DRAFT)
    order.refresh_from_db(fields=["status"])
    if order.status != OrderStatus.DRAFT:
        raise order_closed()


def close_attempt(attempt_id: int, *, then: OrderStatus) -> None:
    """Expire the attempt's session; the order becomes `then`. A session that turns out complete is settled instead.

    Raises Refused (503) while Stripe does not answer: nothing is released on a guess.
    """
    attempt = Attempt.objects.select_related("order").get(pk=attempt_id)
    if attempt.stripe_id is None:
        raise payment_unavailable()  # it may exist at Stripe under a name we do not know yet
    try:
        account = account_for(attempt.keypair)
        try:
            session = sessions.expire(account, attempt.stripe_id)
        except Rejected:
            session = sessions.retrieve(account, attempt.stripe_id)
    except (Unavailable, Rejected, NotSellable):
        raise payment_unavailable() from None
    if session["status"] == "expired":
        release(attempt.pk, AttemptState.EXPIRED, then=then)
    elif session["status"] == "complete":
        settle.settle_session(account, session["id"])


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

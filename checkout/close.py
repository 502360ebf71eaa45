"""close: a payment page is shut at Stripe, and only on Stripe's word are stock and discounts given back."""

from typing import Any

from . import settle
from .gateway import sessions
from .gateway.accounts import Account, NotSellable, account_for
from .gateway.errors import Rejected, Unavailable
from .models import Attempt, Order
from .refusals import not_found, order_closed, payment_unavailable
from .states import LIVE_ATTEMPT, AttemptState, OrderStatus


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
    # before Stripe is asked: its event may overtake its answer, and must know what was wanted
    Attempt.objects.filter(pk=attempt.pk, state__in=LIVE_ATTEMPT).update(close_as=then)
    try:
        session = _shut(account_for(attempt.keypair), attempt)
        if session["status"] == "expired":
            settle.release(attempt.pk, AttemptState.EXPIRED, then=then)
        elif session["status"] == "complete":
            settle.settle_attempt(attempt)
    except (Unavailable, Rejected, NotSellable):
        raise payment_unavailable() from None


def _shut(account: Account, attempt: Attempt) -> dict[str, Any]:
    try:
        return sessions.expire(account, attempt.stripe_id or "")
    except Rejected:  # it is not open any more
        return sessions.retrieve(account, attempt.stripe_id or "")


def fail(attempt_id: int, *, error: str) -> None:
    """Stripe refused to make it: the order is a draft again."""
    Attempt.objects.filter(pk=attempt_id).update(error=error)
    settle.release(attempt_id, AttemptState.FAILED, then=OrderStatus.DRAFT)

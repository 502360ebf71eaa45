"""close: a payment page is shut at Stripe, and only on Stripe's word are stock and discounts given back."""

from django.db.models import Q

from . import locks, settle
from .gateway import intents, sessions
from .gateway.accounts import Account, NotSellable, account_for
from .gateway.errors import Rejected, Unavailable
from .models import Attempt, Order
from .refusals import not_found, order_closed, payment_unavailable
from .settle.releasing import let_go
from .states import LIVE_ATTEMPT, AttemptKind, AttemptState, OrderStatus


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
            settle.release(attempt.pk, AttemptState.EXPIRED, then=OrderStatus.DRAFT)
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
            let_go(order, OrderStatus.DRAFT)


def close_attempt(attempt_id: int, *, then: OrderStatus) -> None:
    """Expire the attempt's session, or cancel its intent; the order becomes `then`. What turns out to be paid is
    settled instead.

    Raises Refused (503) while Stripe does not answer: nothing is released on a guess.
    """
    attempt = Attempt.objects.select_related("order").get(pk=attempt_id)
    if attempt.stripe_id is None:
        raise payment_unavailable()  # it may exist at Stripe under a name we do not know yet
    # before Stripe is asked: its event may overtake its answer, and must know what was wanted
    Attempt.objects.filter(pk=attempt.pk, state__in=LIVE_ATTEMPT).update(close_as=then)
    shut = _shut_intent if attempt.kind == AttemptKind.INTENT else _shut_session
    try:
        if shut(account_for(attempt.keypair), attempt.stripe_id):
            settle.release(attempt.pk, AttemptState.EXPIRED, then=then)
        else:  # paid, or being paid: what was wanted does not count any more
            Attempt.objects.filter(pk=attempt.pk).update(close_as="")
            settle.settle_attempt(attempt)
    except (Unavailable, Rejected, NotSellable):
        raise payment_unavailable() from None


def _shut_session(account: Account, session_id: str) -> bool:
    """Whether nobody can pay it any more, and nobody has."""
    try:
        session = sessions.expire(account, session_id)
    except Rejected:  # it is not open any more
        session = sessions.retrieve(account, session_id)
    return session["status"] == "expired"


def _shut_intent(account: Account, intent_id: str) -> bool:
    try:
        intent = intents.cancel(account, intent_id)
    except Rejected:
        intent = intents.retrieve(account, intent_id)
    return intent["status"] == "canceled"


@locks.retried
def give_up(order_id: int) -> None:
    """Cancel a pending order that nobody can pay any more: money came for it, but not as ordered. Raises Refused."""
    with locks.transaction():
        order = locks.lock_order(order_id)
        if order.status != OrderStatus.PENDING or order.attempts.filter(state__in=LIVE_ATTEMPT).exists():
            raise order_closed()
        let_go(order, OrderStatus.CANCELLED)


def fail(attempt_id: int, *, error: str) -> None:
    """Stripe refused to make it: the order is a draft again."""
    Attempt.objects.filter(pk=attempt_id).update(error=error)
    settle.release(attempt_id, AttemptState.FAILED, then=OrderStatus.DRAFT)

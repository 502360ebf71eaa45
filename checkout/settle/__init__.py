"""settle: what Stripe says was paid becomes the shop's truth, once.

Webhook, return page, reconcile and staff all come here. Stripe is asked first, with no transaction open; then one
transaction locks the order, writes the payment under its intent's id (a second one is already known) and decides.
"""

import logging
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from products.prepared import Prepared

from .. import locks, mails, refund
from ..gateway import intents, sessions
from ..gateway.accounts import Account, NotSellable, account_for
from ..gateway.errors import Rejected, Unavailable
from ..models import Attempt, Order, Payment
from ..refusals import Refused
from ..states import AttemptKind, AttemptState, Disposition, OrderStatus, check_move
from .captured import Captured, from_intent
from .matching import Foreign, NotOurs, Unmatched, mark_done, owner, remember, require_ours, session_of
from .recording import pay, record, record_orphan
from .releasing import release

__all__ = [
    "Foreign",
    "NotOurs",
    "Unmatched",
    "free",
    "is_settled",
    "mark_done",
    "release",
    "settle_attempt",
    "settle_intent",
    "settle_order",
    "settle_orphan",
    "settle_session",
]

logger = logging.getLogger(__name__)
ASK_AGAIN = timedelta(seconds=5)
# What a repeated question may end with while nothing is known; things stay as they are.
TROUBLE = (Unavailable, Rejected, NotSellable, Unmatched, NotOurs, Foreign, Refused)


def settle_order(order_token: str, *, session_id: str | None = None, payment_intent_id: str | None = None) -> None:
    """For the return page: ask Stripe about the order's own attempt, at most once in five seconds.

    Without an id the one under way is meant. A forged or foreign id changes nothing. If Stripe does not answer,
    things stay as they are.
    """
    order = Order.objects.filter(token=order_token).first()
    known = Q(stripe_id=session_id or "-") | Q(payment_intent_id=payment_intent_id or "-")
    known |= Q(stripe_id=payment_intent_id or "-")
    if not session_id and not payment_intent_id:  # "check again" on the order's page names none
        known = Q(state__in=(AttemptState.OPEN, AttemptState.PROCESSING))
    attempt = order and order.attempts.filter(known).first()
    if order is None or attempt is None or order.status == OrderStatus.PAID:
        return
    now = timezone.now()
    free = Q(asked_at__isnull=True) | Q(asked_at__lt=now - ASK_AGAIN)
    if not Order.objects.filter(free, pk=order.pk).update(asked_at=now):
        return
    try:
        settle_attempt(attempt)
    except TROUBLE as error:
        logger.warning("order %s could not be settled from the return page: %s", order.pk, type(error).__name__)


def settle_attempt(attempt: Attempt) -> None:
    """What an attempt whose name at Stripe is known came to. Raises what settle_session raises, and NotSellable."""
    ask = settle_session if attempt.kind == AttemptKind.SESSION else settle_intent
    ask(account_for(attempt.keypair), attempt.stripe_id or "")


def settle_session(account: Account, session_id: str, *, event_id: int | None = None) -> None:
    """What a session of ours came to. Raises Unavailable, Rejected, Refused, Unmatched, NotOurs, Foreign."""
    session, intent = sessions.retrieve_with_intent(account, session_id)
    if session["status"] == "complete" and session["payment_status"] == "paid" and intent:
        remember(account, session)
        _settle_found(account, intent, session, event_id)
        return
    attempt = owner(account, session)
    if session["status"] == "expired":
        release(attempt.pk, AttemptState.EXPIRED, then=OrderStatus.EXPIRED, event_id=event_id)
    elif session["status"] == "complete" and intent:
        _delayed(attempt, intent, event_id)
    else:
        mark_done(event_id)


def is_settled(account: Account, payment_intent_id: object, *, event_id: int) -> bool:
    """Whether an event brings news of money that is a payment of that account already; then the event is done.

    Each purchase has two such events (of the session and of its intent), and captured money stays captured: the
    second need not ask Stripe, which was half of a purchase's questions. Not so while the attempt's own name at
    Stripe is missing: this event may bring it.
    """
    if not isinstance(payment_intent_id, str):
        return False
    known = _paid.rows(intent=payment_intent_id, keypair=account.keypair)
    if not any(bool(livemode) == account.livemode for (livemode,) in known):
        return False
    mark_done(event_id)
    mails.send_outbox()
    return True


_paid = Prepared(
    lambda intent, keypair: Payment.objects.filter(
        payment_intent_id=intent, keypair=keypair, attempt__stripe_id__isnull=False
    ).values_list("livemode"),
    intent=str,
    keypair=str,
)


def settle_intent(
    account: Account, payment_intent_id: str, *, hint: dict[str, Any] | None = None, event_id: int | None = None
) -> None:
    """What a payment intent of ours came to. Raises Unavailable, Rejected, Refused, Unmatched, NotOurs, Foreign.

    `hint`: the metadata that an event says it has. Where they name a session of ours, one question brings both.
    """
    name = session_of(account, hint or {})
    session, intent = sessions.retrieve_with_intent(account, name) if name else (None, None)
    if intent is None or intent["id"] != payment_intent_id:
        session, intent = None, intents.retrieve(account, payment_intent_id)
    _settle_found(account, intent, session, event_id)


def _settle_found(
    account: Account, intent: dict[str, Any], session: dict[str, Any] | None, event_id: int | None
) -> None:
    """The intent as Stripe has just given it, with the session that made it if that is known."""
    require_ours(intent.get("metadata") or {})
    if intent["status"] == "succeeded":
        _settle_captured(account, intent, session, event_id)
        return
    attempt = Attempt.objects.filter(idempotency_key=intent["metadata"].get("attempt", "-")).first()
    if attempt is not None and attempt.kind == AttemptKind.INTENT:
        _bare_intent(account, owner(account, intent), intent, event_id)
    else:  # a session's own intent: the session says what came of it
        _declined(attempt, intent)
        mark_done(event_id)


def _settle_captured(
    account: Account, intent: dict[str, Any], session: dict[str, Any] | None, event_id: int | None
) -> None:
    if session is None and not Payment.objects.filter(payment_intent_id=intent["id"]).exists():
        session = sessions.of_intent(account, intent["id"])  # knows the buyer's address
    refund_id = record(account, from_intent(intent, session), event_id)
    if refund_id is not None:
        refund.execute(refund_id)
    mails.send_outbox()


def _bare_intent(account: Account, attempt: Attempt, intent: dict[str, Any], event_id: int | None) -> None:
    """Without a session the intent itself says how things stand. Declined, it waits for another card; a delayed
    payment that did not come ends it: the buyer is long gone, and stock is not held for ever."""
    if intent["status"] == "processing":
        _processing(attempt.pk, intent["id"], event_id)
        return
    if intent["status"] == "canceled":  # without our asking only staff at Stripe can have done it
        release(attempt.pk, AttemptState.EXPIRED, then=OrderStatus.CANCELLED, event_id=event_id)
        return
    _declined(attempt, intent)
    if attempt.state == AttemptState.PROCESSING and intents.cancel(account, intent["id"])["status"] == "canceled":
        release(attempt.pk, AttemptState.FAILED, then=OrderStatus.DRAFT, event_id=event_id)
    mark_done(event_id)


def _declined(attempt: Attempt | None, intent: dict[str, Any]) -> None:
    """Staff can read why a buyer could not pay."""
    failure = intent.get("last_payment_error") or {}
    if attempt is not None and failure:
        text = f"{failure.get('code')}: {failure.get('message')}"[:300]
        # also of one that is over: the news of its end may have come first
        Attempt.objects.filter(pk=attempt.pk).exclude(state=AttemptState.SUCCEEDED).update(error=text)


def _delayed(attempt: Attempt, intent: dict[str, Any], event_id: int | None) -> None:
    """The buyer has done their part: the money is on its way, or did not come."""
    if intent["status"] == "processing":
        _processing(attempt.pk, intent["id"], event_id)
    elif intent["status"] == "succeeded":  # between our two questions
        _settle_captured(account_for(attempt.keypair), intent, None, event_id)
    else:
        release(attempt.pk, AttemptState.FAILED, then=OrderStatus.DRAFT, event_id=event_id)


@locks.retried
def _processing(attempt_id: int, payment_intent_id: str, event_id: int | None) -> None:
    """Stock stays held until the money came or did not."""
    with locks.transaction():
        locks.lock_order(Attempt.objects.values_list("order_id", flat=True).get(pk=attempt_id))
        attempt = locks.lock_attempt(attempt_id)
        if attempt.state not in (AttemptState.PROCESSING, AttemptState.SUCCEEDED, AttemptState.FAILED):
            check_move(AttemptState, attempt.state, AttemptState.PROCESSING)
            Attempt.objects.filter(pk=attempt.pk).update(
                state=AttemptState.PROCESSING, payment_intent_id=payment_intent_id, updated=timezone.now()
            )
        mark_done(event_id)


def settle_orphan(account: Account, payment_intent_id: str) -> None:
    """Money that bears our marker and that no order is found for. Raises Unavailable, Rejected, Refused, NotOurs."""
    intent = intents.retrieve(account, payment_intent_id)
    require_ours(intent.get("metadata") or {})
    if intent["status"] == "succeeded":
        record_orphan(account, from_intent(intent, None))


def free(order: Order) -> None:
    """Nothing is to be paid: the locked order is paid in the transaction that froze it, without Stripe."""
    paid_at = order.frozen_at or timezone.now()
    Payment.objects.create(
        payment_intent_id=f"free:{order.pk}",
        order=order,
        amount=0,
        currency=order.currency,
        keypair=order.keypair,
        livemode=order.livemode,
        disposition=Disposition.APPLIED,
        paid_at=paid_at,
    )
    pay(order, Captured("", 0, order.currency, order.livemode, paid_at, order.email, {}))

"""The inbox: Stripe's events are verified, stored, acted on, and answered so that Stripe repeats what failed."""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db import OperationalError
from django.utils import timezone

from . import close, refund, settle
from .gateway import intents, sessions
from .gateway.accounts import account_for
from .gateway.errors import Rejected, Unavailable
from .gateway.events import Event, NotAnEvent, parse, verify
from .incidents import open_incident
from .models import Attempt, Installation, Payment, StripeEvent
from .refusals import Refused
from .states import LIVE_ATTEMPT, AttemptKind, AttemptState, EventState, OrderStatus

logger = logging.getLogger(__name__)
GIVE_UP = timedelta(hours=24)
FINAL = (EventState.DONE, EventState.IGNORED)


def receive(body: bytes, signature: str) -> int:
    """One delivery. Returns the HTTP status: 2xx means never again, 5xx means later, 400 means not an event."""
    try:
        event = verify(body, signature)
    except NotAnEvent as error:
        if error.clock:
            open_incident("clock", "webhook", str(error))
        return 400
    if event.type not in HANDLERS or not _concerns_us(event):
        return 200
    try:
        row, _ = StripeEvent.objects.get_or_create(
            keypair=event.account.keypair, event_id=event.id, defaults={"type": event.type, "body": event.body}
        )
        return 200 if row.state in FINAL else _process(row, event)
    except OperationalError:
        logger.warning("event %s must come again: the database is busy", event.id)
        return 503


def process_again(row: StripeEvent) -> int:
    """A stored event that could not be acted on."""
    return _process(row, parse(account_for(row.keypair), row.body))


def _concerns_us(event: Event) -> bool:
    """Events of other shops on the same account are answered and not kept. Refunds and disputes have no marker of
    their own and are looked up by their payment intent."""
    if event.type.startswith(("checkout.session.", "payment_intent.")):
        return (event.object.get("metadata") or {}).get("installation") == Installation.current()
    return Payment.objects.filter(payment_intent_id=event.object.get("payment_intent") or "-").exists() or (
        Attempt.objects.filter(payment_intent_id=event.object.get("payment_intent") or "-").exists()
    )


def _process(row: StripeEvent, event: Event) -> int:
    try:
        HANDLERS[event.type](event, row.pk)
    except settle.NotOurs:
        settle.mark_done(row.pk, EventState.IGNORED)
    except settle.Unmatched:
        return _unmatched(row)
    except (Unavailable, Rejected, Refused) as error:
        StripeEvent.objects.filter(pk=row.pk).update(attempts=row.attempts + 1, error=str(error)[:300])
        return 503
    return 200


def _unmatched(row: StripeEvent) -> int:
    """Ours, but nothing here knows it: let it come again for a day, then leave it to a person."""
    StripeEvent.objects.filter(pk=row.pk).update(state=EventState.UNMATCHED, attempts=row.attempts + 1)
    old = timezone.now() - row.received > GIVE_UP
    if old:
        open_incident("unmatched_event", row.event_id, f"{row.type} names an order that does not exist here")
    return 200 if old else 503


def _session(event: Event, row_id: int) -> None:
    settle.settle_session(event.account, event.object["id"], event_id=row_id)


def _session_expired(event: Event, row_id: int) -> None:
    """Released on Stripe's present word, not on the event's."""
    attempt = _attempt_of(event)
    session = sessions.retrieve(event.account, event.object["id"])
    if session["status"] == "expired":
        close.release(attempt.pk, AttemptState.EXPIRED, then=OrderStatus.EXPIRED, event_id=row_id)
    else:
        settle.settle_session(event.account, session["id"], event_id=row_id)


def _session_failed(event: Event, row_id: int) -> None:
    """A delayed payment did not come."""
    attempt = _attempt_of(event)
    session = sessions.retrieve(event.account, event.object["id"])
    if session["payment_status"] == "unpaid":
        close.release(attempt.pk, AttemptState.FAILED, then=OrderStatus.DRAFT, event_id=row_id)
    else:
        settle.settle_session(event.account, session["id"], event_id=row_id)


def _intent_canceled(event: Event, row_id: int) -> None:
    """By us, whose reason says what becomes of the order, or by staff in Stripe's dashboard."""
    attempt = _attempt_of(event)
    intent = intents.retrieve(event.account, event.object["id"])
    if intent["status"] == "canceled" and attempt.kind == AttemptKind.INTENT:
        orders = {reason: status for status, reason in close.CANCEL_REASONS.items()}
        then = orders.get(intent.get("cancellation_reason") or "", OrderStatus.CANCELLED)
        close.release(attempt.pk, AttemptState.EXPIRED, then=then, event_id=row_id)
    else:  # of a Checkout Session, which has events of its own
        settle.mark_done(row_id)


def _intent_processing(event: Event, row_id: int) -> None:
    if _attempt_of(event).kind == AttemptKind.INTENT:
        settle.settle_intent(event.account, event.object["id"], event_id=row_id)
    else:
        settle.mark_done(row_id)


def _intent_failed(event: Event, row_id: int) -> None:
    """A declined card leaves the intent open for another. A delayed payment that did not come ends the attempt:
    the buyer is long gone, and the stock is not held for ever."""
    attempt = _attempt_of(event)
    failure = event.object.get("last_payment_error") or {}
    Attempt.objects.filter(pk=attempt.pk, state__in=LIVE_ATTEMPT).update(
        error=f"{failure.get('code')}: {failure.get('message')}"[:300]
    )
    if attempt.kind == AttemptKind.INTENT and attempt.state == AttemptState.PROCESSING:
        close.close_attempt(attempt.pk, then=OrderStatus.DRAFT)
    settle.mark_done(row_id)


def _attempt_of(event: Event) -> Attempt:
    key = (event.object.get("metadata") or {}).get("attempt", "-")
    attempt = Attempt.objects.filter(idempotency_key=key).first()
    if attempt is None:
        raise settle.Unmatched
    return attempt


def _intent_succeeded(event: Event, row_id: int) -> None:
    intent = event.object["id"]
    session = None
    bare = Attempt.objects.filter(kind=AttemptKind.INTENT, stripe_id=intent).exists()
    if not bare and not Payment.objects.filter(payment_intent_id=intent).exists():
        session = sessions.of_intent(event.account, intent)  # knows the buyer's e-mail
    settle.settle_intent(event.account, intent, session=session, event_id=row_id)


def _refunded(event: Event, row_id: int) -> None:
    intent = event.object["payment_intent"]
    if not Payment.objects.filter(payment_intent_id=intent).exists():
        settle.settle_intent(event.account, intent)  # the refund overtook the payment
    payment = Payment.objects.filter(payment_intent_id=intent).select_related("order").first()
    if payment is None:
        raise settle.Unmatched
    refund.synchronise(payment)
    settle.mark_done(row_id)


def _disputed(event: Event, row_id: int) -> None:
    intent = event.object["payment_intent"]
    payment = Payment.objects.filter(payment_intent_id=intent).select_related("order").first()
    if payment is None:
        raise settle.Unmatched
    over = event.object.get("status") in ("won", "lost", "warning_closed")
    Payment.objects.filter(pk=payment.pk).update(disputed=not over)
    open_incident("dispute", event.object["id"], f"Dispute {event.object.get('status')}", order=payment.order)
    settle.mark_done(row_id)


HANDLERS: dict[str, Callable[[Event, int], None]] = {
    "checkout.session.completed": _session,
    "checkout.session.async_payment_succeeded": _session,
    "checkout.session.async_payment_failed": _session_failed,
    "checkout.session.expired": _session_expired,
    "payment_intent.succeeded": _intent_succeeded,
    "payment_intent.processing": _intent_processing,
    "payment_intent.payment_failed": _intent_failed,
    "payment_intent.canceled": _intent_canceled,
    "charge.refunded": _refunded,
    "refund.created": _refunded,
    "refund.updated": _refunded,
    "refund.failed": _refunded,
    "charge.dispute.created": _disputed,
    "charge.dispute.updated": _disputed,
    "charge.dispute.closed": _disputed,
}

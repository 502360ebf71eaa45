"""The inbox: Stripe's events are verified, stored, acted on, and answered so that Stripe repeats what failed.

An event only says what to look at: the object is fetched as it is now, so that order and repetition do not matter.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import DatabaseError
from django.utils import timezone

from products import written

from . import disputes, refund, settle
from .gateway import intents
from .gateway.accounts import NotSellable, account_for
from .gateway.errors import Rejected, Unavailable
from .gateway.events import Event, NotAnEvent, parse, verify
from .incidents import open_incident
from .models import Installation, Payment, StripeEvent
from .refusals import Refused
from .states import EventState

logger = logging.getLogger(__name__)
TELL_AFTER = timedelta(minutes=10)
GIVE_UP = timedelta(hours=24)
FINAL = (EventState.DONE, EventState.IGNORED)
NOT_FOUND = 404
WAIT = 1.0  # seconds for a twin: most calls to Stripe are shorter, and while Stripe hangs threads are needed elsewhere
MARKED = ("checkout.session.", "payment_intent.")  # these objects carry our metadata


def receive(body: bytes, signature: str) -> int:
    """One delivery. Returns the HTTP status: 2xx means never again, 5xx means later, 400 means not an event."""
    try:
        event = verify(body, signature)
    except NotAnEvent as error:
        if error.clock:
            open_incident("clock", "webhook", str(error))
        return 400
    return accept(event)


def accept(event: Event) -> int:
    """A verified event, delivered or found in Stripe's list. Returns the HTTP status."""
    if event.type not in HANDLERS:
        return 200
    try:
        row = _row(event)
        return 200 if row is None or row.state in FINAL else _process(row, event)
    except (DatabaseError, Unavailable) as error:
        logger.warning("event %s must come again: %s", event.id, type(error).__name__)
        return 503


def _row(event: Event) -> StripeEvent | None:
    """Its row, which is its own commit before anything is done about it; None for an event that is not ours.

    Written first and looked for when it is there already: most events come once. Of those that carry no marker the
    row is looked for first, because Stripe has to be asked whether they are ours.
    """
    name = {"keypair": event.account.keypair, "event_id": event.id}
    if not event.type.startswith(MARKED):
        known = StripeEvent.objects.filter(**name).first()
        if known is not None:
            return known
    if not _concerns_us(event):
        return None
    row = StripeEvent(**name, type=event.type, body=event.body)
    return row if written.insert_new(row) else StripeEvent.objects.get(**name)


def process_again(row: StripeEvent) -> int:
    """A stored event that could not be acted on. Raises NotSellable when its account's keys are gone."""
    return _process(row, parse(account_for(row.keypair), row.body))


def _concerns_us(event: Event) -> bool:
    """Events of other shops on the same account are answered and not kept.

    Refunds and disputes have no marker of their own: their payment intent is looked up, here and then at Stripe,
    because they may overtake the news of the payment. Raises Unavailable.
    """
    if event.type.startswith(MARKED):
        return _is_marked(event.object)
    intent = event.object.get("payment_intent")
    if not isinstance(intent, str):
        return False
    if Payment.objects.filter(payment_intent_id=intent).exists():
        return True
    try:
        return _is_marked(intents.retrieve(event.account, intent))
    except Rejected:
        return False


def _is_marked(found: dict) -> bool:
    return (found.get("metadata") or {}).get("installation") == Installation.current()


def _process(row: StripeEvent, event: Event) -> int:
    """Trouble is written on the row and becomes a 5xx: Stripe comes again, reconcile too."""
    try:
        HANDLERS[event.type](event, row.pk)
    except settle.NotOurs:
        settle.mark_done(row.pk, EventState.IGNORED)
    except settle.Foreign as error:
        text = f"{event.type}: {error}. Is a webhook secret, or a key, set for the wrong currency?"
        open_incident("wrong_account", row.event_id, text)
        settle.mark_done(row.pk, EventState.IGNORED)
    except settle.Unmatched:
        return _unmatched(row, "names an order that does not exist here")
    except Rejected as error:
        if error.status == NOT_FOUND:
            return _unmatched(row, "is about something that its account does not know")
        return _failed(row, error)
    except (Unavailable, Refused, NotSellable) as error:
        return _failed(row, error)
    except DatabaseError:
        raise
    except Exception as error:
        # our own mistake; the other events must not wait for it, and a person must hear of it
        logger.exception("event %s could not be acted on", row.event_id)
        return _failed(row, error)
    return 200


def _failed(row: StripeEvent, error: Exception) -> int:
    StripeEvent.objects.filter(pk=row.pk).exclude(state__in=FINAL).update(
        attempts=row.attempts + 1, error=f"{type(error).__name__}: {error}"[:300]
    )
    if timezone.now() - row.received > TELL_AFTER:
        open_incident("event_stuck", row.event_id, f"{row.type} could not be acted on: {error}")
    return 503


def _unmatched(row: StripeEvent, why: str) -> int:
    """Ours, but nothing here knows it: let it come again for a day, then leave it to a person."""
    StripeEvent.objects.filter(pk=row.pk).exclude(state__in=FINAL).update(
        state=EventState.UNMATCHED, attempts=row.attempts + 1, error=why
    )
    age = timezone.now() - row.received
    if age > TELL_AFTER:
        open_incident("unmatched_event", row.event_id, f"{row.type} {why}")
    return 200 if age > GIVE_UP else 503


def _session(event: Event, row_id: int) -> None:
    intent = event.object.get("payment_intent")
    with _after_its_twin(intent):
        if not settle.is_settled(event.account, intent, event_id=row_id):
            settle.settle_session(event.account, event.object["id"], event_id=row_id)


def _intent(event: Event, row_id: int) -> None:
    intent = event.object["id"]
    with _after_its_twin(intent):
        if not settle.is_settled(event.account, intent, event_id=row_id):
            settle.settle_intent(event.account, intent, hint=event.object.get("metadata"), event_id=row_id)


@contextmanager
def _after_its_twin(intent: object) -> Iterator[None]:
    """A purchase's two events come at the same moment. In one process the second waits for the first, and then need
    not ask Stripe. For speed only: in two processes both ask, and the order's lock decides.
    """
    if not isinstance(intent, str):
        yield
        return
    turn = _turns[hash(intent) % len(_turns)]
    mine = turn.acquire(timeout=WAIT)
    try:
        yield
    finally:
        if mine:
            turn.release()


_turns = [threading.Lock() for _ in range(64)]


def _refunded(event: Event, row_id: int) -> None:
    refund.synchronise(_payment(event))
    settle.mark_done(row_id)


def _disputed(event: Event, row_id: int) -> None:
    disputes.synchronise(_payment(event))
    settle.mark_done(row_id)


def _payment(event: Event) -> Payment:
    """The payment behind a refund or dispute, which may have overtaken it."""
    intent = event.object["payment_intent"]
    payments = Payment.objects.filter(payment_intent_id=intent).select_related("order")
    payment = payments.first()
    if payment is None:
        settle.settle_intent(event.account, intent)
        payment = payments.first()
    if payment is None:
        raise settle.Unmatched
    return payment


Handler = Callable[[Event, int], None]
HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(
        (
            "checkout.session.completed",
            "checkout.session.async_payment_succeeded",
            "checkout.session.async_payment_failed",
            "checkout.session.expired",
        ),
        _session,
    ),
    **dict.fromkeys(
        (
            "payment_intent.succeeded",
            "payment_intent.processing",
            "payment_intent.payment_failed",
            "payment_intent.canceled",
        ),
        _intent,
    ),
    **dict.fromkeys(("charge.refunded", "refund.created", "refund.updated", "refund.failed"), _refunded),
    **dict.fromkeys(
        (
            "charge.dispute.created",
            "charge.dispute.updated",
            "charge.dispute.closed",
            "charge.dispute.funds_withdrawn",
            "charge.dispute.funds_reinstated",
        ),
        _disputed,
    ),
}

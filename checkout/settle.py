"""settle: what Stripe says was paid becomes the shop's truth, once.

Webhook, return page, reconcile and staff all come here. Stripe is asked first, with no transaction open; then one
transaction locks the order, writes the payment under its intent's id (a second one is already known) and decides.
"""

import logging
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from . import holds, locks, mails, redemptions, refund
from .gateway import intents, sessions
from .gateway.accounts import Account, NotSellable, account_for
from .gateway.errors import Rejected, Unavailable
from .incidents import open_incident
from .models import Attempt, Installation, Order, OutboxMail, Payment, Refund, StripeEvent
from .pricing import Quote
from .refusals import Refused
from .states import AttemptKind, AttemptState, Disposition, EventState, OrderStatus, check_move

logger = logging.getLogger(__name__)
ASK_AGAIN = timedelta(seconds=5)
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that looks like something else


class Unmatched(Exception):
    """It bears our marker, but there is no such attempt (yet): a restored backup, or a row not committed."""


class NotOurs(Exception):
    """Of another shop on the same account."""


@dataclass(frozen=True, slots=True)
class Captured:
    """Money at Stripe, as fetched."""

    intent: str
    amount: int
    currency: str
    livemode: bool
    paid_at: datetime
    email: str
    metadata: dict[str, str]


def settle_order(order_token: str, *, session_id: str | None = None, payment_intent_id: str | None = None) -> None:
    """For the return page: ask Stripe about the order's own attempt, at most once in five seconds.

    Without an id the one under way is meant. A forged or foreign id changes nothing. If Stripe does not answer,
    things stay as they are.
    """
    order = Order.objects.filter(token=order_token).first()
    known = Q(stripe_id=session_id or "-") | Q(payment_intent_id=payment_intent_id or "-")
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
    except (Unavailable, Rejected, NotSellable, Unmatched, NotOurs, Refused) as error:
        logger.warning("order %s could not be settled from the return page: %s", order.pk, type(error).__name__)


def settle_attempt(attempt: Attempt) -> None:
    """What an attempt of either kind came to. Raises Unavailable, Rejected, NotSellable, Unmatched, NotOurs."""
    ask = settle_intent if attempt.kind == AttemptKind.INTENT else settle_session
    ask(account_for(attempt.keypair), attempt.stripe_id or "-")


def settle_session(account: Account, session_id: str, *, event_id: int | None = None) -> None:
    """What a session of ours came to. Raises Unavailable, Rejected, Unmatched, NotOurs."""
    session = sessions.retrieve(account, session_id)
    if session["status"] == "complete" and session["payment_status"] == "unpaid":
        _processing(session, session.get("payment_intent"), event_id)
    elif session["status"] == "complete" and session.get("payment_intent"):
        settle_intent(account, session["payment_intent"], session=session, event_id=event_id)
    else:
        mark_done(event_id)


def settle_intent(
    account: Account, payment_intent_id: str, *, session: dict[str, Any] | None = None, event_id: int | None = None
) -> None:
    """What a payment intent of ours came to. Raises Unavailable, Rejected, Unmatched, NotOurs."""
    intent = intents.retrieve(account, payment_intent_id)
    if intent["status"] == "processing" and session is None:
        _processing(intent, intent["id"], event_id)
        return
    if intent["status"] != "succeeded":
        mark_done(event_id)
        return
    captured = _captured(intent, session)
    if captured.metadata.get("installation") != Installation.current():
        raise NotOurs
    refund_id = _record(account, captured, event_id)
    if refund_id is not None:
        refund.execute(refund_id)
    mails.send_outbox()


def _captured(intent: dict[str, Any], session: dict[str, Any] | None) -> Captured:
    charge = intent.get("latest_charge") or {}
    details = (session or {}).get("customer_details") or charge.get("billing_details") or {}
    return Captured(
        intent=intent["id"],
        amount=intent["amount_received"],
        currency=intent["currency"].upper(),
        livemode=intent["livemode"],
        paid_at=datetime.fromtimestamp(charge.get("created") or intent["created"], UTC),
        email=details.get("email") or intent.get("receipt_email") or "",
        metadata=intent.get("metadata") or {},
    )


@locks.retried
def _processing(paid_with: dict[str, Any], intent_id: str | None, event_id: int | None) -> None:
    """A delayed method: the buyer has done their part, the money is on its way. Stock stays held."""
    with locks.transaction():
        attempt = _attempt(paid_with.get("metadata") or {}, paid_with["id"])
        locks.lock_order(attempt.order_id)
        attempt = locks.lock_attempt(attempt.pk)
        if attempt.state not in (AttemptState.PROCESSING, AttemptState.SUCCEEDED, AttemptState.FAILED):
            check_move(AttemptState, attempt.state, AttemptState.PROCESSING)
            Attempt.objects.filter(pk=attempt.pk).update(
                state=AttemptState.PROCESSING, payment_intent_id=intent_id, updated=timezone.now()
            )
        mark_done(event_id)


def _attempt(metadata: dict[str, str], stripe_id: str | None = None) -> Attempt:
    if metadata.get("installation") != Installation.current():
        raise NotOurs
    known = Q(idempotency_key=metadata.get("attempt", "-")) | Q(stripe_id=stripe_id or "-")
    attempt = Attempt.objects.filter(known, order__token=metadata.get("order", "-")).first()
    if attempt is None:
        raise Unmatched
    return attempt


@locks.retried
def _record(account: Account, captured: Captured, event_id: int | None) -> int | None:
    """Write the payment and what follows from it. Returns the id of a refund to be made, if one is due."""
    with locks.transaction():
        attempt = _attempt(captured.metadata)
        order = locks.lock_order(attempt.order_id)
        attempt = locks.lock_attempt(attempt.pk)
        mark_done(event_id)
        if Payment.objects.filter(payment_intent_id=captured.intent).exists():
            return None
        disposition, note = _judge(order, attempt, account, captured)
        payment = Payment.objects.create(
            payment_intent_id=captured.intent,
            order=order,
            attempt=attempt,
            amount=captured.amount,
            currency=captured.currency,
            keypair=account.keypair,
            livemode=captured.livemode,
            disposition=disposition,
            note=note,
            paid_at=captured.paid_at,
        )
        _succeeded(attempt, captured.intent)
        if disposition == Disposition.APPLIED:
            _pay(order, captured)
            return None
        open_incident(note.partition(":")[0], captured.intent, note, order=order, payment=payment)
        return _due_refund(payment).pk if disposition == Disposition.SURPLUS else None


def _judge(order: Order, attempt: Attempt, account: Account, captured: Captured) -> tuple[Disposition, str]:
    wrong = [
        name
        for name, is_right in {
            "amount": captured.amount == attempt.amount == order.total or order.status == OrderStatus.DRAFT,
            "currency": captured.currency == order.currency,
            "account": account.keypair == attempt.keypair,
            "livemode": captured.livemode == account.livemode,
        }.items()
        if not is_right
    ]
    if wrong:
        return Disposition.REVIEW, f"payment_review: {', '.join(wrong)} not as ordered"
    if order.status == OrderStatus.PAID:
        return Disposition.SURPLUS, "double_payment: the order was paid already"
    if order.status == OrderStatus.PENDING or _can_still_be_had(order):
        return Disposition.APPLIED, ""
    return Disposition.SURPLUS, "paid_unfulfillable: paid after the order was closed, and no longer to be had"


def _can_still_be_had(order: Order) -> bool:
    """A late success on a closed order: take stock and discounts again, all or nothing."""
    if order.status not in (OrderStatus.EXPIRED, OrderStatus.CANCELLED) or not order.snapshot:
        return False
    try:
        with transaction.atomic():
            redemptions.hold(order)
            holds.take(order, Quote.from_json(order.snapshot))
    except Refused:
        return False
    return True


def _succeeded(attempt: Attempt, payment_intent_id: str) -> None:
    if attempt.state != AttemptState.SUCCEEDED:
        check_move(AttemptState, attempt.state, AttemptState.SUCCEEDED)
    Attempt.objects.filter(pk=attempt.pk).update(
        state=AttemptState.SUCCEEDED, payment_intent_id=payment_intent_id, updated=timezone.now()
    )


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
    _pay(order, Captured("", 0, order.currency, order.livemode, paid_at, order.email, {}))


def _pay(order: Order, captured: Captured) -> None:
    """Number, stock sold, discounts used, mail written: all in the caller's transaction."""
    check_move(OrderStatus, order.status, OrderStatus.PAID)
    order.number = _new_number()
    order.email = captured.email or order.email
    Order.objects.filter(pk=order.pk).update(
        status=OrderStatus.PAID, number=order.number, paid_at=captured.paid_at, email=order.email
    )
    holds.sell(order)
    redemptions.use(order)
    if order.email:
        OutboxMail.objects.create(order=order, kind="paid", dedupe_key=f"paid:{order.pk}", to=order.email)


def _new_number() -> str:
    """Not sequential, so that a number restored from a backup is never given twice and tells nobody the turnover."""
    while True:
        letters = "".join(secrets.choice(ALPHABET) for _ in range(8))
        number = f"{letters[:4]}-{letters[4:]}"
        if not Order.objects.filter(number=number).exists():
            return number


def _due_refund(payment: Payment) -> Refund:
    return Refund.objects.create(
        payment=payment,
        order=payment.order,
        amount=payment.amount,
        reason=payment.note,
        idempotency_key=f"surplus-{payment.payment_intent_id}"[:64],
    )


def mark_done(event_id: int | None, state: EventState = EventState.DONE) -> None:
    """Together with the event's effect, in the same transaction where there is one."""
    if event_id is not None:
        StripeEvent.objects.filter(pk=event_id).update(state=state, processed=timezone.now(), error="")

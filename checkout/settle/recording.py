"""The transaction in which money becomes a payment: locked, judged, and everything that follows from it."""

import secrets
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from products import written
from products.prepared import Prepared

from .. import downloads, holds, locks, redemptions
from ..gateway.accounts import Account
from ..incidents import open_incident
from ..models import Attempt, Hold, Order, OrderLine, OutboxMail, Payment, Refund
from ..quoting import lines_of
from ..refusals import Refused
from ..states import AttemptState, Disposition, OrderStatus, check_move
from .captured import Captured
from .matching import Unmatched, locked, mark_done
from .releasing import let_go

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that looks like something else


class _Had(NamedTuple):
    """What a locked order holds, and its lines with items and variants: read once, used by all that follows."""

    holds: list[Hold]
    lines: list[OrderLine]


@locks.retried
def record(account: Account, captured: Captured, event_id: int | None) -> int | None:
    """Write the payment and what follows from it. Returns the id of a refund to be made, if one is due."""
    with locks.transaction():
        try:
            order, attempt = locked(captured.metadata)
        except Unmatched:
            if not _is_known(captured):  # money without an order is recorded once
                raise
            mark_done(event_id)
            return None
        mark_done(event_id)
        if _is_known(captured):
            return None
        disposition, note, had = _judge(order, attempt, account, captured)
        payment = _write(account, captured, disposition, note, order=order, attempt=attempt)
        if account.keypair == attempt.keypair:
            _succeeded(attempt, captured.intent)
        if disposition == Disposition.APPLIED:
            pay(order, captured, had)
            return None
        open_incident(note.partition(":")[0], captured.intent, note, order=order, payment=payment)
        if disposition == Disposition.REVIEW:
            return None
        if order.status == OrderStatus.PENDING:  # it cannot be fulfilled: nobody shall wait for it
            let_go(order, OrderStatus.CANCELLED)
        return _due_refund(payment).pk


@locks.retried
def record_orphan(account: Account, captured: Captured) -> None:
    """Money of ours whose order does not exist here, for example after a backup was restored: a person decides."""
    with locks.transaction():
        if not _is_known(captured):
            note = "unmatched_payment: this shop asked for it, but knows no such order (was a backup restored?)"
            payment = _write(account, captured, Disposition.REVIEW, note)
            open_incident("unmatched_payment", captured.intent, note, payment=payment)


def _is_known(captured: Captured) -> bool:
    return bool(_known.rows(intent=captured.intent))


_known = Prepared(lambda intent: Payment.objects.filter(payment_intent_id=intent).values_list("pk"), intent=str)


def _write(
    account: Account,
    captured: Captured,
    disposition: Disposition,
    note: str,
    *,
    order: Order | None = None,
    attempt: Attempt | None = None,
) -> Payment:
    payment = Payment(
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
    written.insert(payment)
    return payment


def _judge(
    order: Order, attempt: Attempt, account: Account, captured: Captured
) -> tuple[Disposition, str, _Had | None]:
    """What becomes of the money, why, and of an order that can be fulfilled what it holds."""
    wrong = [
        name
        for name, is_right in {
            "amount": captured.amount == attempt.amount == order.total or order.status == OrderStatus.DRAFT,
            "currency": captured.currency == order.currency,
            "account": account.keypair == attempt.keypair,
            "livemode": captured.livemode == account.livemode == order.livemode,
        }.items()
        if not is_right
    ]
    if wrong:
        return Disposition.REVIEW, f"payment_review: {', '.join(wrong)} not as ordered", None
    if order.status == OrderStatus.PAID:
        return Disposition.SURPLUS, "double_payment: the order was paid already", None
    had = _had(order)
    if had is not None:
        return Disposition.APPLIED, "", had
    return Disposition.SURPLUS, "paid_unfulfillable: what was paid for is no longer to be had", None


def _had(order: Order) -> _Had | None:
    """Whatever of stock and discounts the order does not hold (any more) is taken again, all or nothing."""
    if order.status == OrderStatus.DRAFT or not order.snapshot:
        return None
    try:
        with transaction.atomic():
            if _is_discounted(order):
                redemptions.hold(order)
            lines = lines_of(order)
            return _Had(holds.take(order, lines), lines)
    except Refused:
        return None


def _is_discounted(order: Order) -> bool:
    """Whether its frozen quote names a discount; if not, there is no use of one to be looked for."""
    return bool(order.snapshot.get("discounts", True)) if order.snapshot else False


def _succeeded(attempt: Attempt, payment_intent_id: str) -> None:
    if attempt.state != AttemptState.SUCCEEDED:
        check_move(AttemptState, attempt.state, AttemptState.SUCCEEDED)
    fields = {"state": AttemptState.SUCCEEDED, "payment_intent_id": payment_intent_id, "error": ""}
    written.update(Attempt, attempt.pk, fields | {"updated": timezone.now()})


def pay(order: Order, captured: Captured, had: _Had | None = None) -> None:
    """Number, stock sold, discounts used, files given, mails written: all in the caller's transaction.

    `had`: what was read of it in this transaction.
    """
    check_move(OrderStatus, order.status, OrderStatus.PAID)
    order.number = _new_number()
    order.email = captured.email or order.email
    fields = {"status": OrderStatus.PAID, "number": order.number, "paid_at": captured.paid_at, "email": order.email}
    written.update(Order, order.pk, fields | {"shipping_address": captured.address, "closed_at": None})
    holds.sell(order, had.holds if had else None)
    if _is_discounted(order):
        redemptions.use(order)
    if order.email:
        written.insert(OutboxMail(order=order, kind="paid", dedupe_key=f"paid:{order.pk}", to=order.email))
    if downloads.give(order, had.lines if had else None):
        downloads.tell(order)


def _new_number() -> str:
    """Not sequential, so that a number restored from a backup is never given twice and tells nobody the turnover."""
    while True:
        letters = "".join(secrets.choice(ALPHABET) for _ in range(8))
        number = f"{letters[:4]}-{letters[4:]}"
        if not _numbered.rows(number=number):
            return number


_numbered = Prepared(lambda number: Order.objects.filter(number=number).values_list("pk"), number=str)


def _due_refund(payment: Payment) -> Refund:
    return Refund.objects.create(
        payment=payment,
        order=payment.order,
        amount=payment.amount,
        reason=payment.note,
        idempotency_key=f"surplus-{payment.payment_intent_id}"[:64],
    )

"""refund: the row comes first, then Stripe is asked with the row's key, so that asking twice refunds once."""

import logging
import secrets
from datetime import timedelta
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from products.money import format_money

from . import locks, mails, returning
from .gateway import paging, refunds
from .gateway.accounts import NotSellable, account_for
from .gateway.errors import Rejected, Unavailable
from .incidents import open_incident
from .models import OutboxMail, Payment, Refund
from .refusals import Refused
from .states import Origin, RefundState

logger = logging.getLogger(__name__)
STATES = {
    "succeeded": RefundState.SUCCEEDED,
    "pending": RefundState.PENDING,
    "requires_action": RefundState.PENDING,
    "failed": RefundState.FAILED,
    "canceled": RefundState.FAILED,
}
# An answer that was long on its way never overwrites a later one.
STAGES = [RefundState.REQUESTED, RefundState.PENDING, RefundState.SUCCEEDED, RefundState.FAILED]
KEY_LIVES = timedelta(hours=23)  # Stripe forgets a key after 24 hours; then the same key is a new request


def refundable(payment: Payment) -> int:
    """Minor units that can still go back: neither refunded nor taken by the buyer's bank."""
    asked = payment.refunds.exclude(state=RefundState.FAILED).aggregate(sum=Sum("amount"))["sum"] or 0
    return max(0, payment.amount - asked - payment.dispute_amount)


def form_key(payment: Payment) -> str:
    """Names the next refund of a payment: who asks on the same knowledge (twice, or two managers) asks for the same."""
    return f"refund-{payment.pk}-{payment.refunds.count()}"


def refund(
    payment_id: int,
    *,
    amount: int | None,
    reason: str,
    actor: str,
    key: str,
    lines: dict[int, int] | None = None,
    restock: bool = False,
    user: Any = None,
) -> Refund:
    """Send `amount` (minor units; None: all that is left) back, once for each `key`.

    `lines`: units sent back by order line; `restock`: they are on the shelf again. Raises Refused.
    """
    row = _ask(payment_id, amount, reason, actor, key, lines or {}, restock, user)
    execute(row.pk)
    mails.send_outbox()
    row.refresh_from_db()
    return row


@locks.retried
def _ask(
    payment_id: int,
    amount: int | None,
    reason: str,
    actor: str,
    key: str,
    lines: dict[int, int],
    restock: bool,
    user: Any,
) -> Refund:
    with locks.transaction():
        order_id = Payment.objects.values_list("order_id", flat=True).get(pk=payment_id)
        order = locks.lock_order(order_id) if order_id is not None else None
        payment = locks.lock_payment(payment_id)
        same = Refund.objects.filter(idempotency_key=key).first()
        if same is not None:
            return same
        left = refundable(payment)
        wanted = left if amount is None else amount
        _check(payment, wanted, left)
        if key != form_key(payment):
            raise Refused("refund_changed", "Somebody else has refunded meanwhile. Look at the order again.", 409)
        if order is not None and lines:
            returning.check(order, lines, restock=restock)
            if restock:
                returning.put_back(order, lines, user=user)
        return Refund.objects.create(
            payment=payment,
            order=order,
            amount=wanted,
            reason=reason[:200],
            actor=actor[:150],
            idempotency_key=key,
            lines={str(line): units for line, units in lines.items()},
            restocked=bool(lines) and restock,
        )


def _check(payment: Payment, wanted: int, left: int) -> None:
    if payment.disputed:
        raise Refused("disputed", "The buyer's bank disputes this payment: nothing is refunded until it decided.", 409)
    if left <= 0:
        raise Refused("refund_too_much", "Everything has been refunded already.", 409)
    if not 0 < wanted <= left:
        raise Refused("refund_too_much", f"At most {format_money(left, payment.currency)} can be refunded.", 409)


def execute(refund_id: int) -> None:
    """Ask Stripe for a requested refund. An unknown outcome leaves it requested; the same key is used again."""
    row = Refund.objects.select_related("payment", "order").get(pk=refund_id)
    if row.state != RefundState.REQUESTED:
        return
    payment = row.payment
    try:
        made = refunds.create(
            account_for(payment.keypair),
            payment_intent_id=payment.payment_intent_id,
            amount=row.amount,
            idempotency_key=row.idempotency_key or "",
            metadata={"refund": row.idempotency_key or ""},
        )
    except (Unavailable, NotSellable) as error:
        logger.warning("refund %s will be asked for again: %s", row.pk, type(error).__name__)
        Refund.objects.filter(pk=row.pk).update(updated=timezone.now())
    except Rejected as error:
        _rejected(row, error)
    else:
        _apply(payment.pk, payment.order_id, [made])


def _rejected(row: Refund, error: Rejected) -> None:
    changed = Refund.objects.filter(pk=row.pk, state=RefundState.REQUESTED, stripe_id=None).update(
        state=RefundState.FAILED, updated=timezone.now()
    )
    if changed:
        subject = f"refund {row.idempotency_key}"
        open_incident("refund_rejected", subject, error.message, order=row.order, payment=row.payment)


def execute_again(row: Refund) -> None:
    """A refund whose outcome is not known: the same key while Stripe remembers it, else look first.

    Raises Unavailable, Rejected, NotSellable, Refused.
    """
    if timezone.now() - row.created > KEY_LIVES:
        synchronise(row.payment)
        row.refresh_from_db()
        if row.state == RefundState.REQUESTED:  # it never came into being
            fresh = f"{(row.idempotency_key or '')[:40]}-{secrets.token_hex(8)}"
            Refund.objects.filter(pk=row.pk, state=RefundState.REQUESTED).update(
                idempotency_key=fresh, created=timezone.now()
            )
    execute(row.pk)


def synchronise(payment: Payment) -> None:
    """One row for each refund that Stripe knows of the payment, also those made in Stripe's dashboard.

    Raises Unavailable, Rejected, NotSellable, Refused.
    """
    account = account_for(payment.keypair)
    for page in paging.pages(account, "refunds", payment_intent=payment.payment_intent_id):
        _apply(payment.pk, payment.order_id, page)


@locks.retried
def _apply(payment_id: int, order_id: int | None, found: list[dict[str, Any]]) -> None:
    """What Stripe says of refunds of one payment, oldest first."""
    with locks.transaction():
        if order_id is not None:
            locks.lock_order(order_id)
        payment = locks.lock_payment(payment_id)
        for one in reversed(found):
            ours = (one.get("metadata") or {}).get("refund")
            row = Refund.objects.filter(stripe_id=one["id"]).first()
            row = row or (Refund.objects.filter(idempotency_key=ours, payment=payment).first() if ours else None)
            if row is None:
                _made_elsewhere(payment, one)
            else:
                _advance(payment, row, one)


def _made_elsewhere(payment: Payment, found: dict[str, Any]) -> None:
    row = Refund.objects.create(
        stripe_id=found["id"],
        payment=payment,
        order=payment.order,
        amount=found["amount"],
        state=STATES[found["status"]],
        origin=Origin.STRIPE,
        reason=found.get("reason") or "",
    )
    text = "Refunded in Stripe's dashboard; stock was not changed."
    open_incident("refund_made_at_stripe", found["id"], text, order=payment.order, payment=payment)
    if row.state == RefundState.FAILED:
        _tell_failed(payment, found["id"])


def _advance(payment: Payment, row: Refund, found: dict[str, Any]) -> None:
    state = STATES[found["status"]]
    if row.stripe_id is not None and STAGES.index(state) <= STAGES.index(RefundState(row.state)):
        return
    Refund.objects.filter(pk=row.pk).update(stripe_id=found["id"], state=state, updated=timezone.now())
    if state == RefundState.FAILED:
        _tell_failed(payment, found["id"])
    elif row.origin == Origin.SHOP and payment.order is not None and payment.order.email:
        OutboxMail.objects.get_or_create(
            dedupe_key=f"refunded:{found['id']}",
            defaults={"order": payment.order, "kind": "refunded", "refund": row, "to": payment.order.email},
        )


def _tell_failed(payment: Payment, stripe_id: str) -> None:
    text = "The money did not reach the buyer; the amount can be refunded again."
    open_incident("refund_failed", stripe_id, text, order=payment.order, payment=payment)

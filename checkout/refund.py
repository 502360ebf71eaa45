"""refund: the row comes first, then Stripe is asked with the row's key, so that asking twice refunds once."""

import logging

from django.utils import timezone

from .gateway import refunds
from .gateway.accounts import NotSellable, account_for
from .gateway.errors import Rejected, Unavailable
from .incidents import open_incident
from .models import Payment, Refund
from .states import Origin, RefundState

logger = logging.getLogger(__name__)
STATES = {
    "succeeded": RefundState.SUCCEEDED,
    "pending": RefundState.PENDING,
    "requires_action": RefundState.PENDING,
    "failed": RefundState.FAILED,
    "canceled": RefundState.FAILED,
}


def execute(refund_id: int) -> None:
    """Ask Stripe for a requested refund. An unknown outcome leaves it requested; the same key is used again."""
    refund = Refund.objects.select_related("payment", "order").get(pk=refund_id)
    if refund.state != RefundState.REQUESTED:
        return
    try:
        made = refunds.create(
            account_for(refund.payment.keypair),
            payment_intent_id=refund.payment.payment_intent_id,
            amount=refund.amount,
            idempotency_key=refund.idempotency_key or "",
            metadata={"refund": refund.idempotency_key or ""},
        )
    except (Unavailable, NotSellable) as error:
        logger.warning("refund %s will be asked for again: %s", refund.pk, type(error).__name__)
        return
    except Rejected as error:
        Refund.objects.filter(pk=refund.pk).update(state=RefundState.FAILED, updated=timezone.now())
        open_incident("refund_rejected", f"refund {refund.pk}", error.message, order=refund.order)
        return
    Refund.objects.filter(pk=refund.pk, stripe_id__isnull=True).update(
        stripe_id=made["id"], state=STATES[made["status"]], updated=timezone.now()
    )


def synchronise(payment: Payment) -> None:
    """One row for each refund that Stripe knows of the payment, also those made in Stripe's dashboard."""
    for found in refunds.of_intent(account_for(payment.keypair), payment.payment_intent_id):
        state = STATES[found["status"]]
        ours = (found.get("metadata") or {}).get("refund")
        row = Refund.objects.filter(stripe_id=found["id"]).first()
        row = row or (Refund.objects.filter(idempotency_key=ours, payment=payment).first() if ours else None)
        if row is None:
            Refund.objects.get_or_create(
                stripe_id=found["id"],
                defaults={
                    "payment": payment,
                    "order": payment.order,
                    "amount": found["amount"],
                    "state": state,
                    "origin": Origin.STRIPE,
                    "reason": found.get("reason") or "",
                },
            )
            open_incident(
                "refund_made_at_stripe",
                found["id"],
                "Refunded in Stripe's dashboard; stock was not changed.",
                order=payment.order,
                payment=payment,
            )
        elif row.state != state or row.stripe_id is None:
            Refund.objects.filter(pk=row.pk).update(stripe_id=found["id"], state=state, updated=timezone.now())
            if state == RefundState.FAILED:
                open_incident("refund_failed", found["id"], "The money did not arrive.", order=payment.order)

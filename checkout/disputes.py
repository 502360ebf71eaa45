"""Disputes: a buyer's bank takes money back. The shop shows it, refunds nothing meanwhile, and tells a person."""

from typing import Any

from . import locks
from .gateway import disputes
from .gateway.accounts import account_for
from .incidents import open_incident
from .models import Payment

# Stripe's words in the order in which they may follow each other; an older answer never overwrites a newer one.
STAGES = {
    "warning_needs_response": 1,
    "needs_response": 1,
    "warning_under_review": 2,
    "under_review": 2,
    "warning_closed": 3,
    "prevented": 3,
    "won": 3,
    "lost": 3,
}
OVER = 3
KEPT_BY_THE_BANK = "lost"


def synchronise(payment: Payment) -> None:
    """What Stripe knows of the payment's disputes. Raises Unavailable, Rejected, NotSellable, Refused."""
    found = disputes.of_intent(account_for(payment.keypair), payment.payment_intent_id)
    if found:
        _apply(payment.pk, payment.order_id, found)


@locks.retried
def _apply(payment_id: int, order_id: int | None, found: list[dict[str, Any]]) -> None:
    with locks.transaction():
        if order_id is not None:
            locks.lock_order(order_id)
        payment = locks.lock_payment(payment_id)
        newest = found[0]["status"]
        if (len(found), STAGES.get(newest, 1)) < (payment.disputes, STAGES.get(payment.dispute_status, 0)):
            return
        is_open = any(STAGES.get(one["status"], 1) < OVER for one in found)
        lost = [one for one in found if one["status"] == KEPT_BY_THE_BANK or STAGES.get(one["status"], 1) < OVER]
        Payment.objects.filter(pk=payment.pk).update(
            disputes=len(found),
            dispute_status=newest,
            dispute_amount=sum(one["amount"] for one in lost),
            disputed=is_open,
        )
        _tell(payment, found)


def _tell(payment: Payment, found: list[dict[str, Any]]) -> None:
    """Once each, whatever order the news comes in."""
    known = set(payment.incidents.values_list("kind", "subject"))
    for one in found:
        news = {
            "dispute": "The buyer's bank disputes this payment. Answer it in Stripe's dashboard before its deadline."
        }
        if one["status"] == KEPT_BY_THE_BANK:
            news["dispute_lost"] = "The dispute was lost: the bank keeps the money. Stock was not changed."
        for kind, text in news.items():
            if (kind, one["id"]) not in known:
                open_incident(kind, one["id"], text, order=payment.order, payment=payment)

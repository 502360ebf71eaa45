"""The half of `audit` that asks Stripe: is all money there also here, and the other way round?"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Min

from .gateway import paging
from .gateway.accounts import Account, account_or_none
from .models import Attempt, Installation, Payment, Refund
from .refund import STATES
from .states import RefundState

SLACK = timedelta(days=1)  # between Stripe's clock and ours
PORTION = 500
Breaches = Iterator[str]


class NoAccount(Exception):
    """The ledger names an account whose keys are not set."""


def _accounts() -> Iterator[tuple[Account, datetime]]:
    """Every account of the ledger, and since when it is used."""
    for keypair, first in Attempt.objects.order_by("keypair").values_list("keypair").annotate(Min("created")):
        account = account_or_none(keypair)
        if account is None:
            raise NoAccount(keypair)
        yield account, first - SLACK


def captured_equals_ledger() -> Breaches:
    """I2. Every intent of ours that succeeded has its payment of the same amount; every payment its intent."""
    marker = Installation.current()
    for account, since in _accounts():
        seen: set[int] = set()
        for page in paging.pages(account, "payment_intents", since=since):
            captured = {
                intent["id"]: intent["amount_received"]
                for intent in page
                if (intent.get("metadata") or {}).get("installation") == marker and intent["amount_received"]
            }
            yield from _compare_payments(captured, seen)
        yield from _payments_unseen(account, seen)


def _compare_payments(captured: dict[str, int], seen: set[int]) -> Breaches:
    rows = Payment.objects.filter(payment_intent_id__in=captured).values_list("pk", "payment_intent_id", "amount")
    known = {intent: (pk, amount) for pk, intent, amount in rows}
    for intent, amount in captured.items():
        if intent not in known:
            yield f"intent {intent}: {amount} captured at Stripe, no payment here"
            continue
        pk, ours = known[intent]
        seen.add(pk)
        if ours != amount:
            yield f"intent {intent}: {amount} captured at Stripe, {ours} here"


def _payments_unseen(account: Account, seen: set[int]) -> Breaches:
    ours = Payment.objects.filter(keypair=account.keypair, livemode=account.livemode, amount__gt=0).order_by("pk")
    for pk, intent in ours.values_list("pk", "payment_intent_id").iterator(chunk_size=PORTION):
        if pk not in seen:
            yield f"payment {intent}: not captured at Stripe"


def refunds_equal_ledger() -> Breaches:
    """I5, second half. Every refund of our payments has its row with the same amount and outcome, and back."""
    for account, since in _accounts():
        seen: set[int] = set()
        for page in paging.pages(account, "refunds", since=since):
            yield from _compare_refunds(page, seen)
        ours = Refund.objects.filter(payment__keypair=account.keypair, payment__livemode=account.livemode)
        for pk, stripe_id in ours.exclude(stripe_id=None).order_by("pk").values_list("pk", "stripe_id").iterator():
            if pk not in seen:
                yield f"refund {stripe_id}: not at Stripe"


def _compare_refunds(page: list[dict[str, Any]], seen: set[int]) -> Breaches:
    intents = [found["payment_intent"] for found in page if found.get("payment_intent")]
    ours = set(Payment.objects.filter(payment_intent_id__in=intents).values_list("payment_intent_id", flat=True))
    rows = {row.stripe_id: row for row in Refund.objects.filter(stripe_id__in=[found["id"] for found in page])}
    asked = [key for found in page if (key := (found.get("metadata") or {}).get("refund"))]
    by_key = {row.idempotency_key: row for row in Refund.objects.filter(stripe_id=None, idempotency_key__in=asked)}
    for found in page:
        if found.get("payment_intent") not in ours:
            continue
        row = rows.get(found["id"]) or by_key.get((found.get("metadata") or {}).get("refund"))
        if row is None:
            yield f"refund {found['id']}: {found['amount']} refunded at Stripe, no row here"
            continue
        seen.add(row.pk)
        failed = STATES[found["status"]] == RefundState.FAILED
        if row.amount != found["amount"] or failed != (row.state == RefundState.FAILED):
            yield f"refund {found['id']}: {found['amount']} {found['status']} at Stripe, {row.amount} {row.state} here"


CHECKS: dict[str, Callable[[], Breaches]] = {"I2": captured_equals_ledger, "I5": refunds_equal_ledger}

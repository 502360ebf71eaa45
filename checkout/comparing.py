"""Once a day the ledger is compared with Stripe, both ways, whatever the events said."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from tqdm import tqdm

from . import refund, settle
from .catching_up import since_last
from .gateway import intents, paging
from .gateway.accounts import Account
from .gateway.errors import Rejected
from .incidents import open_incident
from .models import Beat, Installation, Payment, Refund
from .refund import STATES

EVERY = timedelta(days=1)
WINDOW = timedelta(hours=48)
YOUNG = timedelta(minutes=10)  # its order may be committed any moment
NOT_FOUND = 404


def name_of(account: Account) -> str:
    return f"compare {account.keypair}"


def is_due(account: Account) -> bool:
    return Beat.is_due(name_of(account), EVERY)


def compare(account: Account, *, quiet: bool) -> int:
    """How many differences were repaired or told. Raises Unavailable, Rejected, NotSellable, Refused."""
    begun = timezone.now()
    since = since_last(name_of(account), WINDOW)
    seen: set[str] = set()
    differences = _read(account, "payment_intents", since, quiet, lambda page: _compare_intents(account, page, seen))
    differences += _read(account, "refunds", since, quiet, _compare_refunds)
    differences += _missing_at_stripe(account, since, seen)
    Beat.record(name_of(account), begun)
    return differences


def _read(
    account: Account,
    service: str,
    since: datetime,
    quiet: bool,
    look: Callable[[list[dict[str, Any]]], int],
) -> int:
    differences = 0
    with tqdm(desc=f"Comparing {service} of {account.keypair}", unit="object", disable=quiet or None) as progress:
        for page in paging.pages(account, service, since=since):
            differences += look(page)
            progress.update(len(page))
    return differences


def _compare_intents(account: Account, page: list[dict[str, Any]], seen: set[str]) -> int:
    seen.update(one["id"] for one in page)
    marker = Installation.current()
    captured = {
        one["id"]: one
        for one in page
        if one["status"] == "succeeded" and (one.get("metadata") or {}).get("installation") == marker
    }
    known = dict(Payment.objects.filter(payment_intent_id__in=captured).values_list("payment_intent_id", "amount"))
    differences = 0
    for intent_id, one in captured.items():
        if intent_id not in known:
            differences += _settle(account, one)
        elif known[intent_id] != one["amount_received"]:
            differences += 1
            open_incident("amount_differs", intent_id, f"Stripe captured {one['amount_received']}, the ledger differs")
    return differences


def _settle(account: Account, intent: dict[str, Any]) -> int:
    try:
        settle.settle_intent(account, intent["id"])
    except settle.Unmatched:
        if timezone.now().timestamp() - intent["created"] < YOUNG.total_seconds():
            return 0
        settle.settle_orphan(account, intent["id"])
    return 1


def _compare_refunds(page: list[dict[str, Any]]) -> int:
    of_intent = {one["payment_intent"] for one in page if one.get("payment_intent")}
    payments = Payment.objects.filter(payment_intent_id__in=of_intent).select_related("order")
    states = dict(Refund.objects.filter(stripe_id__in=[one["id"] for one in page]).values_list("stripe_id", "state"))
    different = {one["payment_intent"] for one in page if states.get(one["id"]) != STATES[one["status"]]}
    differing = [payment for payment in payments if payment.payment_intent_id in different]
    for payment in differing:
        refund.synchronise(payment)
    return len(differing)


def _missing_at_stripe(account: Account, since: datetime, seen: set[str]) -> int:
    """Money that the ledger has and Stripe does not: restored from elsewhere, or keys of another account."""
    mine = Payment.objects.filter(
        keypair=account.keypair, livemode=account.livemode, amount__gt=0, created__gte=since
    ).order_by("pk")
    missing = 0
    for payment in mine.select_related("order").iterator(chunk_size=200):
        if payment.payment_intent_id in seen:
            continue
        try:
            intents.retrieve(account, payment.payment_intent_id)
        except Rejected as error:
            if error.status != NOT_FOUND:
                raise
            missing += 1
            text = "The ledger has this payment, but its account at Stripe does not know it."
            subject = payment.payment_intent_id
            open_incident("payment_not_at_stripe", subject, text, order=payment.order, payment=payment)
    return missing

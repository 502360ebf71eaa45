"""Refunds: https://docs.stripe.com/api/refunds ."""

from typing import Any

from .accounts import Account
from .client import call


def create(
    account: Account, *, payment_intent_id: str, amount: int, idempotency_key: str, metadata: dict[str, str]
) -> dict[str, Any]:
    """Sends `amount` (minor units) back. Rejected if more than is left."""
    params = {"payment_intent": payment_intent_id, "amount": amount, "metadata": metadata}
    return call(account, "refunds", "create", params, {"idempotency_key": idempotency_key})


def of_intent(account: Account, payment_intent_id: str) -> list[dict[str, Any]]:
    """Every refund of an intent, made here or at Stripe."""
    return call(account, "refunds", "list", {"payment_intent": payment_intent_id, "limit": 100})["data"]

"""Disputes: https://docs.stripe.com/api/disputes ."""

from typing import Any

from .accounts import Account
from .client import call


def of_intent(account: Account, payment_intent_id: str) -> list[dict[str, Any]]:
    """Every dispute of an intent's charge, the newest first."""
    return call(account, "disputes", "list", {"payment_intent": payment_intent_id, "limit": 100})["data"]

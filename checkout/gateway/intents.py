"""Payment Intents: https://docs.stripe.com/api/payment_intents ."""

from typing import Any

from .accounts import Account
from .client import call


def retrieve(account: Account, payment_intent_id: str) -> dict[str, Any]:
    """The intent with its latest charge, whose `created` is the time of the payment."""
    return call(account, "payment_intents", "retrieve", payment_intent_id, {"expand": ["latest_charge"]})


def create(account: Account, params: dict[str, Any], *, idempotency_key: str) -> dict[str, Any]:
    """Makes an intent without a payment method. The same key and parameters give the same intent."""
    return call(account, "payment_intents", "create", params, {"idempotency_key": idempotency_key})


def update(account: Account, payment_intent_id: str, params: dict[str, Any]) -> dict[str, Any]:
    """Gives it other figures; Rejected if it is paid, being paid or canceled.

    No key: the figures are absolute, so a repeat is harmless, while a stored answer to figures the order had
    before (two edits that cancel each other out) would leave the intent at the wrong ones.
    """
    return call(account, "payment_intents", "update", payment_intent_id, params)


def cancel(account: Account, payment_intent_id: str) -> dict[str, Any]:
    """Gives the intent up; Rejected if it is paid, being paid or canceled."""
    return call(account, "payment_intents", "cancel", payment_intent_id)

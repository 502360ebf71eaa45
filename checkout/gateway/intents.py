"""Payment Intents: https://docs.stripe.com/api/payment_intents ."""

from typing import Any

from .accounts import Account
from .client import call


def retrieve(account: Account, payment_intent_id: str) -> dict[str, Any]:
    """The intent with its latest charge, whose `created` is the time of the payment."""
    return call(account, "payment_intents", "retrieve", payment_intent_id, {"expand": ["latest_charge"]})

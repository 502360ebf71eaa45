"""Checkout Sessions: https://docs.stripe.com/api/checkout/sessions ."""

from typing import Any
from urllib.parse import quote

from .accounts import Account
from .client import ask, call

PATH = "/v1/checkout/sessions"


def create(account: Account, params: dict[str, Any], *, idempotency_key: str) -> dict[str, Any]:
    """Opens the payment page. The same key and parameters give the same session."""
    return ask(account, "checkout.sessions.create", "post", PATH, **params, idempotency_key=idempotency_key)


def retrieve(account: Account, session_id: str) -> dict[str, Any]:
    """The session as it stands now."""
    return call(account, "checkout.sessions", "retrieve", session_id)


def retrieve_with_intent(account: Account, session_id: str) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """The session, and in the same answer its intent as intents.retrieve() gives it; None while it has none."""
    path = f"{PATH}/{quote(session_id, safe='')}"
    session = ask(account, "checkout.sessions.retrieve", "get", path, expand=["payment_intent.latest_charge"])
    intent = session.get("payment_intent")
    return session | {"payment_intent": intent["id"] if intent else None}, intent


def expire(account: Account, session_id: str) -> dict[str, Any]:
    """Closes the payment page; Rejected if it is not open any more."""
    return call(account, "checkout.sessions", "expire", session_id)


def of_intent(account: Account, payment_intent_id: str) -> dict[str, Any] | None:
    """The session that made an intent, if one did."""
    found = call(account, "checkout.sessions", "list", {"payment_intent": payment_intent_id, "limit": 1})["data"]
    return found[0] if found else None

"""How an account stands at Stripe, for the doctor."""

from typing import Any

from .accounts import Account
from .client import call


def account(account: Account) -> dict[str, Any]:
    """The account behind the key. Raises Unavailable or Rejected."""
    return call(account, "accounts", "retrieve_current")


def webhook_endpoints(account: Account) -> list[dict[str, Any]]:
    """Where the account sends its events. Raises Unavailable or Rejected."""
    found: list[dict[str, Any]] = call(account, "webhook_endpoints", "list", {"limit": 100})["data"]
    return found

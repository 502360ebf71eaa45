"""Key sets of the pretend accounts: one account per currency, told apart by the key alone, as at Stripe."""

import hashlib
import hmac
import re

from django.conf import settings

_SECRET = re.compile(r"^[sr]k_test_sandbox_([a-z]{3})$")
_PUBLISHABLE = re.compile(r"^pk_test_sandbox_([a-z]{3})$")


def secret_key(currency: str) -> str:
    """`"USD"` → the key the shop's server uses for that account."""
    return f"sk_test_sandbox_{currency.lower()}"


def publishable_key(currency: str) -> str:
    """`"USD"` → the key a browser may know."""
    return f"pk_test_sandbox_{currency.lower()}"


def webhook_secret(currency: str) -> str:
    """`"USD"` → the secret that signs this account's events; differs for each installation and each currency."""
    message = f"sandbox webhook {currency.upper()}".encode()
    return "whsec_" + hmac.new(settings.SECRET_KEY.encode(), message, hashlib.sha256).hexdigest()


def account_of_secret(key: str) -> str | None:
    """The account (upper-case currency) of a secret or restricted key; None if it is not one."""
    match = _SECRET.match(key)
    return match[1].upper() if match else None


def account_of_publishable(key: str) -> str | None:
    """The account (upper-case currency) of a publishable key; None if it is not one."""
    match = _PUBLISHABLE.match(key)
    return match[1].upper() if match else None

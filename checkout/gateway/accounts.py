"""One Stripe account per currency. Nothing ever falls back to another account."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from checkout.models import Attempt
from checkout.sandbox import keys
from products import currencies


class NotSellable(Exception):
    """No account takes that currency; the message names the missing settings."""


@dataclass(frozen=True, slots=True)
class Account:
    """A key set. `keypair` is its name: the currency it takes."""

    keypair: str
    secret_key: str
    publishable_key: str
    webhook_secrets: tuple[str, ...]

    @property
    def livemode(self) -> bool:
        return self.secret_key.startswith(("sk_live_", "rk_live_"))

    def __repr__(self) -> str:  # a traceback must not show keys
        return f"<Account {self.keypair} {'live' if self.livemode else 'test'}>"


def account_for(currency: str) -> Account:
    """The account that takes `currency`. Raises NotSellable."""
    missing = currencies.missing_settings(currency)
    if missing:
        raise NotSellable(f"{currency} cannot be sold: {', '.join(missing)} not set")
    if settings.STRIPE_SANDBOX:
        return Account(
            currency, keys.secret_key(currency), keys.publishable_key(currency), (keys.webhook_secret(currency),)
        )
    found: dict[str, Any] = settings.STRIPE_ACCOUNTS[currency]
    return Account(currency, found["secret_key"], found["publishable_key"], tuple(found["webhook_secrets"]))


def webhook_accounts(hint: str = "") -> list[Account]:
    """Accounts whose secret may have signed an event. `hint`: in the sandbox, which has an account for any currency."""
    if settings.STRIPE_SANDBOX:
        return [account_for(hint)] if hint else []
    return [account_for(name) for name in settings.STRIPE_ACCOUNTS if currencies.is_sellable(name)]


def all_accounts() -> list[Account]:
    """Every account that can take money; the sandbox's are those it was asked for."""
    names: list[str] = list(settings.STRIPE_ACCOUNTS)
    if settings.STRIPE_SANDBOX:
        names = list(Attempt.objects.order_by("keypair").values_list("keypair", flat=True).distinct())
    return [account_for(name) for name in names if currencies.is_sellable(name)]


def account_or_none(currency: str) -> Account | None:
    """The same, None where no account takes it (any more)."""
    try:
        return account_for(currency)
    except NotSellable:
        return None


def move_no_money() -> bool:
    """Whether Stripe's keys are of its test mode. (Settings refuse a mixture.)"""
    return not settings.STRIPE_SANDBOX and any(not account.livemode for account in all_accounts())

"""Which currencies can be sold: those whose Stripe account is set up, or all of them in the sandbox."""

from django.conf import settings


def missing_settings(currency: str) -> list[str]:
    """Names of the environment variables without which nothing can be sold in `currency`; empty if it is sellable."""
    if settings.STRIPE_SANDBOX:
        return []
    account = settings.STRIPE_ACCOUNTS.get(currency, {})
    needed = {"secret_key": "STRIPE_SECRET_KEY", "publishable_key": "STRIPE_PUBLISHABLE_KEY"}
    if not settings.DEBUG:
        needed["webhook_secrets"] = "STRIPE_WEBHOOK_SECRET"
    return [f"{name}_{currency}" for key, name in needed.items() if not account.get(key)]


def sellable() -> list[str]:
    """The currencies that have a complete account; in the sandbox the usual three."""
    if settings.STRIPE_SANDBOX:
        return ["USD", "EUR", "JPY"]
    return sorted(name for name in settings.STRIPE_ACCOUNTS if is_sellable(name))


def is_sellable(currency: str) -> bool:
    """Whether a payment in `currency` has an account to go to."""
    return not missing_settings(currency)

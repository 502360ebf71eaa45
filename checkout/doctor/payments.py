"""Each currency's account: keys, whether Stripe knows them, whether its events reach us."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings

from products.currencies import missing_settings

from .. import inbox
from ..gateway import standing
from ..gateway.accounts import account_for
from ..gateway.client import API_VERSION
from ..gateway.errors import Rejected, Unavailable
from ..models import StripeEvent
from .finding import GREEN, RED, YELLOW, Finding


def currencies() -> Iterator[Finding]:
    if settings.STRIPE_SANDBOX:
        text = "are pretended: the built-in sandbox is on. Set keys to take money (docs/stripe.md)."
        yield Finding(YELLOW, "payments", text)
    elif not settings.STRIPE_ACCOUNTS:
        text = "no currency has keys and the sandbox is off, so nothing can be sold: set keys (docs/stripe.md)."
        yield Finding(RED, "payments", text)
    mode = "live" if settings.STRIPE_LIVE else "test"
    for currency, account in settings.STRIPE_ACCOUNTS.items():
        missing = missing_settings(currency)
        if missing:
            yield Finding(RED, currency, f"cannot be sold: set {', '.join(missing)}")
            continue
        secrets = len(account["webhook_secrets"])
        if not secrets:
            text = f"{mode} keys, no webhook secret: set STRIPE_WEBHOOK_SECRET_{currency}, or payments settle late"
            yield Finding(YELLOW, currency, text)
        else:
            rotating = ", two webhook secrets (remove the old one when Stripe no longer uses it)" if secrets > 1 else ""
            yield Finding(GREEN, currency, f"{mode} keys, webhook secret set{rotating}")


def accounts() -> Iterator[Finding]:
    """Asks Stripe. With the sandbox on there is nobody to ask."""
    if settings.STRIPE_SANDBOX:
        return
    for currency in settings.STRIPE_ACCOUNTS:
        if not missing_settings(currency):
            yield from _account(currency)


def _account(currency: str) -> Iterator[Finding]:
    subject = f"{currency} account"
    try:
        found = standing.account(account_for(currency))
    except Unavailable:
        yield Finding(YELLOW, subject, "Stripe does not answer now. Try again; https://status.stripe.com tells more.")
        return
    except Rejected as error:
        if error.status == 401:
            yield Finding(RED, subject, f"Stripe does not know the key: copy STRIPE_SECRET_KEY_{currency} anew.")
        else:  # a restricted key need not be allowed to read its account
            text = "the restricted key may not read its account: add “Accounts: read”, or ignore this."
            yield Finding(YELLOW, subject, text)
        return
    name = f"{found.get('id')} ({found.get('country')})"
    if not found.get("charges_enabled"):
        text = f"{name} may not take payments yet: finish its activation in Stripe's dashboard."
        yield Finding(RED if settings.STRIPE_LIVE else YELLOW, subject, text)
    else:
        yield Finding(GREEN, subject, f"{name} takes payments")
    yield from _endpoint(currency)


def _endpoint(currency: str) -> Iterator[Finding]:
    subject, url = f"{currency} webhook", f"{settings.BASE_URL}/stripe/webhook/"
    try:
        endpoints = standing.webhook_endpoints(account_for(currency))
    except (Unavailable, Rejected):
        text = f"the key may not list endpoints. See yourself that one leads to {url}."
        yield Finding(YELLOW, subject, text)
        return
    ours = [one for one in endpoints if str(one.get("url", "")).rstrip("/") == url.rstrip("/")]
    if not ours:
        yield Finding(RED, subject, f"the account sends nothing here: add an endpoint for {url} (docs/stripe.md).")
        return
    yield from _judged(subject, ours[0])


def _judged(subject: str, endpoint: dict[str, Any]) -> Iterator[Finding]:
    wanted, sent = set(inbox.HANDLERS), set(endpoint.get("enabled_events") or [])
    lacking = sorted(wanted - sent) if "*" not in sent else []
    if endpoint.get("status") != "enabled":
        yield Finding(RED, subject, "the endpoint is switched off: enable it in Stripe's dashboard.")
    elif lacking:
        yield Finding(RED, subject, f"the endpoint does not send {', '.join(lacking)}: add them.")
    elif endpoint.get("api_version") != API_VERSION:
        version = endpoint.get("api_version") or "the account's default"
        text = f"the endpoint speaks version {version}: make one with {API_VERSION} and take its secret."
        yield Finding(YELLOW, subject, text)
    else:
        yield Finding(GREEN, subject, f"the endpoint is enabled and sends all {len(wanted)} kinds of events")


def events() -> Iterator[Finding]:
    """The last word that came from each account."""
    for currency in settings.STRIPE_ACCOUNTS:
        last = StripeEvent.objects.filter(keypair=currency).order_by("-received").first()
        if last is None:
            text = f"none yet: does the account send to {settings.BASE_URL}/stripe/webhook/ ? Buy something to see."
            yield Finding(YELLOW, f"{currency} events", text)
        else:
            yield Finding(GREEN, f"{currency} events", f"last at {last.received:%Y-%m-%d %H:%M} UTC ({last.type})")

"""The sandbox as an app: its tables are always there, its routes and its courier only when it is switched on."""

from collections.abc import Iterable

from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import request_finished
from django.utils import timezone

LIVE_PREFIXES = ("sk_live_", "rk_live_", "pk_live_")


class SandboxConfig(AppConfig):
    name = "checkout.sandbox"
    label = "sandbox"
    verbose_name = "Payment sandbox"

    def ready(self) -> None:
        if not settings.STRIPE_SANDBOX:
            return
        refuse_beside_live_keys(settings.STRIPE_ACCOUNTS)
        from . import alarm, housekeeping

        request_finished.connect(housekeeping.after_request, dispatch_uid="sandbox-housekeeping")
        alarm.remember(timezone.now())  # what the process before this one left undone


def refuse_beside_live_keys(accounts: dict[str, dict]) -> None:
    """Raises ImproperlyConfigured, naming the currency but never the key: pretended and real money must not meet."""
    for currency, account in accounts.items():
        if any(value.startswith(LIVE_PREFIXES) for value in _texts(account.values())):
            raise ImproperlyConfigured(
                f"STRIPE_SANDBOX is on, but the keys of {currency} are live. Set STRIPE_SANDBOX=0 or remove the keys."
            )


def _texts(values: Iterable[object]) -> Iterable[str]:
    return (value for value in values if isinstance(value, str))

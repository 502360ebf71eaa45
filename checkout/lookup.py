"""An attempt whose making got no answer, and may not be asked again with its key: look for it at Stripe.

Only when Stripe has no object with its name may a new key be used, and that is a new attempt.
"""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from . import close, settle
from .gateway import paging
from .gateway.accounts import Account, account_for
from .models import Attempt
from .start import asking
from .states import AttemptKind

KEY_LIVES = timedelta(hours=23)  # Stripe forgets a key after 24 hours; then the same key makes another object
SLACK = timedelta(hours=1)  # between Stripe's clock and ours
SERVICES = {AttemptKind.SESSION: "checkout.sessions", AttemptKind.INTENT: "payment_intents"}


def is_key_spent(attempt: Attempt) -> bool:
    return timezone.now() - attempt.created > KEY_LIVES


def resolve(attempt: Attempt) -> bool:
    """Whether the attempt was found. Then it goes on as if its answer had come; else it failed and the order is a
    draft again. Raises Unavailable, Rejected, NotSellable, Refused.
    """
    found = _find(account_for(attempt.keypair), attempt)
    if found is None:
        close.fail(attempt.pk, error="never came into being at Stripe")
        return False
    settle.settle_attempt(asking.keep(attempt, found))
    return True


def _find(account: Account, attempt: Attempt) -> dict[str, Any] | None:
    since = attempt.created - SLACK
    for page in paging.pages(account, SERVICES[AttemptKind(attempt.kind)], since=since):
        for one in page:
            if (one.get("metadata") or {}).get("attempt") == attempt.idempotency_key:
                return one
    return None

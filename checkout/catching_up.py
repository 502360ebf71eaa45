"""What the webhook may have missed: Stripe's list of events, read on from where it was last read to the end."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from tqdm import tqdm

from . import inbox
from .gateway import events, paging
from .gateway.accounts import Account
from .models import Beat, StripeEvent
from .states import EventState

KEPT = timedelta(days=30)  # by Stripe
OVERLAP = timedelta(hours=1)  # an event may be listed later than its time says


def cursor_of(account: Account) -> str:
    return f"events {account.keypair}"


def read_events(account: Account, *, quiet: bool) -> tuple[int, int]:
    """(acted on, to be tried again). Stopped in the middle it begins again at the same place; what is done is
    skipped. Raises Unavailable, Rejected.
    """
    begun = timezone.now()
    since = (Beat.last(cursor_of(account)) or begun - KEPT) - OVERLAP
    done = failed = 0
    with tqdm(desc=f"Events of {account.keypair}", unit="event", disable=quiet or None) as progress:
        for page in paging.pages(account, "events", since=since, types=list(inbox.HANDLERS)):
            for data in _not_done(account, page):
                if inbox.accept(events.listed(account, data)) < 300:
                    done += 1
                else:
                    failed += 1
            progress.update(len(page))
    Beat.record(cursor_of(account), begun)
    return done, failed


def _not_done(account: Account, page: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Oldest first. What could not be acted on is stored, and tried again from there."""
    known = StripeEvent.objects.filter(keypair=account.keypair, event_id__in=[data["id"] for data in page])
    skipped = set(known.exclude(state=EventState.NEW).values_list("event_id", flat=True))
    return [data for data in reversed(page) if data["id"] not in skipped]


def since_last(name: str, at_least: timedelta) -> datetime:
    """From when a comparison must look: `at_least` back, and further after a downtime."""
    horizon = timezone.now() - at_least
    last = Beat.last(name)
    return min(horizon, last - OVERLAP) if last else timezone.now() - KEPT

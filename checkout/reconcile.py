"""reconcile: ask Stripe about everything that is not settled, and repair it. Safe to run many at once."""

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta

from django.utils import timezone

from . import close, inbox, refund, start
from .gateway.errors import Rejected, Unavailable
from .models import Attempt, Beat, Refund, StripeEvent
from .refusals import Refused
from .states import AttemptState, EventState, OrderStatus, RefundState

logger = logging.getLogger(__name__)
PATIENCE = timedelta(seconds=60)


def reconcile() -> dict[str, int]:
    """Counts of what was looked at: unfinished attempts, overdue payment pages, stored events, refunds."""
    before = timezone.now() - PATIENCE
    unfinished = Attempt.objects.filter(state__in=start.WAITING, updated__lt=before).select_related("order")
    overdue = Attempt.objects.filter(state=AttemptState.OPEN, expires_at__lt=before)
    events = StripeEvent.objects.filter(state__in=(EventState.NEW, EventState.UNMATCHED), received__lt=before)
    asked = Refund.objects.filter(state=RefundState.REQUESTED, updated__lt=before)
    counts = {
        "attempts": _each(unfinished, start.open_at_stripe),
        "overdue": _each(overdue, lambda one: close.close_attempt(one.pk, then=OrderStatus.EXPIRED)),
        "events": _each(events.order_by("received"), inbox.process_again),
        "refunds": _each(asked, lambda one: refund.execute(one.pk)),
    }
    Beat.record("reconcile")
    return counts


def _each(rows: Iterable, repair: Callable) -> int:
    """One that cannot be repaired now must not keep the others waiting."""
    count = 0
    for row in list(rows):
        count += 1
        try:
            repair(row)
        except (Unavailable, Rejected, Refused) as error:
            logger.warning("%s stays as it is for now: %s", row, type(error).__name__)
    return count

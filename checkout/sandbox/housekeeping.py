"""What the sandbox does by itself as time goes by: sessions expire, refunds finish, events are delivered."""

import logging
from datetime import UTC, datetime, timedelta

from django.db.models import Min
from django.utils import timezone

from . import alarm, delivery, idempotency
from .models import DeliveryStatus, SandboxDelivery, SandboxObject
from .resources import refunds, sessions

logger = logging.getLogger(__name__)
RETRY = timedelta(seconds=10)


def run() -> dict[str, int]:
    """Everything that is due, for `manage.py tick`; safe to run several times at once. Returns counts for the log."""
    idempotency.prune()
    return _due_work()


def after_request(**_kwargs: object) -> None:
    """Receiver of Django's `request_finished`: the visitor has the answer, and events may follow it."""
    if not alarm.rings():
        return
    try:
        _due_work()
        following = _following()
    except Exception:
        # The response has been sent: whatever is wrong here must not become the visitor's trouble.
        logger.exception("the payment sandbox could not do what was due")
        following = timezone.now() + RETRY
    if following is not None:
        alarm.remember(following)


def _due_work() -> dict[str, int]:
    return {
        "expired": sessions.expire_due(),
        "refunds": refunds.finish_due(),
        "delivered": delivery.deliver_due(),
    }


def _following() -> datetime | None:
    """When something falls due next, as far as the database knows."""
    waiting = SandboxDelivery.objects.filter(status=DeliveryStatus.WAITING).aggregate(first=Min("due_at"))["first"]
    changing = SandboxObject.objects.filter(due_at__isnull=False).aggregate(first=Min("due_at"))["first"]
    moments = [waiting] if waiting else []
    if changing:
        moments.append(datetime.fromtimestamp(changing, UTC))
    return min(moments, default=None)

"""Events: a snapshot of the object at that moment, and the copies of it that are on their way to the shop."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta

from django.db import models
from django.utils import timezone

from . import alarm, delivery, store
from .models import SandboxDelivery, SandboxEvent

API_VERSION = "2026-10-28.endive"
LATE = timedelta(seconds=20)


class Webhook(models.TextChoices):
    """When the shop hears of what happens, relative to the buyer's way back."""

    AFTER = "after", "After the redirect"
    BEFORE = "before", "Before the redirect"
    TWICE = "twice", "Twice, after the redirect"
    LATE = "late", "Late: 20 seconds after the redirect"
    NEVER = "never", "Never"


_webhook: ContextVar[Webhook] = ContextVar("sandbox_webhook", default=Webhook.AFTER)
request_of: ContextVar[dict[str, str | None]] = ContextVar("sandbox_request")


@contextmanager
def webhooks(when: Webhook) -> Iterator[None]:
    """Events of this block arrive when the person at the payment page wants them to."""
    token = _webhook.set(when)
    try:
        yield
    finally:
        _webhook.reset(token)
    if when is Webhook.BEFORE:
        delivery.deliver_due()


def emit(account: str, kind: str, data: dict) -> SandboxEvent:
    """Records the event `kind` of the object `data` and queues its deliveries, in the caller's transaction."""
    event_id, created = store.new_id("evt_"), store.now()
    body = {
        "id": event_id,
        "object": "event",
        "api_version": API_VERSION,
        "created": created,
        "data": {"object": copy.deepcopy(data)},
        "livemode": False,
        "pending_webhooks": 1,
        "request": request_of.get({"id": None, "idempotency_key": None}),
        "type": kind,
    }
    event = SandboxEvent.objects.create(account=account, event_id=event_id, type=kind, created=created, body=body)
    when = _webhook.get()
    copies = {Webhook.TWICE: 2, Webhook.NEVER: 0}.get(when, 1)
    due_at = timezone.now() + (LATE if when is Webhook.LATE else timedelta(0))
    SandboxDelivery.objects.bulk_create([SandboxDelivery(event=event, due_at=due_at) for _ in range(copies)])
    if copies:
        alarm.expect(due_at)
    return event

"""Signed events on their way to the shop: who carries them, when, and what happens if the shop does not answer 2xx."""

import hashlib
import hmac
import json
import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from . import keys
from .models import DeliveryStatus, SandboxDelivery

logger = logging.getLogger(__name__)
Receiver = Callable[[bytes, str], int]

CLAIM = timedelta(seconds=60)  # a worker that died with a delivery in hand gives it back after this
GIVE_UP = timedelta(days=3)
BACKOFF = [timedelta(seconds=seconds) for seconds in (10, 60, 300, 1800, 3600, 3 * 3600)]
BATCH = 200


def deliver_due(now: datetime | None = None, receive: Receiver | None = None) -> int:
    """Hands every due event to the shop, oldest first, each by one worker only. Returns how many were accepted.

    What an accepted event sets off (a refund and its events) is delivered by the same call.
    """
    receive = receive or _shop()
    tried: list[int] = []
    accepted = 0
    while len(tried) < BATCH:
        batch = list(_due(now or timezone.now()).exclude(pk__in=tried)[:20])
        if not batch:
            break
        for delivery in batch:
            tried.append(delivery.pk)
            accepted += _claim(delivery) and _deliver(delivery, receive)
    return accepted


def _shop() -> Receiver:
    from checkout.inbox import receive  # the shop is above the sandbox: looked up when it is needed

    return receive


def _due(now: datetime):
    waiting = Q(status=DeliveryStatus.WAITING, due_at__lte=now)
    left_behind = Q(status=DeliveryStatus.CLAIMED, due_at__lte=timezone.now())
    return SandboxDelivery.objects.filter(waiting | left_behind).select_related("event").order_by("due_at", "pk")


def _claim(delivery: SandboxDelivery) -> bool:
    """Takes the delivery by a conditional update: of several workers exactly one sees a row change."""
    until = timezone.now() + CLAIM
    taken = SandboxDelivery.objects.filter(pk=delivery.pk, status=delivery.status, due_at=delivery.due_at).update(
        status=DeliveryStatus.CLAIMED, due_at=until, attempts=delivery.attempts + 1
    )
    delivery.attempts += 1
    return bool(taken)


def _deliver(delivery: SandboxDelivery, receive: Receiver) -> bool:
    body = json.dumps(delivery.event.body, separators=(",", ":")).encode()
    try:
        answer = receive(body, signature(body, keys.webhook_secret(delivery.event.account)))
    except Exception as error:
        # A shop that breaks is a webhook endpoint that answers 500, and must not break the courier.
        logger.exception("the shop failed on event %s", delivery.event.event_id)
        return _put_back(delivery, f"{type(error).__name__}: {error}"[:200])
    if not 200 <= answer < 300:
        return _put_back(delivery, f"HTTP {answer}")
    SandboxDelivery.objects.filter(pk=delivery.pk).update(
        status=DeliveryStatus.DELIVERED, delivered_at=timezone.now(), last_answer=f"HTTP {answer}"
    )
    return True


def _put_back(delivery: SandboxDelivery, answer: str) -> bool:
    now = timezone.now()
    due_at = now + BACKOFF[min(delivery.attempts, len(BACKOFF)) - 1]
    too_old = due_at.timestamp() - delivery.event.created > GIVE_UP.total_seconds()
    status = DeliveryStatus.GAVE_UP if too_old else DeliveryStatus.WAITING
    SandboxDelivery.objects.filter(pk=delivery.pk).update(status=status, due_at=due_at, last_answer=answer)
    return False


def signature(body: bytes, secret: str, moment: int | None = None) -> str:
    """The `Stripe-Signature` header of `body`; `moment` in Unix seconds, default now."""
    moment = int(time.time()) if moment is None else moment
    digest = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"

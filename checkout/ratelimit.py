"""Limits on tries. A window begins with a visitor's first try; each step is one conditional statement."""

import math
import secrets
from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext

from . import refusals
from .models import Hold, Order, RateCount
from .states import LIVE_ATTEMPT, HoldState, OrderStatus
from .visitors import Visitor

OPEN_HOLDS = 5
PRUNE_ONE_IN = 200
PRUNE_AFTER = timedelta(days=1)


def check(scope: str, identity: str, limit: int, seconds: int) -> None:
    """Counts one try. Raises Refused (429) from the try after `limit` within `seconds` of the first."""
    hashed = salted_hmac("checkout.ratelimit", identity, algorithm="sha256").hexdigest()
    now = timezone.now()
    since = now - timedelta(seconds=seconds)
    rows = RateCount.objects.filter(scope=scope, identity=hashed)
    if _count(rows, limit, since):
        return
    if rows.filter(started__lte=since).update(started=now, count=1):
        _prune_sometimes(now)
        return
    # Either there is no row yet, or the limit is reached: then this adds nothing and the count fails again.
    RateCount.objects.bulk_create([RateCount(scope=scope, identity=hashed, started=now)], ignore_conflicts=True)
    if _count(rows, limit, since):
        return
    started = rows.values_list("started", flat=True).first() or now
    wait = max(1, math.ceil((started - since).total_seconds()))
    raise refusals.too_many_requests(gettext("That was too often. Please wait a little and try again."), wait)


def check_holds(visitor: Visitor) -> None:
    """Raises Refused (429) when the visitor has as many unpaid orders with held units as allowed."""
    orders = Order.objects.filter(status=OrderStatus.PENDING)
    if visitor.is_new:
        orders = orders.filter(visitor__startswith=visitor.address_prefix)
    else:
        orders = orders.filter(visitor__in=visitor.owners)
    holding = Hold.objects.filter(state=HoldState.HELD).values("order")
    held = orders.filter(pk__in=holding, attempts__state__in=LIVE_ATTEMPT).distinct().count()
    if held >= OPEN_HOLDS:
        raise refusals.too_many_requests(
            gettext("You have several unpaid orders open. Please pay or wait for one first."), 300
        )


def _count(rows, limit: int, since: datetime) -> int:
    return rows.filter(started__gt=since, count__lt=limit).update(count=F("count") + 1)


def _prune_sometimes(now: datetime) -> None:
    if secrets.randbelow(PRUNE_ONE_IN) == 0:
        RateCount.objects.filter(started__lt=now - PRUNE_AFTER).delete()

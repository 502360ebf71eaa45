"""Limits on tries. A window begins with a visitor's first try; each step is one conditional statement."""

import math
import secrets
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext

from products.prepared import Prepared

from . import refusals
from .models import Attempt, Hold, Order, RateCount
from .states import LIVE_ATTEMPT, HoldState, OrderStatus
from .visitors import Visitor

OPEN_HOLDS = 5
PRUNE_ONE_IN = 200
PRUNE_AFTER = timedelta(days=1)

# The first try, the first one of a new window, or one more; no row is touched when the limit is reached. One statement
# where the ORM needs four and a second commit: 2 ms of CPU of a first click on Buy.
COUNT = """
INSERT INTO checkout_ratecount AS known (scope, identity, started, count) VALUES (%s, %s, %s, 1)
ON CONFLICT (scope, identity) DO UPDATE SET
    count = CASE WHEN known.started <= %s THEN 1 ELSE known.count + 1 END,
    started = CASE WHEN known.started <= %s THEN excluded.started ELSE known.started END
WHERE known.started <= %s OR known.count < %s
"""


def check(scope: str, identity: str, limit: int, seconds: int) -> None:
    """Counts one try. Raises Refused (429) from the try after `limit` within `seconds` of the first."""
    hashed = salted_hmac("checkout.ratelimit", identity, algorithm="sha256").hexdigest()
    now = timezone.now()
    since = now - timedelta(seconds=seconds)
    if _count(scope, hashed, limit, now, since):
        _prune_sometimes(now)
        return
    rows = RateCount.objects.filter(scope=scope, identity=hashed)
    started = rows.values_list("started", flat=True).first() or now
    wait = max(1, math.ceil((started - since).total_seconds()))
    raise refusals.too_many_requests(gettext("That was too often. Please wait a little and try again."), wait)


def check_holds(visitor: Visitor) -> None:
    """Raises Refused (429) when the visitor has as many unpaid orders with held units as allowed."""
    if visitor.is_new:
        holding = _of_address(visitor.address_prefix)
    else:
        holding = _of_visitor.rows(**dict(zip(("owner", "first"), visitor.owners, strict=True)))
    if len(holding) >= OPEN_HOLDS:
        raise refusals.too_many_requests(
            gettext("You have several unpaid orders open. Please pay or wait for one first."), 300
        )


def _holding(whose: QuerySet[Order]) -> QuerySet:
    """As many of these unpaid orders with held units as decide it. Asked for each order by itself: a list of all that
    is held, in a shop with a thousand unpaid orders, takes SQLite longer than the rest of a purchase."""
    held = Hold.objects.filter(order=OuterRef("pk"), state=HoldState.HELD)
    live = Attempt.objects.filter(order=OuterRef("pk"), state__in=LIVE_ATTEMPT)
    # not as a bare column: without statistics SQLite reads all unpaid orders by the index of the status
    orders = whose.annotate(now=Coalesce("status", Value(""))).filter(
        Exists(held), Exists(live), now=OrderStatus.PENDING
    )
    return orders.order_by().values_list("pk")[:OPEN_HOLDS]


def _of_address(prefix: str) -> list[tuple]:
    """SQLite finds a range in its index, but no LIKE; PostgreSQL's order of letters makes no range of a prefix."""
    if connection.vendor == "sqlite":
        return _in_range.rows(first=prefix, end=prefix[:-1] + chr(ord(prefix[-1]) + 1))
    return _like.rows(like=f"{prefix}%")


# Written once: 1.5 ms of a click on Buy; with 7,000 unpaid orders in SQLite 17 ms, and 0.2 by the visitors' index.
_in_range = Prepared(
    lambda first, end: _holding(Order.objects.filter(visitor__gte=first, visitor__lt=end)), first=str, end=str
)
# An address, hashed, has no sign that means something to LIKE.
_like = Prepared(
    lambda like: _holding(Order.objects.filter(visitor__startswith=like.removesuffix("%"))), like="\x01address%"
)
_of_visitor = Prepared(
    lambda owner, first: _holding(Order.objects.filter(visitor__in=(owner, first))),
    owner=str,
    first=str,
)


def _count(scope: str, identity: str, limit: int, now: datetime, since: datetime) -> bool:
    """Whether this try is allowed, which counts it."""
    times = [connection.ops.adapt_datetimefield_value(moment) for moment in (now, since, since, since)]
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [scope, identity, *times, limit])
        return cursor.rowcount == 1


def _prune_sometimes(now: datetime) -> None:
    if secrets.randbelow(PRUNE_ONE_IN) == 0:
        RateCount.objects.filter(started__lt=now - PRUNE_AFTER).delete()

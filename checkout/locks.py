"""Transactions and row locks. Nothing else in the project locks rows.

One order for everybody: Order → Attempt → Payment → Discounts by pk → Stock by item → inserts; alerts about stock
stand by themselves. SQLite has no row
locks; there every transaction is IMMEDIATE, so it has the whole database to itself from its first statement.
"""

import functools
import random
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.db.models import Model, QuerySet
from django.db.transaction import atomic
from django.utils.translation import gettext

from products.prepared import Prepared

from .models import Attempt, Order, Payment, StockAlert
from .refusals import Refused
from .states import OrderStatus

P = ParamSpec("P")
R = TypeVar("R")
M = TypeVar("M", bound=Model)
TRIES = 3
LIMITS = """
SET LOCAL lock_timeout = '3s';
SET LOCAL statement_timeout = '10s';
SET LOCAL idle_in_transaction_session_timeout = '10s'
"""


@contextmanager
def transaction() -> Iterator[None]:
    """A transaction of its own (never part of a caller's) that waits for locks for a bounded time."""
    with atomic(durable=True):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(LIMITS)
        yield


def retried(procedure: Callable[P, R]) -> Callable[P, R]:
    """Repeat a whole procedure after a deadlock, lock time-out or serialization failure; then 503.

    The procedure must open its own transaction, so that a repeat starts from nothing.
    """

    @functools.wraps(procedure)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        for attempt in range(TRIES):
            try:
                return procedure(*args, **kwargs)
            except (OperationalError, InterfaceError):
                connection.close_if_unusable_or_obsolete()  # the database was restarted: go on with another connection
                if attempt + 1 == TRIES:
                    raise Refused(
                        "busy", gettext("The shop is very busy. Please try again."), 503, retry_after=5
                    ) from None
                time.sleep(random.uniform(0.05, 0.2) * 2**attempt)  # noqa: S311
        raise AssertionError("unreachable")

    return wrapper


def lock_order(order_id: int) -> Order:
    """The order's row, read after it was locked. Raises Order.DoesNotExist."""
    return _locked(Order, _order, pk=order_id)


def lock_drafts(tokens: Collection[str]) -> list[Order]:
    """Those of the orders that are drafts, oldest first."""
    _require_transaction()
    drafts = Order.objects.filter(token__in=tokens, status=OrderStatus.DRAFT).order_by("pk")
    return list(drafts if settings.UNSAFE_NO_LOCKS else drafts.select_for_update(no_key=True, of=("self",)))


def lock_attempt(attempt_id: int) -> Attempt:
    """The attempt's row; its order is locked already."""
    return _locked(Attempt, _attempt, pk=attempt_id)


def lock_named(token: str, key: str) -> tuple[Order, Attempt]:
    """An order and its attempt by the names that Stripe has of them: the order's token and the attempt's idempotency
    key. Raises Order.DoesNotExist, Attempt.DoesNotExist.
    """
    order = _locked(Order, _order_named, token=token)
    return order, _locked(Attempt, _attempt_named, idempotency_key=key, order_id=order.pk)


def lock_payment(payment_id: int) -> Payment:
    """The payment's row; its order, if it has one, is locked already."""
    return _locked(Payment, _payment, pk=payment_id)


def lock_alerts(wanted: QuerySet[StockAlert]) -> list[StockAlert]:
    """These rows, as they are once they are locked; what another process deleted meanwhile is missing."""
    _require_transaction()
    rows = wanted.order_by("pk")
    return list(rows if settings.UNSAFE_NO_LOCKS else rows.select_for_update(of=("self",)))


def _locked(model: type[M], statement: Prepared, **name: str | int) -> M:
    _require_transaction()
    found = statement.objects(model, settings.UNSAFE_NO_LOCKS, **name)
    if not found:
        raise model.DoesNotExist(f"{model.__name__} {name} is gone")  # type: ignore[attr-defined]
    return found[0]


def _one(model: type[Model], **fields: type) -> Prepared:
    """The row with these values of its fields."""

    def build(**values: str | int) -> QuerySet:
        row = model._default_manager.filter(**values).order_by()
        return row if settings.UNSAFE_NO_LOCKS else row.select_for_update(no_key=True, of=("self",))

    return Prepared(build, **fields)


# Written once: 0.6 ms of each lock, and a purchase takes three.
_order, _attempt, _payment = (_one(model, pk=int) for model in (Order, Attempt, Payment))
_order_named = _one(Order, token=str)
_attempt_named = _one(Attempt, idempotency_key=str, order_id=int)


def _require_transaction() -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("a lock outside a transaction protects nothing")

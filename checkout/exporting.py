"""Orders as a table: one row for each line of an order. Sums of different currencies are never added up."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Sum

from products import money

from .models import Order, OrderLine, Refund
from .states import RefundState

PORTION = 500  # orders in memory at once
OF_LINE = ("unit_amount", "amount")
OF_ORDER = ("subtotal", "discount", "tax", "tax_inclusive", "shipping", "total", "refunded")
ABOUT = ("number", "status", "created", "paid_at", "currency", "email", "account", "live")
LINE = ("sku", "name", "variant", "quantity")
# Each sum twice: as people write it, and in the minor unit as Stripe counts it.
COLUMNS = [
    *ABOUT,
    *LINE,
    *(column for name in OF_LINE for column in (name, f"{name}_minor")),
    *(column for name in OF_ORDER for column in (f"order_{name}", f"order_{name}_minor")),
]


def orders(*, since: datetime | None = None, status: str = "") -> QuerySet[Order]:
    """Which orders: created at or after `since`, of that status; everything without them."""
    found = Order.objects.defer("snapshot").order_by("created", "pk")
    found = found.filter(created__gte=since) if since else found
    return found.filter(status=status) if status else found


def rows(chosen: QuerySet[Order]) -> Iterator[dict[str, Any]]:
    """One row for each line; an empty order has one without any."""
    back = Refund.objects.filter(order=OuterRef("pk"), state=RefundState.SUCCEEDED).order_by().values("order")
    found = chosen.annotate(refunded=Subquery(back.annotate(sum=Sum("amount")).values("sum")))
    for order in found.prefetch_related("lines").iterator(chunk_size=PORTION):
        for line in order.lines.all() or [None]:
            yield _about(order) | _line(order, line) | _sums(order)


def _about(order: Order) -> dict[str, Any]:
    named = {name: getattr(order, name) for name in ("number", "status", "created", "paid_at", "currency", "email")}
    return named | {"account": order.keypair, "live": order.livemode}


def _line(order: Order, line: OrderLine | None) -> dict[str, Any]:
    found: dict[str, Any] = {name: getattr(line, name, None) for name in LINE}
    for name in OF_LINE:
        found |= _both(name, getattr(line, name, None), order.currency)
    return found


def _sums(order: Order) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in OF_ORDER:
        found |= _both(f"order_{name}", getattr(order, name) or 0, order.currency)
    return found


def _both(name: str, minor: int | None, currency: str) -> dict[str, Any]:
    known = minor is not None and bool(currency)
    return {name: money.to_major(minor or 0, currency) if known else None, f"{name}_minor": minor}

"""Adding a thing to a visitor's basket: one order for each currency, and four queries when there is one already.

The item with its price and units, the drafts (locked), all lines of the basket, the line that is written. What the
answer must know, the basket's orders and how many things are in it, comes out of the third.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from . import basket, lines, locks, ratelimit, refusals, start
from .models import Attempt, Order
from .refusals import Refused
from .states import LIVE_ATTEMPT, OrderStatus
from .visitors import Visitor


@dataclass(frozen=True, slots=True)
class Added:
    """The order that took it; the tokens of the whole basket, oldest first, and how many things are in it."""

    token: str
    tokens: list[str]
    count: int


@dataclass(frozen=True, slots=True)
class _Row:
    """An order of the basket with one of its lines, or with none (then `line` and what follows is None)."""

    order: int
    token: str
    status: str
    currency: str
    is_followed: bool  # a payment intent waits for the draft's new total
    line: int | None
    item: int | None
    variant: int | None
    quantity: int | None


def add(
    tokens: Collection[str], *, visitor: Visitor, language: str, item_id: int, variant: str, quantity: int
) -> Added:
    """Puts it into the first order of the basket (`tokens`) that takes it, or into a new one. Raises Refused."""
    wanted = lines.thing(item_id, variant)
    paying: list[str] = []
    if tokens:
        added, paying = _to_a_draft(tokens, wanted, quantity)
        if added is not None:
            return added
    token = _to_one_being_paid(paying, wanted, quantity) or _to_a_new_order(visitor, language, wanted, quantity)
    return _added(token, _rows([*tokens, token])) if tokens else Added(token, [token], quantity)


def _added(token: str, rows: Sequence[_Row], more: int = 0) -> Added:
    return Added(token, list(dict.fromkeys(row.token for row in rows)), sum(row.quantity or 0 for row in rows) + more)


@locks.retried
def _to_a_draft(tokens: Collection[str], wanted: lines.Thing, quantity: int) -> tuple[Added | None, list[str]]:
    """None: no draft takes it. Then the orders that would, if they were not on their way to be paid."""
    currency = wanted.item.currency
    with locks.transaction():
        drafts = locks.lock_drafts(tokens)
        rows = _rows(tokens)
        fitting = [order for order in drafts if order.currency in ("", currency)]
        order = min(fitting, key=lambda one: one.currency == "", default=None)
        if order is None:
            paying = [row.token for row in rows if (row.status, row.currency) == (OrderStatus.PENDING, currency)]
            return None, list(dict.fromkeys(paying))
        own = [row for row in rows if row.order == order.pk]
        there = [row for row in own if row.line is not None]
        same = next((row for row in there if (row.item, row.variant) == wanted.key), None)
        total = quantity + (same.quantity or 0 if same else 0)
        lines.write(order, wanted, total, line_id=same.line if same else None, others=len(there) - (same is not None))
    if own[0].is_followed:
        start.follow(order.token)
    return _added(order.token, rows, quantity), []


def _rows(tokens: Collection[str]) -> list[_Row]:
    """All of the basket that is not paid, read after its drafts were locked."""
    live = Attempt.objects.filter(order=OuterRef("pk"), state__in=LIVE_ATTEMPT)
    found = Order.objects.filter(token__in=tokens, status__in=(OrderStatus.DRAFT, OrderStatus.PENDING))
    line = [f"lines__{name}" for name in ("pk", "item_id", "sold_variant_id", "quantity")]
    values = found.order_by("pk", "lines__pk").values_list("pk", "token", "status", "currency", Exists(live), *line)
    return [_Row(*one) for one in values]


def _to_one_being_paid(paying: Sequence[str], wanted: lines.Thing, quantity: int) -> str | None:
    """Its payment page is shut first. None: there is none, or it cannot be changed any more."""
    for token in paying:
        try:
            basket.put_thing(token=token, wanted=wanted, quantity=quantity)
        except Refused as refused:
            if refused.code != refusals.order_closed().code:  # it is being paid: another order takes the item
                raise
        else:
            return token
    return None


def _to_a_new_order(visitor: Visitor, language: str, wanted: lines.Thing, quantity: int) -> str:
    ratelimit.check("order_new", visitor.identity, 60, 3600)
    order = basket.with_first_line(visitor=visitor.owner, language=language, wanted=wanted, quantity=quantity)
    return order.token

"""Building an order: lines, quantities, a discount code. Only drafts change; each change is one locked transaction."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from products import catalogue, stock
from products.models import ItemPage

from . import close, locks, quoting, redemptions, refusals, start
from .models import Discount, Order, OrderLine
from .models.discount import normal_code
from .models.order import MAX_LINES, MAX_QUANTITY
from .states import AttemptState, OrderStatus
from .visitors import Visitor

WHOLE = re.compile(r"[0-9]{1,4}")
MAX_CODE = 40


def parse_quantity(text: str, minimum: int = 1) -> int:
    """A whole number from `minimum` to 999. Raises Refused (400)."""
    if WHOLE.fullmatch(text.strip()) and minimum <= int(text) <= MAX_QUANTITY:
        return int(text)
    message = gettext("The quantity must be a whole number from %(least)d to %(most)d.")
    raise refusals.bad_request(message % {"least": minimum, "most": MAX_QUANTITY})


def order_by_token(token: str) -> Order:
    """The order that a visitor names. Raises Refused (404)."""
    order = Order.objects.filter(token=token).first()
    if order is None:
        raise refusals.not_found()
    return order


def new_order(*, visitor: str, language: str) -> Order:
    """An empty draft. `visitor` is Visitor.owner."""
    return Order.objects.create(visitor=visitor, language=language[:12])


@locks.retried
def put(*, token: str, item_id: int, quantity: int, variant: str = "") -> None:
    """Adds units of an item. Raises Refused: 404, 400 (too many), 409 (sold out, other currency, closed)."""
    order_by_token(token)
    item = _item(item_id, variant)
    with _draft(token) as order:
        line = _lines(order).filter(item=item, variant="").first()
        _write(order, item, line, quantity + (line.quantity if line else 0))


@locks.retried
def set_quantity(*, token: str, item_id: int, quantity: int, variant: str = "") -> None:
    """Sets a line's quantity; 0 removes the line, also when its item is no longer for sale."""
    known = order_by_token(token)
    here = _lines(known).filter(item_id=item_id, variant=variant)
    if quantity and not here.exists():
        raise refusals.not_found()
    item = _item(item_id, variant) if quantity else None
    with _draft(token) as order:
        line = _lines(order).filter(item_id=item_id, variant=variant).first()
        if item is not None:
            _write(order, item, line, quantity)
        elif line is not None:
            _lines(order).filter(pk=line.pk).delete()


@locks.retried
def apply_code(*, token: str, code: str) -> None:
    """Puts a discount code on the order in place of an earlier one. Raises Refused (400), always the same."""
    known = order_by_token(token)
    wanted = normal_code(code)
    discount = Discount.objects.filter(code=wanted[:MAX_CODE]).exclude(code="").first()
    _require_usable(discount, known)  # before an open payment page is given up for it
    with _draft(token) as order:
        _require_usable(discount, order)
        order.discounts.remove(*order.discounts.exclude(code=""))
        order.discounts.add(discount)


@locks.retried
def remove_code(*, token: str) -> None:
    """Takes the discount code off. What staff attached without a code stays."""
    if not order_by_token(token).discounts.exclude(code="").exists():
        return
    with _draft(token) as order:
        order.discounts.remove(*order.discounts.exclude(code=""))


@locks.retried
def order_for_purchase(*, visitor: Visitor, item_id: int, quantity: int, variant: str, language: str) -> Order:
    """The order behind a click on Buy: the visitor's own for the very same purchase while it can be paid, or a new one.

    Raises Refused: 404, 409 sold_out.
    """
    item = _item(item_id, variant)
    same = _same_purchase(visitor, item, quantity)
    live = same.filter(
        status=OrderStatus.PENDING,
        attempts__state=AttemptState.OPEN,
        attempts__expires_at__gt=timezone.now(),
    ).first()
    if live is not None:
        return live
    _require_available(item, quantity)
    draft = same.filter(status=OrderStatus.DRAFT).first()
    if draft is not None:
        return draft
    with locks.transaction():
        order = new_order(visitor=visitor.owner, language=language)
        _write(order, item, None, quantity)
    return order


def _same_purchase(visitor: Visitor, item: ItemPage, quantity: int) -> QuerySet[Order]:
    """This visitor's orders of exactly that, at today's price, without any discount; newest first."""
    if visitor.is_new:
        return Order.objects.none()
    alone = Order.objects.filter(visitor__in=visitor.owners).annotate(line_count=Count("lines")).filter(line_count=1)
    wanted = OrderLine.objects.filter(item=item, variant="", quantity=quantity, unit_amount=item.unit_amount or 0)
    return alone.filter(pk__in=wanted.values("order"), discounts__isnull=True).order_by("-pk")


@contextmanager
def _draft(token: str) -> Iterator[Order]:
    """The order, locked and still a draft. An open payment page is closed first: it shows what was.

    An intent stays, and follows the change.
    """
    order = order_by_token(token)
    if order.status == OrderStatus.PENDING:
        close.reopen(order_token=token)
    elif order.status != OrderStatus.DRAFT:
        raise refusals.order_closed()
    with locks.transaction():
        order = locks.lock_order(order.pk)
        if order.status != OrderStatus.DRAFT:
            raise refusals.order_closed()
        yield order
    start.follow(token)


def _lines(order: Order) -> QuerySet[OrderLine]:
    return OrderLine.objects.filter(order_id=order.pk)


def _item(item_id: int, variant: str) -> ItemPage:
    if variant:  # no item has variants
        raise refusals.not_found()
    try:
        return catalogue.item_for_sale(item_id)
    except catalogue.ItemNotFound:
        raise refusals.not_found() from None


def _require_available(item: ItemPage, quantity: int) -> None:
    there = stock.available(item.source_id)
    if quantity > there:
        raise refusals.sold_out(item.title, there)


def _write(order: Order, item: ItemPage, line: OrderLine | None, quantity: int) -> None:
    """The line with that quantity, named and priced as the item is now."""
    others = _lines(order).exclude(item=item)
    if order.currency != item.currency:
        if order.currency and others.exists():
            raise refusals.currency_mismatch(order.currency)
        Order.objects.filter(pk=order.pk).update(currency=item.currency)
        order.currency = item.currency
    if quantity > MAX_QUANTITY:
        message = gettext("There can be at most %(most)d of one item in an order.")
        raise refusals.bad_request(message % {"most": MAX_QUANTITY})
    if line is None and others.count() >= MAX_LINES:
        message = gettext("There can be at most %(most)d different items in an order.")
        raise refusals.bad_request(message % {"most": MAX_LINES})
    _require_available(item, quantity)
    seen = {
        "sku": item.sku,
        "name": item.title,
        "quantity": quantity,
        "unit_amount": item.unit_amount,
        "amount": (item.unit_amount or 0) * quantity,
    }
    if line is None:
        OrderLine.objects.create(order=order, item=item, variant="", **seen)
    else:
        _lines(order).filter(pk=line.pk).update(**seen)


def _require_usable(discount: Discount | None, order: Order) -> None:
    """Raises Refused. Everything is worked out before it is judged, so that each refusal takes the same time."""
    subtotal = quoting.quote_order(order).subtotal if order.currency and _lines(order).exists() else 0
    candidate = discount or Discount(active=False)
    own = order.redemptions.filter(discount_id=candidate.pk or 0, state="held").count()
    exhausted = candidate.max_redemptions is not None and candidate.uses - own >= candidate.max_redemptions
    fits = redemptions.usable(candidate, currency=order.currency, subtotal=subtotal)
    if exhausted or not fits:
        raise refusals.discount_refused()


def count_units(orders: Iterable[Order]) -> int:
    """How many things are in these orders together."""
    return sum(OrderLine.objects.filter(order__in=orders).values_list("quantity", flat=True))


def currency_of(item_id: int, variant: str = "") -> str:
    """The currency an item is sold in. Raises Refused (404)."""
    return _item(item_id, variant).currency


def require_available(*, item_id: int, quantity: int) -> None:
    """Raises Refused (404, 409 sold_out) unless so many can be had."""
    _require_available(_item(item_id, ""), quantity)

"""Building an order: lines, quantities, a discount code. Only drafts change; each change is one locked transaction."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from products import written

from . import close, lines, locks, quoting, redemptions, refusals, shipping, start
from .models import Discount, Order, OrderLine
from .models.discount import normal_code
from .models.order import MAX_QUANTITY
from .states import AttemptState, OrderStatus
from .visitors import Visitor

WHOLE = re.compile(r"[0-9]{1,4}")
MAX_CODE = 40
MAX_NOTE = 500


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


def put(*, token: str, item_id: int, quantity: int, variant: str = "") -> None:
    """Adds units of an item. Raises Refused: 404, 400 (too many), 409 (sold out, other currency, closed)."""
    known = order_by_token(token)
    put_thing(token=token, wanted=lines.thing(item_id, variant), quantity=quantity, known=known)


@locks.retried
def put_thing(*, token: str, wanted: lines.Thing, quantity: int, known: Order | None = None) -> None:
    """The same for what was looked up already."""
    with _draft(token, known) as order:
        there = list(_lines(order))
        line = next((one for one in there if (one.item_id, one.sold_variant_id) == wanted.key), None)
        total = quantity + (line.quantity if line else 0)
        lines.write(order, wanted, total, line_id=line.pk if line else None, others=len(there) - (line is not None))


@locks.retried
def set_quantity(*, token: str, item_id: int, quantity: int, variant: str = "") -> None:
    """Sets a line's quantity; 0 removes the line, also when its item is no longer for sale."""
    known = order_by_token(token)
    named = Q(variant=variant) | Q(sku=variant) if variant else Q(variant="")
    here = _lines(known).filter(named, item_id=item_id)
    seen = here.select_related("sold_variant").first()
    if quantity and seen is None:
        raise refusals.not_found()
    wanted = None
    if quantity and seen is not None:
        wanted = lines.thing(item_id, seen.sold_variant.sku if seen.sold_variant else "")
    with _draft(token, known) as order:
        there = {line.pk for line in _lines(order)}
        if seen is None or seen.pk not in there:
            return
        if wanted is not None:
            lines.write(order, wanted, quantity, line_id=seen.pk, others=len(there) - 1)
        else:
            _lines(order).filter(pk=seen.pk).delete()


@locks.retried
def apply_code(*, token: str, code: str) -> None:
    """Puts a discount code on the order in place of an earlier one. Raises Refused (400), always the same."""
    known = order_by_token(token)
    wanted = normal_code(code)
    discount = Discount.objects.filter(code=wanted[:MAX_CODE]).exclude(code="").first()
    _require_usable(discount, known)  # before an open payment page is given up for it
    with _draft(token, known) as order:
        _require_usable(discount, order)
        order.discounts.remove(*order.discounts.exclude(code=""))
        order.discounts.add(discount)


@locks.retried
def give_discounts(*, token: str, discounts: Iterable[Discount]) -> None:
    """Staff give an order these discounts, in place of those they gave it before; the buyer's code stays.

    Raises Refused: 400 when one cannot be used for this order, 409 when it is paid.
    """
    known, given = order_by_token(token), list(discounts)
    for discount in given:
        _require_usable(discount, known)
    with _draft(token, known) as order:
        for discount in given:
            _require_usable(discount, order)
        order.discounts.remove(*order.discounts.filter(code=""))
        order.discounts.add(*given)


@locks.retried
def remove_code(*, token: str) -> None:
    """Takes the discount code off. What staff attached without a code stays."""
    if not order_by_token(token).discounts.exclude(code="").exists():
        return
    with _draft(token) as order:
        order.discounts.remove(*order.discounts.exclude(code=""))


@locks.retried
def choose_shipping(*, token: str, rate_id: int) -> None:
    """How the order is sent. Raises Refused (404, 409), or 400 for a rate that this order cannot have."""
    known = order_by_token(token)
    if not any(rate.pk == rate_id for rate in shipping.rates(known.currency)):
        raise refusals.bad_request(gettext("This order cannot be sent like that. Choose one of the ways it shows."))
    with _draft(token, known) as order:
        Order.objects.filter(pk=order.pk).update(shipping_rate_id=rate_id)


@locks.retried
def write_note(*, token: str, note: str) -> None:
    """What the buyer wants the shop to know; "" takes it back. Raises Refused (404, 409 closed)."""
    with _draft(token) as order:
        Order.objects.filter(pk=order.pk).update(buyer_note=note.strip()[:MAX_NOTE])


def quantity_of(*, token: str, item_id: int, variant: str = "") -> int:
    """How many of it are in the order."""
    named = Q(variant=variant) | Q(sku=variant) if variant else Q(variant="")
    found = OrderLine.objects.filter(named, order__token=token, item_id=item_id)
    return found.values_list("quantity", flat=True).first() or 0


def order_for_purchase(*, visitor: Visitor, item_id: int, quantity: int, variant: str, language: str) -> Order:
    """The order behind a click on Buy: the visitor's own for the very same purchase while it can be paid, or a new one.

    A new one is not stored yet, it has its line in memory: start() stores both together with what they promise.
    Raises Refused: 404, 400, 409 sold_out.
    """
    wanted = lines.thing(item_id, variant)
    if not visitor.is_new:
        same = _same_purchase(visitor, wanted, quantity)
        live = same.filter(
            status=OrderStatus.PENDING,
            attempts__state=AttemptState.OPEN,
            attempts__expires_at__gt=timezone.now(),
        ).first()
        if live is not None:
            return live
        lines.require_available(wanted, quantity)
        draft = same.filter(status=OrderStatus.DRAFT).first()
        if draft is not None:
            return draft
    order = Order(visitor=visitor.owner, language=language[:12], currency=wanted.item.currency)
    lines.check(order, wanted, quantity, others=0, is_new=True)
    order.lines = [lines.new(order, wanted, quantity)]
    return order


def with_first_line(*, visitor: str, language: str, wanted: lines.Thing, quantity: int) -> Order:
    """A new draft that holds that and nothing else. Raises Refused: 400, 409."""
    with locks.transaction():
        order = Order(visitor=visitor, language=language[:12], currency=wanted.item.currency)
        written.insert(order)
        lines.write(order, wanted, quantity, line_id=None, others=0)
    return order


def _same_purchase(visitor: Visitor, wanted: lines.Thing, quantity: int) -> QuerySet[Order]:
    """This visitor's orders of exactly that, at today's price, without any discount; newest first."""
    alone = Order.objects.filter(visitor__in=visitor.owners).annotate(line_count=Count("lines")).filter(line_count=1)
    like_it = OrderLine.objects.filter(
        item=wanted.item, sold_variant=wanted.kind, quantity=quantity, unit_amount=wanted.unit_amount
    )
    return alone.filter(pk__in=like_it.values("order"), discounts__isnull=True).order_by("-pk")


@contextmanager
def _draft(token: str, known: Order | None = None) -> Iterator[Order]:
    """The order, locked and still a draft. An open payment page is closed first: it shows what was.

    An intent stays, and follows the change. `known`: the order as it was read a moment ago.
    """
    order = known or order_by_token(token)
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

"""Lines of a draft: what somebody wants, looked up once, and the line that says so."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from products import catalogue, prices, variants, written
from products.models import ItemPage, Variant

from . import refusals
from .models import Order, OrderLine
from .models.order import MAX_LINES, MAX_QUANTITY


@dataclass(frozen=True, slots=True)
class Thing:
    """An item, or one of its variants, with its price now (minor units) and the units that were free a moment ago."""

    item: ItemPage
    kind: Variant | None
    unit_amount: int
    available: int

    @property
    def key(self) -> tuple[int, int | None]:
        """What no two lines of an order share: the item's id and the variant's."""
        return self.item.pk, self.kind.pk if self.kind else None

    @property
    def full_name(self) -> str:
        return f"{self.item.title}, {self.kind.name}" if self.kind else self.item.title


def thing(item_id: int, variant: str) -> Thing:
    """What somebody wants to buy. Raises Refused: 404, or 400 that names the variants to choose from."""
    try:
        item = catalogue.item_for_sale(item_id)
        kind = variants.chosen(item, variant)
    except (catalogue.ItemNotFound, variants.UnknownVariant):
        raise refusals.not_found() from None
    except variants.VariantNeeded as error:
        raise refusals.variant_needed(item.title, error.names) from None
    price = prices.price_of(item, kind)
    if price is None or price.amount <= 0:
        raise refusals.not_found()
    # both were read with their counts; a basket promises nothing, so it need not count again under its lock
    return Thing(item, kind, price.amount, getattr(kind or item, "units", None) or 0)


def require_available(wanted: Thing, quantity: int) -> None:
    """Raises Refused (409 sold_out)."""
    if quantity > wanted.available:
        raise refusals.sold_out(wanted.full_name, wanted.available)


def check(order: Order, wanted: Thing, quantity: int, *, others: int, is_new: bool) -> None:
    """Whether the order may have so many, beside `others` lines. Raises Refused: 400, 409."""
    if order.currency != wanted.item.currency and order.currency and others:
        raise refusals.currency_mismatch(order.currency)
    if quantity > MAX_QUANTITY:
        message = gettext("There can be at most %(most)d of one item in an order.")
        raise refusals.bad_request(message % {"most": MAX_QUANTITY})
    if is_new and others >= MAX_LINES:
        message = gettext("There can be at most %(most)d different items in an order.")
        raise refusals.bad_request(message % {"most": MAX_LINES})
    require_available(wanted, quantity)


def write(order: Order, wanted: Thing, quantity: int, *, line_id: int | None, others: int) -> None:
    """The line with that quantity, named and priced as the item is now. The order is locked, or not committed yet.

    `others`: how many lines it has beside this one. Raises Refused.
    """
    check(order, wanted, quantity, others=others, is_new=line_id is None)
    currency = wanted.item.currency
    if order.currency != currency:
        Order.objects.filter(pk=order.pk).update(currency=currency)
        order.currency = currency
    if line_id is None:
        written.insert(new(order, wanted, quantity))
    else:
        OrderLine.objects.filter(order_id=order.pk, pk=line_id).update(**_seen(wanted, quantity))


def new(order: Order, wanted: Thing, quantity: int) -> OrderLine:
    """The line, not stored yet."""
    return OrderLine(order=order, item=wanted.item, sold_variant=wanted.kind, **_seen(wanted, quantity))


def _seen(wanted: Thing, quantity: int) -> dict[str, Any]:
    """Name and price as the buyer sees them now."""
    item, kind = wanted.item, wanted.kind
    return {
        "sku": kind.sku if kind else item.sku,
        "name": item.title,
        "variant": kind.name if kind else "",
        "quantity": quantity,
        "unit_amount": wanted.unit_amount,
        "amount": wanted.unit_amount * quantity,
    }

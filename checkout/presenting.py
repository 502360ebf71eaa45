"""An order for programs (JSON) and for pages (templates/checkout/order.html, basket.html and the mails)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext

from products import catalogue
from products.money import format_money
from products.prepared import Prepared

from . import downloads, explaining, pricing, quoting, shipping, telling
from .downloads import Downloads
from .models import Attempt, Order, OrderLine, Refund
from .states import LIVE_ATTEMPT, AttemptState, OrderStatus, RefundState


@dataclass(frozen=True, slots=True)
class LineView:
    item_id: int
    sku: str
    name: str
    variant: str
    quantity: int
    unit_display: str
    list_display: str
    amount_display: str
    url: str
    picture: Any


@dataclass(frozen=True, slots=True)
class RefundView:
    amount_display: str
    state: str
    created: datetime


@dataclass(frozen=True, slots=True)
class RateView:
    """A way the order can be sent."""

    id: int
    name: str
    display: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class OrderView:
    """What the templates read. `rates`: the ways to send it, while there is a choice; `address`: line by line."""

    order_id: str
    number: str | None
    status: str
    status_label: str
    currency: str
    email: str
    mail_to: str
    created: datetime
    paid_at: datetime | None
    shipped_at: datetime | None
    tracking: str
    editable: bool
    payable: bool
    confirming: bool
    payment_url: str | None
    total_display: str
    lines: list[LineView] = field(default_factory=list)
    rows: list[tuple[str, str, str]] = field(default_factory=list)
    discounts: list[str] = field(default_factory=list)
    refunds: list[RefundView] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    timeline: list[telling.Step] = field(default_factory=list)
    again: bool = False
    note: str = ""
    why: list[explaining.Reason] = field(default_factory=list)
    rates: list[RateView] = field(default_factory=list)
    address: list[str] = field(default_factory=list)
    downloads: Downloads | None = None


def quote_of(order: Order) -> pricing.Quote | None:
    """The order's figures; None while there is nothing in it."""
    if order.status == OrderStatus.DRAFT and not OrderLine.objects.filter(order_id=order.pk).exists():
        return None
    return quoting.quote_order(order)


def live_attempt(order: Order) -> Attempt | None:
    """The payment under way, if any."""
    return Attempt.objects.filter(order_id=order.pk, state__in=LIVE_ATTEMPT).first()


def payment_url(attempt: Attempt | None) -> str | None:
    """Where the order can be paid right now."""
    if attempt is None or attempt.state != AttemptState.OPEN or attempt.expires_at <= timezone.now():
        return None
    return attempt.url or None


def order_json(order: Order) -> dict[str, Any]:
    """The order for programs; every amount in minor units."""
    quote = quote_of(order)
    refunds = list(Refund.objects.filter(order_id=order.pk))
    figures = ("subtotal", "discount", "tax", "tax_inclusive", "shipping")
    return {
        "order_id": order.token,
        "number": order.number,
        "status": order.status,
        "currency": order.currency or None,
        "lines": [_line_json(line) for line in quote.lines] if quote else [],
        **{name: getattr(quote, name) if quote else 0 for name in figures},
        "total": _total(order, quote),
        "discounts": [{"name": d.name, "code": d.code, "amount": d.amount} for d in quote.discounts] if quote else [],
        "taxes": [_tax_json(tax) for tax in quote.taxes] if quote else [],
        "payment_url": payment_url(live_attempt(order)) if order.status == OrderStatus.PENDING else None,
        "created": order.created,
        "paid_at": order.paid_at,
        "refunded": sum(refund.amount for refund in refunds if refund.state == RefundState.SUCCEEDED),
        "refunds": [{"amount": one.amount, "state": one.state, "created": one.created} for one in refunds],
    }


def order_context(order: Order, *, notice: str = "", confirming: bool = False) -> dict[str, Any]:
    """Context of the order's page. `confirming`: the buyer just came back from paying."""
    return {"order": order_view(order, confirming=confirming), "notice": notice}


_refunds = Prepared(lambda order: Refund.objects.filter(order_id=order).exclude(state=RefundState.FAILED), order=int)


def order_view(order: Order, *, confirming: bool = False) -> OrderView:
    """The order as the templates read it, in a fixed number of queries."""
    quote = quote_of(order)
    refunds = _refunds.objects(Refund, order=order.pk)
    attempt = live_attempt(order) if order.status == OrderStatus.PENDING else None
    processing = attempt is not None and attempt.state == AttemptState.PROCESSING
    waiting = order.status == OrderStatus.PENDING and (confirming or processing)
    changeable = order.status in (OrderStatus.DRAFT, OrderStatus.PENDING) and not waiting
    return OrderView(
        order_id=order.token,
        number=order.number,
        status=order.status,
        status_label=order.get_status_display(),
        currency=order.currency,
        email=order.email,
        mail_to=order.email,
        created=order.created,
        paid_at=order.paid_at,
        shipped_at=order.shipped_at,
        tracking=order.tracking,
        editable=changeable,
        payable=changeable and quote is not None,
        confirming=waiting,
        payment_url=payment_url(attempt),
        total_display=_money(order, _total(order, quote)),
        lines=_lines(order, quote),
        rows=_rows(order, quote),
        why=explaining.why(order, quote, order.language) if quote else [],
        rates=_rates(order, quote) if changeable else [],
        address=shipping.address_lines(order.shipping_address),
        discounts=[discount.name for discount in quote.discounts if discount.code] if quote else [],
        refunds=[RefundView(_money(order, one.amount), one.state, one.created) for one in refunds],
        changes=telling.changes(order),
        timeline=telling.timeline(order, refunds),
        again=order.status in (OrderStatus.PAID, OrderStatus.EXPIRED, OrderStatus.CANCELLED) and quote is not None,
        note=order.buyer_note,
        downloads=downloads.of_order(order),
    )


def _money(order: Order, amount: int) -> str:
    return format_money(amount, order.currency, order.language) if order.currency else "–"


def _total(order: Order, quote: pricing.Quote | None) -> int:
    """What is asked for: once frozen the order's own total, which has Stripe's rounding in it."""
    if order.status != OrderStatus.DRAFT:
        return order.total
    return quote.total if quote else 0


def _line_json(line: pricing.QuotedLine) -> dict[str, Any]:
    names = ("item_id", "sku", "name", "variant", "quantity", "unit_amount", "amount")
    return {name: getattr(line, name) for name in names}


def _tax_json(tax: Any) -> dict[str, Any]:
    return {"name": tax.name, "percentage": tax.percentage, "inclusive": tax.inclusive, "amount": tax.amount}


def _lines(order: Order, quote: pricing.Quote | None) -> list[LineView]:
    if quote is None:
        return []
    galleries = catalogue.pictures([line.item_id for line in quote.lines])
    return [
        LineView(
            item_id=line.item_id,
            sku=line.sku,
            name=line.name,
            variant=line.variant,
            quantity=line.quantity,
            unit_display=_money(order, line.unit_amount),
            list_display=_money(order, line.list_amount) if line.saved else "",
            amount_display=_money(order, line.amount),
            url=f"/item/{line.item_id}",
            picture=galleries[line.item_id][0].image if line.item_id in galleries else None,
        )
        for line in quote.lines
    ]


def _rates(order: Order, quote: pricing.Quote | None) -> list[RateView]:
    if quote is None or quote.shipping_rate is None:
        return []
    chosen = quote.shipping_rate.id
    return [
        RateView(rate.pk, rate.name, _money(order, rate.amount) if rate.amount else gettext("free"), rate.pk == chosen)
        for rate in shipping.rates(order.currency)
    ]


def _rows(order: Order, quote: pricing.Quote | None) -> list[tuple[str, str, str]]:
    """The sum, row by row: (label, amount for reading, kind)."""
    if quote is None:
        return []
    rows = [(gettext("Subtotal"), _money(order, quote.subtotal), "subtotal")]
    for discount in quote.discounts:
        label = f"{discount.name} ({discount.code})" if discount.code else discount.name
        rows.append((label, f"−{_money(order, discount.amount)}", "discount"))
    for tax in quote.taxes:
        name = f"{tax.name} {tax.percentage} %"
        rows.append(
            (gettext("includes %(tax)s") % {"tax": name} if tax.inclusive else name, _money(order, tax.amount), "tax")
        )
    if quote.shipping:
        rows.append((gettext("Shipping"), _money(order, quote.shipping), "shipping"))
    elif quote.shipping_rate:
        rows.append((gettext("Shipping"), gettext("free"), "shipping"))
    if order.rounding and order.status != OrderStatus.DRAFT:
        rows.append((gettext("Rounding"), _money(order, order.rounding), "rounding"))
    rows.append((gettext("Total"), _money(order, _total(order, quote)), "total"))
    return rows

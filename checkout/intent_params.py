"""The parameters of a Payment Intent. Discounts and taxes are the shop's own arithmetic, told to Stripe line by line.

https://docs.stripe.com/payments/payment-line-items : line items - discounts + added tax + shipping = amount.
"""

from typing import Any

from django.conf import settings

from .models import Installation, Order
from .pricing import Quote, QuotedLine

CODE_LIMIT = 12  # Stripe's, for a line's product_code
VALUE_LIMIT = 500  # Stripe's, for a value of the metadata


def for_order(order: Order, quote: Quote, key: str, *, again: bool = False) -> dict[str, Any]:
    """`key` names the attempt in the metadata. `again`: the intent exists and gets new figures."""
    metadata = {"installation": Installation.current(), "order": order.token, "attempt": key}
    named = {"discounts": _names(quote.discounts), "taxes": _names(quote.taxes)}
    # an empty text takes a value away that an earlier version of the order had
    metadata |= named if again else {name: text for name, text in named.items() if text}
    details: dict[str, Any] = {"line_items": [_line_item(line) for line in quote.lines]}
    if quote.shipping:
        details["shipping"] = {"amount": quote.shipping}
    params: dict[str, Any] = {"amount": quote.total, "amount_details": details, "metadata": metadata}
    return params if again else params | {"currency": quote.currency.lower()}


def pay_page(order: Order) -> str:
    """The full address of the page with the Payment Element."""
    return f"{settings.BASE_URL}/order/pay/{order.token}"


def return_url() -> str:
    """Where Stripe sends the buyer; it adds the intent's id."""
    return f"{settings.BASE_URL}/checkout/return/"


def _line_item(line: QuotedLine) -> dict[str, Any]:
    """Contained tax is part of `unit_cost`; only added tax is named, so that the sum comes out."""
    item: dict[str, Any] = {"product_name": line.full_name, "quantity": line.quantity, "unit_cost": line.unit_amount}
    if line.sku:
        item["product_code"] = line.sku[:CODE_LIMIT]
    if line.discount:
        item["discount_amount"] = line.discount
    if line.tax:
        item["tax"] = {"total_tax_amount": line.tax}
    return item


def _names(entries: Any) -> str:
    return "; ".join(f"{one.name}: {one.amount}" for one in entries)[:VALUE_LIMIT]

"""The parameters of a Checkout Session. They are stored with the attempt: a repeat must be byte-same."""

from typing import Any

from django.conf import settings

from .models import Installation, Order
from .pricing import Quote, Shipping


def for_order(order: Order, quote: Quote, objects: dict[str, Any], key: str, expires_at: int) -> dict[str, Any]:
    """`key` names the attempt in the metadata; `expires_at` is in Unix seconds."""
    metadata = {"installation": Installation.current(), "order": order.token, "attempt": key}
    params: dict[str, Any] = {
        "mode": "payment",
        "locale": order.language.partition("-")[0] or "auto",
        "line_items": [_line_item(line, quote.currency, objects["tax_rates"]) for line in quote.lines],
        # literal braces: Stripe puts the session's id there
        "success_url": f"{settings.BASE_URL}/checkout/return/?session_id={{CHECKOUT_SESSION_ID}}",
        "cancel_url": f"{order_page(order)}?cancelled=1",
        "expires_at": expires_at,
        "metadata": metadata,
        "payment_intent_data": {"metadata": metadata},
        # our prices are made for each currency; Stripe must not convert them
        "adaptive_pricing": {"enabled": False},
    }
    if quote.shipping_rate:
        params |= _shipping(quote.shipping_rate, quote.currency)
    if objects["coupon"]:
        params["discounts"] = [{"coupon": objects["coupon"]}]
    if order.email:
        params["customer_email"] = order.email
    return params


def _line_item(line: Any, currency: str, tax_rates: dict[int, str]) -> dict[str, Any]:
    item: dict[str, Any] = {
        "quantity": line.quantity,
        "price_data": {
            "currency": currency.lower(),
            "unit_amount": line.unit_amount,
            "product_data": {"name": line.full_name, "metadata": {"item": str(line.item_id), "sku": line.sku}},
        },
    }
    rates = [tax_rates[tax] for tax in line.tax_ids]
    return item | ({"tax_rates": rates} if rates else {})


def _shipping(rate: Shipping, currency: str) -> dict[str, Any]:
    """The one rate of this order, and the address Stripe asks for because of it."""
    cost = {"amount": rate.amount, "currency": currency.lower()}
    option = {"type": "fixed_amount", "display_name": rate.name, "fixed_amount": cost}
    return {
        "shipping_options": [{"shipping_rate_data": option}],
        "shipping_address_collection": {"allowed_countries": list(rate.countries)},
    }


def order_page(order: Order) -> str:
    """The full address of the order's own page."""
    return f"{settings.BASE_URL}/order/{order.token}"

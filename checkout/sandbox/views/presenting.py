"""Rows of the sandbox → words and sums for its pages."""

from datetime import UTC, datetime

from babel import Locale
from django.conf import settings
from django.http import HttpRequest
from wagtail.models import Site

from checkout.sandbox import cards, events
from checkout.sandbox.models import SandboxObject
from products.money import format_money

NAMES = Locale("en").territories


def merchant(request: HttpRequest) -> str:
    """The shop's name as its visitors know it."""
    site = Site.find_for_request(request)
    return (site and site.site_name) or settings.WAGTAIL_SITE_NAME


def session(row: SandboxObject) -> dict[str, object]:
    """Everything the payment page shows about a session."""
    data, private = row.data, row.private
    code = data["currency"].upper()
    collected = data["shipping_address_collection"] or {}
    return {
        "session_id": row.stripe_id,
        "currency": code,
        "total": format_money(data["amount_total"], code),
        "free": not data["amount_total"],
        "lines": [_line(*pair, code) for pair in zip(private["lines"], private["products"], strict=True)],
        "rows": _rows(data, private, code),
        "email": data["customer_email"] or "",
        "email_locked": bool(data["customer_email"]),
        "cancel_url": data["cancel_url"],
        "countries": [(country, NAMES.get(country, country)) for country in collected.get("allowed_countries", [])],
        "expires_at": datetime.fromtimestamp(data["expires_at"], UTC),
        "webhooks": events.Webhook.choices,
        "cards": [card for card in cards.CARDS if card.type == "card"],
    }


def _line(line: dict, product: dict, code: str) -> dict[str, object]:
    images = product.get("images")
    return {
        "name": line["description"],
        "detail": product.get("description", ""),
        # only pictures of this site: the page's policy allows no other, and another host may not be asked
        "image": images[0] if images and images[0].startswith(settings.BASE_URL + "/") else "",
        "quantity": line["quantity"],
        "unit": format_money(line["price"]["unit_amount"], code),
        "amount": format_money(line["amount_subtotal"], code),
    }


def _rows(data: dict, private: dict, code: str) -> list[tuple[str, str]]:
    """Subtotal, discount, shipping, taxes; added taxes before those already contained in the prices."""
    rows = [("Subtotal", format_money(data["amount_subtotal"], code))]
    for entry in private["discounts"]:
        rows.append((f"Discount: {private['coupon_name']}", "−" + format_money(entry["amount"], code)))
    if data["shipping_cost"]:
        rows.append(
            (f"Shipping: {private['shipping_label']}", format_money(data["shipping_cost"]["amount_total"], code))
        )
    for entry in sorted(private["taxes"], key=lambda tax: tax["rate"]["inclusive"]):
        rate = entry["rate"]
        included = ", included in the prices" if rate["inclusive"] else ""
        label = f"{rate['display_name']} ({rate['percentage']:g} %{included})"
        rows.append((label, format_money(entry["amount"], code)))
    return rows

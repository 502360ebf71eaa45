"""Rows of the sandbox → words and sums for its pages."""

from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext
from wagtail.models import Site

from checkout import shipping
from checkout.sandbox import cards, events
from checkout.sandbox.models import SandboxObject

from . import speaking


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
        "total": speaking.money(data["amount_total"], code),
        "free": not data["amount_total"],
        "lines": [_line(*pair, code) for pair in zip(private["lines"], private["products"], strict=True)],
        "rows": _rows(data, private, code),
        "email": data["customer_email"] or "",
        "email_locked": bool(data["customer_email"]),
        "cancel_url": data["cancel_url"],
        "countries": shipping.country_names(collected.get("allowed_countries", []), speaking.language()),
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
        "unit": speaking.money(line["price"]["unit_amount"], code),
        "amount": speaking.money(line["amount_subtotal"], code),
    }


def _rows(data: dict, private: dict, code: str) -> list[tuple[str, str]]:
    """Subtotal, discount, shipping, taxes; added taxes before those already contained in the prices."""
    rows = [(gettext("Subtotal"), speaking.money(data["amount_subtotal"], code))]
    for entry in private["discounts"]:
        label = gettext("Discount: %(name)s") % {"name": private["coupon_name"]}
        rows.append((label, "−" + speaking.money(entry["amount"], code)))
    if data["shipping_cost"]:
        label = gettext("Shipping: %(name)s") % {"name": private["shipping_label"]}
        rows.append((label, speaking.money(data["shipping_cost"]["amount_total"], code)))
    for entry in sorted(private["taxes"], key=lambda tax: tax["rate"]["inclusive"]):
        rate = entry["rate"]
        included = gettext(", included in the prices") if rate["inclusive"] else ""
        label = f"{rate['display_name']} ({speaking.percent(rate['percentage'])}{included})"
        rows.append((label, speaking.money(entry["amount"], code)))
    return rows

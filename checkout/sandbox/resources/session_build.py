"""From checked parameters to the Session object, its lines and its breakdown, as API 2026-10-28.endive shows them."""

from django.conf import settings

from checkout.sandbox import store, totals
from checkout.sandbox.currencies import check_charge
from checkout.sandbox.errors import missing_object

from . import coupons, tax_rates

# null in a new session; some of them are filled in when the buyer submits
EMPTY = (
    "client_secret",
    "collected_information",
    "consent",
    "customer",
    "customer_details",
    "invoice",
    "payment_intent",
    "payment_link",
    "presentment_details",
    "recovered_from",
    "setup_intent",
    "subscription",
)
# shown as they were given
ECHOED = (
    "allow_promotion_codes",
    "billing_address_collection",
    "cancel_url",
    "client_reference_id",
    "customer_email",
    "locale",
    "shipping_address_collection",
    "submit_type",
)


def build(account: str, wanted: dict) -> tuple[dict, dict]:
    """(what the API shows, what the sandbox keeps). Refuses unknown rates and coupons and impossible totals."""
    currency = wanted["currency"]
    rates = [
        tax_rates.usable(account, line.get("tax_rates", []), f"line_items[{index}][tax_rates]")
        for index, line in enumerate(wanted["line_items"])
    ]
    lines = [
        totals.Line(
            unit_amount=line["price_data"]["unit_amount"],
            quantity=line["quantity"],
            rates=tuple(totals.Rate(rate["id"], rate["exact"], rate["inclusive"]) for rate in chosen),
        )
        for line, chosen in zip(wanted["line_items"], rates, strict=True)
    ]
    coupon = _coupon(account, wanted)
    shipping = _shipping(wanted)
    summed = totals.work_out(lines, coupon, currency, shipping)
    if summed.total:
        check_charge(summed.total, currency, "line_items")
    private = {
        "lines": [_line_item(*pair, currency) for pair in zip(wanted["line_items"], lines, strict=True)],
        "products": [line["price_data"]["product_data"] for line in wanted["line_items"]],
        "coupon": coupon["id"] if coupon else "",
        "coupon_name": (coupon["name"] or coupon["id"]) if coupon else "",
        "discounts": [_discount(coupon, summed.discount)] if coupon else [],
        "taxes": _taxes(lines, rates),
        "payment_intent_data": _intent_data(wanted.get("payment_intent_data", {})),
        "shipping_label": _shipping_label(wanted),
    }
    return _session(wanted, summed, shipping, coupon), private


def _coupon(account: str, wanted: dict) -> dict | None:
    for discount in wanted.get("discounts", []):
        if "promotion_code" in discount:
            raise missing_object(
                "promotion code", discount["promotion_code"], "discounts[0][promotion_code]", status=400
            )
        if "coupon" in discount:
            return coupons.usable(account, discount["coupon"], wanted["currency"], "discounts[0][coupon]")
    return None


def _shipping(wanted: dict) -> int:
    """The first option is the one Stripe's page has chosen; the sandbox offers no other."""
    options = wanted.get("shipping_options")
    return options[0]["shipping_rate_data"]["fixed_amount"]["amount"] if options else 0


def _shipping_label(wanted: dict) -> str:
    options = wanted.get("shipping_options")
    return options[0]["shipping_rate_data"]["display_name"] if options else ""


def _intent_data(given: dict) -> dict:
    return {name: value for name, value in given.items() if name != "capture_method"}


def _line_item(wanted: dict, line: totals.Line, currency: str) -> dict:
    product = wanted["price_data"]["product_data"]
    price = {
        "id": store.new_id("price_1"),
        "object": "price",
        "active": False,
        "currency": currency,
        "metadata": {},
        "product": store.new_id("prod_", 14),
        "recurring": None,
        "tax_behavior": wanted["price_data"].get("tax_behavior", "unspecified"),
        "type": "one_time",
        "unit_amount": line.unit_amount,
        "unit_amount_decimal": str(line.unit_amount),
    }
    return {
        "id": store.new_id("li_1"),
        "object": "item",
        "amount_discount": line.discount,
        "amount_subtotal": line.subtotal,
        "amount_tax": sum(line.taxes),
        "amount_total": line.total,
        "currency": currency,
        "description": product["name"],
        "metadata": wanted.get("metadata", {}),
        "price": price,
        "quantity": line.quantity,
    }


def _discount(coupon: dict, amount: int) -> dict:
    discount = {
        "id": store.new_id("di_1"),
        "object": "discount",
        "source": {"type": "coupon", "coupon": coupon["id"]},
    }
    return {"amount": amount, "discount": discount}


def _taxes(lines: list[totals.Line], rates: list[list[dict]]) -> list[dict]:
    """One entry for each rate, summed over the lines."""
    summed: dict[str, dict] = {}
    for line, chosen in zip(lines, rates, strict=True):
        for amount, rate in zip(line.taxes, chosen, strict=True):
            shown = {name: value for name, value in rate.items() if name != "exact"}
            entry = summed.setdefault(
                rate["id"], {"amount": 0, "rate": shown, "taxability_reason": None, "taxable_amount": 0}
            )
            entry["amount"] += amount
            entry["taxable_amount"] += line.subtotal - line.discount - (amount if rate["inclusive"] else 0)
    return list(summed.values())


def _session(wanted: dict, summed: totals.Totals, shipping: int, coupon: dict | None) -> dict:
    session_id = store.new_id("cs_test_", 58)
    discounts = [{"coupon": coupon["id"], "promotion_code": None}] if coupon else []
    return {
        **dict.fromkeys(EMPTY),
        **{name: wanted.get(name) for name in ECHOED},
        "id": session_id,
        "object": "checkout.session",
        "adaptive_pricing": wanted.get("adaptive_pricing", {"enabled": False}),
        "amount_subtotal": summed.subtotal,
        "amount_total": summed.total,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "created": store.now(),
        "currency": wanted["currency"],
        "custom_fields": [],
        "customer_creation": "if_required",
        "discounts": discounts,
        "expires_at": wanted["expires_at"],
        "livemode": False,
        "metadata": wanted.get("metadata", {}),
        "mode": "payment",
        "payment_method_types": wanted.get("allowed_payment_method_types", ["card", "us_bank_account"]),
        "payment_status": "no_payment_required" if not summed.total else "unpaid",
        "shipping_cost": {"amount_subtotal": shipping, "amount_tax": 0, "amount_total": shipping} if shipping else None,
        "shipping_options": [],
        "status": "open",
        "success_url": wanted["success_url"],
        "total_details": {
            "amount_discount": summed.discount,
            "amount_shipping": shipping,
            "amount_tax": summed.tax,
        },
        "ui_mode": wanted["ui_mode"],
        "url": f"{settings.BASE_URL}/sandbox/pay/{session_id}/",
    }

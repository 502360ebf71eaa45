"""What a Checkout Session may be created with: https://docs.stripe.com/api/checkout/sessions/create ."""

from checkout.sandbox import params, store
from checkout.sandbox.currencies import check_step
from checkout.sandbox.errors import invalid, missing_parameter

LEAST_LIFE, LONGEST_LIFE = 30 * 60, 24 * 3600  # seconds

_amount = {"amount": params.integer(0), "currency": params.currency}
_product = {
    "description": params.text(40_000),
    "images": params.listing(params.url, 8),
    "metadata": params.metadata,
    "name": params.text(1500),
    "tax_code": params.text(50),
    "unit_label": params.text(12),
}
_price = {
    "currency": params.currency,
    "product": params.unsupported,
    "product_data": params.shape(_product, ("name",)),
    "recurring": params.unsupported,
    "tax_behavior": params.choice("exclusive", "inclusive", "unspecified"),
    "unit_amount": params.integer(0),
    "unit_amount_decimal": params.unsupported,
}
_line = {
    "adjustable_quantity": params.shape({"enabled": params.choice("false")}, ("enabled",)),
    "metadata": params.metadata,
    "price": params.unsupported,
    "price_data": params.shape(_price, ("currency",)),
    "quantity": params.integer(1, 999_999),
    "tax_rates": params.listing(params.text(255), 10),
}
_address = {name: params.text(500) for name in ("city", "country", "line1", "line2", "postal_code", "state")}
_intent = {
    "capture_method": params.choice("automatic", "automatic_async"),
    "description": params.text(1000),
    "metadata": params.metadata,
    "receipt_email": params.email,
    "setup_future_usage": params.unsupported,
    "shipping": params.shape({"address": params.shape(_address), "name": params.text(500)}, ("address", "name")),
    "statement_descriptor_suffix": params.text(22),
}
_rate = {
    "display_name": params.text(100),
    "fixed_amount": params.shape(_amount, ("amount", "currency")),
    "metadata": params.metadata,
    "tax_behavior": params.choice("exclusive", "inclusive", "unspecified"),
    "tax_code": params.text(50),
    "type": params.choice("fixed_amount"),
}
_off = params.shape({"enabled": params.choice("false")}, ("enabled",))

CREATE: dict[str, params.Checker] = {
    "adaptive_pricing": params.shape({"enabled": params.boolean}),
    "allow_promotion_codes": params.boolean,
    "allowed_payment_method_types": params.listing(params.text(50), 40),
    "automatic_tax": _off,
    "billing_address_collection": params.choice("auto", "required"),
    "cancel_url": params.url,
    "client_reference_id": params.text(200),
    "currency": params.currency,
    "customer_creation": params.choice("if_required"),
    "customer_email": params.email,
    "discounts": params.listing(params.shape({"coupon": params.text(200), "promotion_code": params.text(200)}), 1),
    "excluded_payment_method_types": params.listing(params.text(50), 40),
    "expires_at": params.integer(1),
    "integration_identifier": params.text(200),
    "invoice_creation": _off,
    "line_items": params.listing(params.shape(_line), 100),
    "locale": params.text(10, "auto|[a-z]{2,3}(-[A-Z0-9]{2,3})?"),
    "metadata": params.metadata,
    "mode": params.choice("payment", "setup", "subscription"),
    "payment_intent_data": params.shape(_intent),
    "payment_method_types": params.removed(
        "parameter_unknown",
        "Received unknown parameter: payment_method_types. It was removed; use allowed_payment_method_types.",
    ),
    "phone_number_collection": _off,
    "return_url": params.url,
    "shipping_address_collection": params.shape(
        {"allowed_countries": params.listing(params.text(2, "[A-Z]{2}"), 300)}, ("allowed_countries",)
    ),
    "shipping_options": params.listing(
        params.shape({"shipping_rate_data": params.shape(_rate, ("display_name",))}, ("shipping_rate_data",)), 5
    ),
    "submit_type": params.choice("auto", "book", "donate", "pay", "subscribe"),
    "success_url": params.url,
    "ui_mode": params.choice("hosted_page", "embedded_page", "elements", "form"),
}
_UNSUPPORTED = """
after_expiration branding_settings consent_collection custom_fields custom_text customer customer_account
customer_update managed_payments name_collection optional_items origin_context payment_method_collection
payment_method_configuration payment_method_data payment_method_options permissions redirect_on_completion
saved_payment_method_options setup_intent_data subscription_data tax_id_collection wallet_options
"""
CREATE.update(dict.fromkeys(_UNSUPPORTED.split(), params.unsupported))


def checked(call) -> dict:
    """The parameters of a session, checked one by one and against each other."""
    wanted = call.checked(CREATE, ("mode",))
    if wanted["mode"] != "payment":
        raise invalid("The sandbox simulates mode=payment only.", "mode")
    if wanted.setdefault("ui_mode", "hosted_page") != "hosted_page":
        raise invalid("The sandbox simulates ui_mode=hosted_page only.", "ui_mode")
    if "success_url" not in wanted:
        raise missing_parameter("success_url")
    if "return_url" in wanted:
        raise invalid("return_url is only for ui_mode other than hosted_page.", "return_url")
    if wanted.get("discounts") and "allow_promotion_codes" in wanted:
        raise invalid("You may only specify one of these parameters: allow_promotion_codes, discounts.")
    wanted["currency"] = _currency(wanted)
    _check_lines(wanted)
    _check_life(wanted)
    return wanted


def _currency(wanted: dict) -> str:
    lines = wanted.get("line_items") or []
    if not lines:
        raise missing_parameter("line_items")
    for index, line in enumerate(lines):
        for name in ("price_data", "quantity"):
            if name not in line:
                raise missing_parameter(f"line_items[{index}][{name}]")
    currencies = {line["price_data"]["currency"] for line in lines}
    for option in wanted.get("shipping_options", []):
        if "fixed_amount" not in option["shipping_rate_data"]:
            raise missing_parameter("shipping_options[0][shipping_rate_data][fixed_amount]")
        currencies.add(option["shipping_rate_data"]["fixed_amount"]["currency"])
    if "currency" in wanted:
        currencies.add(wanted["currency"])
    if len(currencies) > 1:
        raise invalid("All prices on a Checkout Session must have the same currency.", "line_items")
    return currencies.pop()


def _check_lines(wanted: dict) -> None:
    for index, line in enumerate(wanted["line_items"]):
        path = f"line_items[{index}][price_data]"
        for name in ("product_data", "unit_amount"):
            if name not in line["price_data"]:
                raise missing_parameter(f"{path}[{name}]")
        check_step(line["price_data"]["unit_amount"], wanted["currency"], f"{path}[unit_amount]")


def _check_life(wanted: dict) -> None:
    now = store.now()
    expires_at = wanted.setdefault("expires_at", now + LONGEST_LIFE)
    if expires_at < now + LEAST_LIFE:
        raise invalid(
            "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.", "expires_at"
        )
    if expires_at > now + LONGEST_LIFE:
        raise invalid(
            "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.", "expires_at"
        )

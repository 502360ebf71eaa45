"""Payment intents: https://docs.stripe.com/api/payment_intents ."""

from checkout.sandbox import cards, intents, listing, params, paying, store
from checkout.sandbox.call import Call
from checkout.sandbox.currencies import check_charge
from checkout.sandbox.errors import Refusal, invalid, missing_parameter
from checkout.sandbox.models import SandboxObject

from . import amount_details

KIND = intents.KIND
_removed_types = params.removed(
    "payment_method_types_no_longer_supported",
    "payment_method_types is no longer supported. Use automatic or allowed payment methods instead.",
)
_address = {name: params.text(500) for name in ("city", "country", "line1", "line2", "postal_code", "state")}
SHIPPING = params.shape(
    {"address": params.shape(_address), "name": params.text(500), "phone": params.text(50)}, ("address", "name")
)
_described = {
    "amount": params.integer(1),
    "amount_details": amount_details.SHAPE,
    "currency": params.currency,
    "description": params.text(1000),
    "metadata": params.metadata,
    "receipt_email": params.email,
    "shipping": SHIPPING,
    "statement_descriptor_suffix": params.text(22),
    "allowed_payment_method_types": params.listing(params.text(50), 40),
    "excluded_payment_method_types": params.listing(params.text(50), 40),
    "payment_method_types": _removed_types,
}
_paying = {
    "payment_method": params.text(255),
    "return_url": params.url,
}
_NAMES = """
application_fee_amount confirmation_token customer customer_account error_on_requires_action hooks mandate
mandate_data off_session on_behalf_of payment_details payment_method_configuration payment_method_data
payment_method_options radar_options setup_future_usage statement_descriptor transfer_data transfer_group use_stripe_sdk
"""
_UNSUPPORTED = dict.fromkeys(_NAMES.split(), params.unsupported)
CREATE = {
    **_UNSUPPORTED,
    **_described,
    **_paying,
    "automatic_payment_methods": params.shape(
        {"allow_redirects": params.choice("always", "never"), "enabled": params.boolean}, ("enabled",)
    ),
    "capture_method": params.choice("automatic", "automatic_async"),
    "confirm": params.boolean,
    "confirmation_method": params.choice("automatic"),
}
UPDATE = {**_UNSUPPORTED, **_described}
CONFIRM = {
    **_UNSUPPORTED,
    **_paying,
    "amount_details": amount_details.SHAPE,
    "amount_to_confirm": params.integer(1),
    "payment_method_types": _removed_types,
    "receipt_email": params.email,
}


def create(call: Call) -> dict | Refusal:
    wanted = call.checked(CREATE, ("amount", "currency"))
    check_charge(wanted["amount"], wanted["currency"], "amount")
    confirm_now, token, return_url = (wanted.pop(name, None) for name in ("confirm", "payment_method", "return_url"))
    if token and not confirm_now:
        raise invalid("The sandbox takes a payment_method only together with confirm=true.", "payment_method")
    if return_url and not confirm_now:
        raise invalid("return_url can only be given with confirm=true.", "return_url")
    if confirm_now and not token:
        raise missing_parameter("payment_method")
    if "amount_details" in wanted:
        wanted["amount_details"] = amount_details.shown(wanted["amount_details"], wanted["amount"])
    if "allowed_payment_method_types" in wanted:
        wanted["payment_method_types"] = wanted["allowed_payment_method_types"]
    methods = {"allow_redirects": "always", "enabled": True, **wanted.pop("automatic_payment_methods", {})}
    card = cards.by_token(token) if token else None
    if card and not return_url and methods["allow_redirects"] != "never":
        raise missing_parameter("return_url")
    row = intents.new(call.account, automatic_payment_methods=methods, **wanted)
    refusal = intents.confirm(row, card, return_url=return_url or "") if card else None
    return refusal or row.data


def retrieve(call: Call, intent_id: str) -> dict:
    wanted = call.checked({"client_secret": params.text(255)})
    row = store.get(call.account, KIND, intent_id)
    if wanted.get("client_secret", row.data["client_secret"]) != row.data["client_secret"]:
        raise invalid("The client_secret provided does not match this PaymentIntent.", "client_secret")
    return row.data


def update(call: Call, intent_id: str) -> dict:
    wanted = call.checked(UPDATE)
    row = _standalone(call.account, intent_id, "changed")
    intents.require_open(row, "update")
    amount = wanted.get("amount", row.data["amount"])
    check_charge(amount, wanted.get("currency", row.data["currency"]), "amount")
    if "amount_details" in wanted:
        wanted["amount_details"] = amount_details.shown(wanted["amount_details"], amount)
    elif amount != row.data["amount"] and row.data["amount_details"].get("line_items"):
        amount_details.shown({k: v for k, v in row.data["amount_details"].items() if k != "tip"}, amount)
    if "metadata" in wanted:
        wanted["metadata"] = params.merge_metadata(row.data["metadata"], wanted["metadata"])
    row.data.update(wanted)
    store.save(row)
    return row.data


def confirm(call: Call, intent_id: str) -> dict | Refusal:
    wanted = call.checked(CONFIRM, ("payment_method",))
    row = _standalone(call.account, intent_id, "confirmed")
    card = cards.by_token(wanted["payment_method"])
    redirects = row.data["automatic_payment_methods"]["allow_redirects"]
    if "return_url" not in wanted and redirects != "never":
        raise missing_parameter("return_url")
    return confirm_row(row, card, wanted)


def confirm_row(row: SandboxObject, card: cards.Card, wanted: dict) -> dict | Refusal:
    """Confirms for the server and for the browser alike; `wanted` are checked parameters of CONFIRM."""
    amount = row.data["amount"]
    if wanted.get("amount_to_confirm", amount) != amount:
        raise invalid(f"amount_to_confirm differs from the amount {amount}.", "amount_to_confirm", "amount_mismatch")
    if "amount_details" in wanted:
        row.data["amount_details"] = amount_details.shown(wanted["amount_details"], amount)
    if "shipping" in wanted:
        row.data["shipping"] = wanted["shipping"]
    if "receipt_email" in wanted:
        row.data["receipt_email"] = wanted["receipt_email"]
    email = wanted.get("email") or row.data["receipt_email"]
    return intents.confirm(row, card, email=email, return_url=wanted.get("return_url", "")) or row.data


def cancel(call: Call, intent_id: str) -> dict:
    reasons = params.choice("duplicate", "fraudulent", "requested_by_customer", "abandoned")
    wanted = call.checked({"cancellation_reason": reasons})
    row = _standalone(call.account, intent_id, "canceled")
    intents.cancel(row, wanted.get("cancellation_reason"))
    return row.data


def _standalone(account: str, intent_id: str, verb: str) -> SandboxObject:
    """The intent, unless it belongs to a Checkout Session, which alone may change it."""
    row = store.get(account, KIND, intent_id)
    if row.private["session"]:
        raise invalid(
            f"You cannot have a PaymentIntent of a Checkout Session {verb}: it was created by {paying.SESSION} "
            f"{row.private['session']}. Expire the session instead."
        )
    return row


def list_all(call: Call) -> dict:
    wanted = call.checked(listing.TABLE)
    return listing.page(listing.objects(call.account, KIND), wanted, "/v1/payment_intents")


ROUTES = [
    ("POST", "/v1/payment_intents", create),
    ("GET", "/v1/payment_intents", list_all),
    ("GET", "/v1/payment_intents/([^/]+)", retrieve),
    ("POST", "/v1/payment_intents/([^/]+)/confirm", confirm),
    ("POST", "/v1/payment_intents/([^/]+)/cancel", cancel),
    ("POST", "/v1/payment_intents/([^/]+)", update),
]

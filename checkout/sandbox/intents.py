"""What can happen to a payment intent, whoever asks for it: the API, the hosted page, or the pretend Stripe.js.

Every function changes rows within the caller's `store.atomically` and emits the events Stripe would.
https://docs.stripe.com/payments/paymentintents/lifecycle
"""

from django.conf import settings

from . import charging, events, store
from .cards import BY_TOKEN, Card
from .errors import Refusal, card_declined, invalid
from .models import SandboxObject

KIND = "payment_intent"
OPEN = ("requires_payment_method", "requires_confirmation", "requires_action")
AUTHENTICATION_FAILED = Card(
    "", "", "", code="payment_intent_authentication_failure",
    message="We are unable to authenticate your payment method. Please choose a different one and try again.",
)  # fmt: skip
DEBIT_FAILED = Card("", "", "", code="payment_method_provider_decline", message="The bank debit was refused.")


def new(account: str, *, amount: int, currency: str, session_id: str = "", **described: object) -> SandboxObject:
    """An intent without a payment method; `described` are checked fields of the API. Emits payment_intent.created."""
    intent_id = store.new_id("pi_3")
    data = {
        "id": intent_id,
        "object": KIND,
        "amount": amount,
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "automatic_payment_methods": {"allow_redirects": "always", "enabled": True},
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": "automatic_async",
        "client_secret": f"{intent_id}_secret_{store.new_id('')}",
        "confirmation_method": "automatic",
        "created": store.now(),
        "currency": currency,
        "customer": None,
        "description": None,
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": {},
        "next_action": None,
        "payment_method": None,
        "payment_method_types": ["card", "us_bank_account"],
        "processing": None,
        "receipt_email": None,
        "setup_future_usage": None,
        "shipping": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": "requires_payment_method",
        **described,
    }
    row = store.create(account, KIND, data, private={"session": session_id, "card": "", "return_url": ""})
    events.emit(account, "payment_intent.created", row.data)
    return row


def require_open(row: SandboxObject, verb: str) -> None:
    """Refuses `verb` on an intent that is paid, being paid or canceled."""
    if row.data["status"] not in OPEN:
        raise Refusal(
            400,
            f"This PaymentIntent's {verb} could not be done because it has a status of {row.data['status']}.",
            code="payment_intent_unexpected_state",
            payment_intent=row.data,
        )


def confirm(row: SandboxObject, card: Card, *, email: str | None = None, return_url: str = "") -> Refusal | None:
    """Tries to pay with `card`. Returns the 402 refusal of a declined card, whose effects stay."""
    require_open(row, "confirmation")
    row.data |= {"payment_method": store.new_id("pm_1"), "last_payment_error": None, "next_action": None}
    row.private |= {"card": card.token, "email": email, "return_url": return_url}
    if card.outcome == "declines":
        return _fail(row, card)
    if card.outcome == "secure":
        page = f"{settings.BASE_URL}/sandbox/3ds/{row.stripe_id}/"
        redirect = {"url": page, "return_url": return_url or None}
        row.data |= {
            "status": "requires_action",
            "next_action": {"type": "redirect_to_url", "redirect_to_url": redirect},
        }
        store.save(row)
        events.emit(row.account, "payment_intent.requires_action", row.data)
    elif card.outcome == "delayed":
        row.data |= {"status": "processing"}
        store.save(row)
        events.emit(row.account, "payment_intent.processing", row.data)
    else:
        _succeed(row)
    return None


def authenticate(row: SandboxObject, *, passed: bool) -> None:
    """The buyer's answer to 3-D Secure."""
    if row.data["status"] != "requires_action":
        raise invalid("This payment does not wait for authentication.", code="payment_intent_unexpected_state")
    row.data["next_action"] = None
    if passed:
        _succeed(row)
    else:
        _fail(row, AUTHENTICATION_FAILED)


def settle_delayed(row: SandboxObject, *, succeeds: bool) -> None:
    """The bank's answer, days later, to a delayed payment method."""
    if row.data["status"] != "processing":
        raise invalid("This payment is not being processed.", code="payment_intent_unexpected_state")
    if succeeds:
        _succeed(row)
    else:
        _fail(row, DEBIT_FAILED)


def cancel(row: SandboxObject, reason: str | None) -> None:
    """Gives up an intent that is not paid. Emits payment_intent.canceled."""
    require_open(row, "cancellation")
    row.data |= {
        "status": "canceled",
        "canceled_at": store.now(),
        "cancellation_reason": reason,
        "next_action": None,
    }
    store.save(row)
    events.emit(row.account, "payment_intent.canceled", row.data)


def _succeed(row: SandboxObject) -> None:
    card = BY_TOKEN[row.private["card"]]
    charge = charging.charge(row.data, row.account, card, email=row.private.get("email"))
    row.data |= {
        "status": "succeeded",
        "amount_received": row.data["amount"],
        "latest_charge": charge.stripe_id,
        "last_payment_error": None,
        "next_action": None,
    }
    store.save(row)
    events.emit(row.account, "payment_intent.succeeded", row.data)
    if card.later == "dispute":
        charging.open_dispute(charge)


def _fail(row: SandboxObject, why: Card) -> Refusal:
    used = BY_TOKEN[row.private["card"]]
    charge_id = None
    if why is not AUTHENTICATION_FAILED:
        shown = Card(used.token, used.number, used.label, used.outcome, why.code, why.decline_code, why.message)
        charge_id = charging.failed_charge(row.data, row.account, shown, email=row.private.get("email")).stripe_id
    row.data |= {"status": "requires_payment_method", "next_action": None}
    row.data["latest_charge"] = charge_id or row.data["latest_charge"]
    method = {"id": row.data["payment_method"], "object": "payment_method", "type": used.type}
    row.data["payment_method"] = None
    refusal = card_declined(why.code, why.decline_code, why.message, charge=charge_id or "", intent={})
    error = {name: value for name, value in refusal.error.items() if name != "payment_intent"}
    row.data["last_payment_error"] = {**error, "charge": charge_id, "payment_method": method}
    store.save(row)
    events.emit(row.account, "payment_intent.payment_failed", row.data)
    refusal.error["payment_intent"] = row.data
    return refusal

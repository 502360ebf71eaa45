"""Charges and disputes as rows: what a payment intent leaves behind when it is paid or refused."""

from . import events, store
from .cards import Card
from .models import SandboxObject


def charge(intent: dict, account: str, card: Card, *, email: str | None) -> SandboxObject:
    """Takes the money of the intent. Emits charge.succeeded."""
    row = _create(intent, account, card, email, paid=True)
    events.emit(account, "charge.succeeded", row.data)
    return row


def failed_charge(intent: dict, account: str, card: Card, *, email: str | None) -> SandboxObject:
    """The trace of a payment the bank refused. Emits charge.failed."""
    row = _create(intent, account, card, email, paid=False)
    events.emit(account, "charge.failed", row.data)
    return row


def _create(intent: dict, account: str, card: Card, email: str | None, *, paid: bool) -> SandboxObject:
    method: dict[str, object] = {"type": card.type}
    method[card.type] = {"last4": card.last4}
    if card.type == "card":
        checks = {"cvc_check": "fail" if card.number.endswith("0101") else "pass"}
        method["card"] = {"brand": "visa", "checks": checks, "country": "US", "last4": card.last4}
    data = {
        "id": store.new_id("ch_3"),
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": intent["amount"] if paid else 0,
        "amount_refunded": 0,
        "balance_transaction": store.new_id("txn_3") if paid else None,
        "billing_details": {"address": None, "email": email, "name": None, "phone": None, "tax_id": None},
        "captured": paid,
        "created": store.now(),
        "currency": intent["currency"],
        "customer": None,
        "description": intent["description"],
        "disputed": False,
        "failure_code": None if paid else card.code or "payment_intent_payment_attempt_failed",
        "failure_message": None if paid else card.message or "The payment failed.",
        "livemode": False,
        "metadata": intent["metadata"],
        "paid": paid,
        "payment_intent": intent["id"],
        "payment_method": intent["payment_method"],
        "payment_method_details": method,
        "receipt_email": intent["receipt_email"],
        "receipt_url": None,
        "refunded": False,
        "shipping": intent["shipping"],
        "status": "succeeded" if paid else "failed",
    }
    return store.create(account, "charge", data, private={"card": card.token})


def open_dispute(charge_row: SandboxObject, *, reason: str = "fraudulent", amount: int | None = None) -> SandboxObject:
    """The buyer's bank asks for the money back (all of it by default). Emits charge.dispute.created."""
    charge_row.data["disputed"] = True
    store.save(charge_row)
    data = {
        "id": store.new_id("du_1"),
        "object": "dispute",
        "amount": charge_row.data["amount"] if amount is None else amount,
        "charge": charge_row.stripe_id,
        "created": store.now(),
        "currency": charge_row.data["currency"],
        "evidence_details": {"due_by": store.now() + 7 * 86400, "has_evidence": False, "submission_count": 0},
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "payment_intent": charge_row.data["payment_intent"],
        "reason": reason,
        "status": "needs_response",
    }
    row = store.create(charge_row.account, "dispute", data)
    events.emit(row.account, "charge.dispute.created", row.data)
    return row


def close_dispute(row: SandboxObject, *, won: bool) -> None:
    """The bank's last word. Emits charge.dispute.closed."""
    row.data["status"] = "won" if won else "lost"
    store.save(row)
    events.emit(row.account, "charge.dispute.closed", row.data)

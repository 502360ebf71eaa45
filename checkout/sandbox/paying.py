"""What the buyer does at the payment page, and how a Checkout Session follows its payment intent.

Each public function is one transaction, run again when another worker was faster.
"""

from typing import Any

from . import events, intents, store
from .cards import Card
from .errors import Refusal, invalid
from .models import SandboxObject
from .resources import coupons

SESSION = "checkout.session"


def pay(account: str, session_id: str, card: Card, *, email: str, shipping: dict | None = None) -> SandboxObject | None:
    """Submits the page. Returns the payment intent as it is afterwards; None for a free order.

    Raises a refusal when the session is no longer open.
    """
    return store.atomically(lambda: _pay(account, session_id, card, email, shipping))


def _pay(account: str, session_id: str, card: Card, email: str, shipping: dict | None) -> SandboxObject | None:
    session = open_session(account, session_id)
    details: dict[str, Any] = {"address": None, "email": email, "name": None, "phone": None}
    details |= {"tax_exempt": "none", "tax_ids": []}
    session.data["customer_details"] = details
    if shipping:
        session.data["collected_information"] = {"shipping_details": shipping}
    if not session.data["amount_total"]:
        _complete(session, "no_payment_required")
        return None
    intent = _intent_of(session, shipping)
    store.save(session)
    intents.confirm(intent, card, email=email, return_url=session.data["success_url"] or "")
    _follow(intent, session)
    return intent


def open_session(account: str, session_id: str) -> SandboxObject:
    """The session, if it can still be paid. Raises a refusal otherwise."""
    session = store.get(account, SESSION, session_id)
    if session.data["status"] != "open" or session.data["expires_at"] <= store.now():
        raise invalid("This session is no longer open.", code="checkout_session_not_open")
    return session


def _intent_of(session: SandboxObject, shipping: dict | None) -> SandboxObject:
    """Stripe makes the intent when the buyer submits, and keeps it through declined tries."""
    if session.data["payment_intent"]:
        return store.get(session.account, intents.KIND, session.data["payment_intent"])
    intent = intents.new(
        session.account,
        amount=session.data["amount_total"],
        currency=session.data["currency"],
        session_id=session.stripe_id,
        shipping=shipping,
        **session.private["payment_intent_data"],
    )
    session.data["payment_intent"] = intent.stripe_id
    return intent


def authenticate(account: str, intent_id: str, *, passed: bool) -> SandboxObject:
    """The buyer's answer to 3-D Secure; the session follows. Returns the intent."""

    def work() -> SandboxObject:
        intent = store.get(account, intents.KIND, intent_id)
        intents.authenticate(intent, passed=passed)
        _follow(intent)
        return intent

    return store.atomically(work)


def settle_delayed(account: str, intent_id: str, *, succeeds: bool) -> SandboxObject:
    """The bank's late answer; the session follows with an async_payment event. Returns the intent."""

    def work() -> SandboxObject:
        intent = store.get(account, intents.KIND, intent_id)
        intents.settle_delayed(intent, succeeds=succeeds)
        _follow(intent)
        return intent

    return store.atomically(work)


def _follow(intent: SandboxObject, session: SandboxObject | None = None) -> None:
    """Brings the session of the intent, if it has one, to where the intent is."""
    session_id = intent.private["session"]
    if not session_id:
        return
    session = session or store.get(intent.account, SESSION, session_id)
    status, was_open = intent.data["status"], session.data["status"] == "open"
    if was_open and status in ("succeeded", "processing"):
        _complete(session, "paid" if status == "succeeded" else "unpaid")
    elif not was_open and status == "succeeded":
        session.data["payment_status"] = "paid"
        store.save(session)
        events.emit(session.account, "checkout.session.async_payment_succeeded", session.data)
    elif not was_open and status == "requires_payment_method":
        events.emit(session.account, "checkout.session.async_payment_failed", session.data)


def _complete(session: SandboxObject, payment_status: str) -> None:
    if session.data["expires_at"] <= store.now():
        raise invalid("This session is no longer open.", code="checkout_session_not_open")
    session.data |= {"status": "complete", "payment_status": payment_status, "url": None}
    session.due_at = None
    if session.private["coupon"]:
        coupons.redeem(session.account, session.private["coupon"])
    store.save(session)
    events.emit(session.account, "checkout.session.completed", session.data)


def expire(session: SandboxObject) -> None:
    """Closes an open session within the caller's transaction; its unpaid intent is canceled."""
    if session.data["status"] != "open":
        raise Refusal(
            400,
            'Only Checkout Sessions with a status in ["open"] can be expired. '
            f"This Checkout Session has a status of {session.data['status']}.",
        )
    session.data |= {"status": "expired", "url": None}
    session.due_at = None
    store.save(session)
    if session.data["payment_intent"]:
        intent = store.get(session.account, intents.KIND, session.data["payment_intent"])
        if intent.data["status"] in intents.OPEN:
            intents.cancel(intent, "automatic")
    events.emit(session.account, "checkout.session.expired", session.data)

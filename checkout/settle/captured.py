"""Money at Stripe, as fetched."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Captured:
    """`amount` in minor units, `paid_at` Stripe's time."""

    intent: str
    amount: int
    currency: str
    livemode: bool
    paid_at: datetime
    email: str
    metadata: dict[str, str]
    address: dict[str, str] | None = None


def from_intent(intent: dict[str, Any], session: dict[str, Any] | None) -> Captured:
    """What a succeeded intent brought. The session, where there is one, knows the buyer's address."""
    charge = intent.get("latest_charge") or {}
    details = (session or {}).get("customer_details") or charge.get("billing_details") or {}
    return Captured(
        intent=intent["id"],
        amount=intent["amount_received"],
        currency=intent["currency"].upper(),
        livemode=intent["livemode"],
        paid_at=datetime.fromtimestamp(charge.get("created") or intent["created"], UTC),
        email=details.get("email") or intent.get("receipt_email") or "",
        metadata=intent.get("metadata") or {},
        address=_address(intent, session),
    )


def _address(intent: dict[str, Any], session: dict[str, Any] | None) -> dict[str, str] | None:
    """Where to send it, if Stripe asked: name, line1, line2, postal_code, city, state, country."""
    collected = (session or {}).get("collected_information") or {}
    details = collected.get("shipping_details") or intent.get("shipping")
    if not details:
        return None
    parts = {"name": details.get("name"), **(details.get("address") or {})}
    return {name: str(value)[:200] for name, value in parts.items() if value}

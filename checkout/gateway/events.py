"""Which account signed an event. Anything that is not one of ours, whole and in time, is not an event."""

import json
import time
from dataclasses import dataclass
from typing import Any

import stripe

from .accounts import Account, webhook_accounts

TOLERANCE = 300  # seconds, in both directions: the SDK bounds only the past


class NotAnEvent(Exception):
    """Wrong signature, stale or future timestamp, or a body that is no event. `clock`: only the time was wrong."""

    def __init__(self, reason: str, *, clock: bool = False) -> None:
        super().__init__(reason)
        self.clock = clock


@dataclass(frozen=True, slots=True)
class Event:
    account: Account
    id: str
    type: str
    body: str
    data: dict[str, Any]

    @property
    def object(self) -> dict[str, Any]:
        return self.data["data"]["object"]


def verify(body: bytes, signature: str) -> Event:
    """The event in `body`, signed (header `Stripe-Signature`) by one of our accounts. Raises NotAnEvent."""
    try:
        text = body.decode("utf-8")
        data = json.loads(text)
    except ValueError:
        raise NotAnEvent("the body is not JSON") from None
    account = _signer(text, signature, _currency(data))
    if not _is_event(data):
        raise NotAnEvent("the body is no event")
    return Event(account, data["id"], data["type"], text, data)


def parse(account: Account, body: str) -> Event:
    """A stored event again; its signature was verified when it came."""
    data = json.loads(body)
    return Event(account, data["id"], data["type"], body, data)


def _is_event(data: Any) -> bool:
    return (
        isinstance(data, dict)
        and isinstance(data.get("id"), str)
        and isinstance(data.get("type"), str)
        and isinstance(data.get("data"), dict)
        and isinstance(data["data"].get("object"), dict)
    )


def _currency(data: Any) -> str:
    """The currency an event is about: only a hint at whose secret to try in the sandbox."""
    found = data["data"]["object"].get("currency") if _is_event(data) else None
    return found.upper() if isinstance(found, str) and len(found) == 3 and found.isascii() and found.isalpha() else ""


def _signer(text: str, signature: str, hint: str) -> Account:
    if _timestamp(signature) > time.time() + TOLERANCE:
        raise NotAnEvent("signed in the future: is this server's clock right?", clock=True)
    stale = False
    for account in webhook_accounts(hint):
        for secret in account.webhook_secrets:
            try:
                stripe.WebhookSignature.verify_header(text, signature, secret, TOLERANCE)
            except stripe.SignatureVerificationError as error:
                stale = stale or "tolerance" in str(error)
            else:
                return account
    raise NotAnEvent("signed too long ago" if stale else "no account signed it so", clock=stale)


def _timestamp(signature: str) -> int:
    for part in signature.split(","):
        name, _, value = part.partition("=")
        if name.strip() == "t" and value.isascii() and value.isdecimal() and len(value) < 16:
            return int(value)
    raise NotAnEvent("the signature has no timestamp")


def listed(account: Account, data: dict[str, Any]) -> Event:
    """An event that Stripe itself listed: no signature, because we asked."""
    return Event(account, data["id"], data["type"], json.dumps(data), data)

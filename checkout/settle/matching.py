"""Which attempt of ours an object at Stripe belongs to. Its metadata says so, whatever we have stored of it."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone

from products import written
from products.prepared import Prepared, updating

from .. import locks
from ..gateway.accounts import Account
from ..models import Attempt, Installation, Order, StripeEvent
from ..states import AttemptKind, EventState


class Unmatched(Exception):
    """It bears our marker, but there is no such attempt (yet): a restored backup, or a row not committed."""


class NotOurs(Exception):
    """Of another shop on the same account."""


class Foreign(Exception):
    """It names an attempt of ours, but is on another account or is not the object that attempt made."""


def require_ours(metadata: dict[str, str]) -> None:
    """Raises NotOurs."""
    if metadata.get("installation") != Installation.current():
        raise NotOurs


def by_metadata(metadata: dict[str, str]) -> Attempt:
    """The attempt that our metadata names. Raises NotOurs, Unmatched."""
    require_ours(metadata)
    token, key = _names(metadata)
    attempt = Attempt.objects.filter(idempotency_key=key, order__token=token).first()
    if attempt is None:
        raise Unmatched
    return attempt


def locked(metadata: dict[str, str]) -> tuple[Order, Attempt]:
    """The order and the attempt that our metadata name, both locked. Raises NotOurs, Unmatched."""
    require_ours(metadata)
    try:
        return locks.lock_named(*_names(metadata))
    except ObjectDoesNotExist:
        raise Unmatched from None


def _names(metadata: dict[str, str]) -> tuple[str, str]:
    """The order's token and the attempt's key."""
    return metadata.get("order", "-"), metadata.get("attempt", "-")


def owner(account: Account, found: dict[str, Any]) -> Attempt:
    """The attempt that made this session or bare intent; its id is stored if the answer to its making was lost.

    Raises NotOurs, Unmatched, Foreign.
    """
    attempt = by_metadata(found.get("metadata") or {})
    if attempt.keypair != account.keypair or found["livemode"] != account.livemode:
        raise Foreign(f"{found['id']} is on account {account.keypair}, its attempt on {attempt.keypair}")
    remember(account, found)
    attempt.refresh_from_db()
    if attempt.stripe_id != found["id"]:
        raise Foreign(f"{found['id']} is not {attempt.stripe_id}, which its attempt made")
    return attempt


def session_of(account: Account, metadata: dict[str, Any]) -> str | None:
    """The name at Stripe of the session that such metadata belong to; None if that is no session of ours."""
    key = metadata.get("attempt")
    found = _session.rows(key=str(key), keypair=account.keypair) if key else []
    return found[0][0] if found else None


_session = Prepared(
    lambda key, keypair: Attempt.objects.filter(
        idempotency_key=key, kind=AttemptKind.SESSION, keypair=keypair
    ).values_list("stripe_id"),
    key=str,
    keypair=str,
)


def remember(account: Account, found: dict[str, Any]) -> None:
    """The answer to an attempt's making may have been lost: Stripe's own news bring its name, too."""
    key = (found.get("metadata") or {}).get("attempt", "-")
    _remembering.changed(
        key=key, keypair=account.keypair, name=found["id"], url=found.get("url") or "", now=timezone.now()
    )


_remembering = Prepared(
    lambda key, keypair, name, url, now: updating(
        Attempt.objects.filter(idempotency_key=key, keypair=keypair, stripe_id=None),
        stripe_id=name,
        url=url,
        updated=now,
    ),
    **dict.fromkeys(("key", "keypair", "name", "url"), str),
    now=datetime,
)


def mark_done(event_id: int | None, state: EventState = EventState.DONE) -> None:
    """Together with the event's effect, in the same transaction where there is one."""
    if event_id is not None:
        done = {"state": state, "processed": timezone.now(), "error": "", "attempts": 0}
        written.update(StripeEvent, event_id, done)

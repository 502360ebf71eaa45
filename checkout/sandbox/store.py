"""Objects in the database: made, read, and changed only by whoever saw the latest version.

A change of an old version fails with Conflict, and `atomically` runs the whole request again. So two workers
that pay and expire the same session at the same time end with one of the two, on SQLite and on PostgreSQL.
"""

import secrets
import string
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.db.models import F

from . import alarm
from .errors import Refusal, missing_object
from .models import SandboxObject

T = TypeVar("T")
TRIES = 12
_ALPHABET = string.ascii_letters + string.digits


class Conflict(Exception):  # noqa: N818 - the reason to start over, nothing is wrong
    """Another worker changed the object between our read and our write."""


def now() -> int:
    """Unix seconds."""
    return int(time.time())


def new_id(prefix: str, length: int = 24) -> str:
    return prefix + "".join(secrets.choice(_ALPHABET) for _ in range(length))


def atomically(work: Callable[[], T]) -> T:
    """Runs `work` in a transaction, again when another worker was faster. Raises a 429 refusal when always late."""
    for attempt in range(TRIES):
        try:
            with transaction.atomic():
                return work()
        except Conflict:
            time.sleep(0.005 * attempt)
    raise Refusal(429, "This object cannot be accessed right now. Try again.", code="lock_timeout")


def create(
    account: str, kind: str, data: dict, *, private: dict | None = None, due_at: int | None = None
) -> SandboxObject:
    """Adds an object; its id, kind, account and time are in `data` or given. Raises a refusal if the id is taken."""
    try:
        with transaction.atomic():
            row = SandboxObject.objects.create(
                account=account,
                kind=kind,
                stripe_id=data["id"],
                parent=data.get("payment_intent") or "",
                data=data,
                private=private or {},
                created=data["created"],
                due_at=due_at,
            )
    except IntegrityError:
        raise Refusal(400, f"{kind.capitalize()} already exists.", code="resource_already_exists", param="id") from None
    if due_at is not None:
        alarm.expect(datetime.fromtimestamp(due_at, UTC))
    return row


def find(account: str, kind: str, stripe_id: str) -> SandboxObject | None:
    return SandboxObject.objects.filter(account=account, kind=kind, stripe_id=stripe_id).first()


def get(account: str, kind: str, stripe_id: str, *, param: str = "id", status: int = 404) -> SandboxObject:
    """The object, or a `resource_missing` refusal: objects of another account do not exist."""
    row = find(account, kind, stripe_id)
    if row is None:
        raise missing_object(kind, stripe_id, param, status=status)
    return row


def save(row: SandboxObject) -> None:
    """Writes the row if nobody did since it was read; raises Conflict otherwise. Call it within `atomically`."""
    row.parent = row.data.get("payment_intent") or ""
    changed = SandboxObject.objects.filter(pk=row.pk, version=row.version).update(
        data=row.data, private=row.private, parent=row.parent, due_at=row.due_at, version=F("version") + 1
    )
    if not changed:
        raise Conflict(row.stripe_id)
    row.version += 1


def remove(row: SandboxObject) -> None:
    if not SandboxObject.objects.filter(pk=row.pk, version=row.version).delete()[0]:
        raise Conflict(row.stripe_id)

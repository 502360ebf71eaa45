"""Idempotency keys: the same key and the same request get the same answer, whatever happened in between.

The key is claimed in a transaction of its own; the work and its stored answer are one transaction. A crash
in between leaves a claim and no work, and the claim can be taken over after STALE.
https://docs.stripe.com/api/idempotent_requests
"""

import hashlib
import json
import secrets
from collections.abc import Callable
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from . import store
from .errors import Refusal
from .models import SandboxRequest

Answer = tuple[int, str]  # HTTP status, body
STALE = timedelta(seconds=10)
KEPT = timedelta(hours=24)


def fingerprint(method: str, path: str, params: dict) -> str:
    """One hash for one request: other parameters or another path under the same key are a mistake."""
    return hashlib.sha256(json.dumps([method, path, params], sort_keys=True).encode()).hexdigest()


def once(account: str, key: str, print_of_request: str, work: Callable[[], Answer]) -> tuple[Answer, bool]:
    """Runs `work` once for the key; returns its answer and whether it is a replay.

    Raises a refusal when the key is in use (409), belongs to another request (400), or when `work` refuses:
    a refused request leaves nothing behind, so that a corrected one may use the key.
    """
    if len(key) > 255:
        raise Refusal(400, "Idempotency keys are at most 255 characters long.", kind="idempotency_error")
    claim = secrets.token_hex(16)
    stored = _claim(account, key, print_of_request, claim)
    if stored is not None:
        return stored, True
    mine = SandboxRequest.objects.filter(account=account, key=key, claim=claim, status=None)

    def work_and_remember() -> Answer:
        status, body = work()
        if not mine.update(status=status, body=body):
            raise _in_use(key)
        return status, body

    try:
        return store.atomically(work_and_remember), False
    except Exception:
        mine.delete()
        raise


def _claim(account: str, key: str, print_of_request: str, claim: str) -> Answer | None:
    now = timezone.now()
    fresh = {"fingerprint": print_of_request, "claim": claim, "started": now, "status": None, "body": ""}
    for _ in range(5):
        try:
            with transaction.atomic():
                SandboxRequest.objects.create(account=account, key=key, **fresh)
        except IntegrityError:
            row = SandboxRequest.objects.filter(account=account, key=key).first()
        else:
            return None
        if row is None:
            continue  # refused and removed in between: the key is free again
        same_row = SandboxRequest.objects.filter(pk=row.pk, claim=row.claim, status=row.status)
        if row.started < now - KEPT:
            if same_row.update(**fresh):
                return None
        elif row.fingerprint != print_of_request:
            raise _other_request(key)
        elif row.status is not None:
            return row.status, row.body
        elif row.started > now - STALE or not same_row.update(**fresh):
            raise _in_use(key)
        else:
            return None
    raise _in_use(key)


def prune() -> None:
    """Forgets keys that are older than the promise."""
    SandboxRequest.objects.filter(started__lt=timezone.now() - 2 * KEPT).delete()


def _other_request(key: str) -> Refusal:
    return Refusal(
        400,
        "Keys for idempotent requests can only be used with the same parameters they were first used with. "
        f"Try using a key other than '{key}' if you meant to execute a different request.",
        kind="idempotency_error",
    )


def _in_use(key: str) -> Refusal:
    return Refusal(
        409,
        f"There is currently another in-progress request using this Idempotent Key ({key}).",
        code="idempotency_key_in_use",
        kind="idempotency_error",
    )

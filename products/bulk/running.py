"""Plans an operation for many items, carries it out, and takes it back later."""

import hashlib
import json
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from products.models import BulkChange, ItemPage

from . import NotDone, Row
from .operations import OPERATIONS, Operation

MOST = 1_000  # items at once: each is a publication, and a browser waits for it


def plan(operation: Operation, items: Iterable[ItemPage]) -> list[Row]:
    """What would happen to each item. Nothing is changed."""
    return [operation.plan(item) for item in items]


def fingerprint(rows: list[Row]) -> str:
    """Of a plan as it was shown: another one means that something has changed since."""
    shown = json.dumps([row.as_json() for row in rows], sort_keys=True)
    return hashlib.sha256(shown.encode()).hexdigest()[:32]


def carry_out(operation: Operation, rows: list[Row]) -> BulkChange | None:
    """Every row without a problem; one that fails gets its problem, and the others are done all the same."""
    done = [row for row in rows if not row.problem and _try(row, operation.carry_out)]
    if not done:
        return None
    return BulkChange.objects.create(
        kind=operation.kind,
        label=operation.label[:200],
        terms=operation.terms,
        rows=[row.as_json() for row in done],
        user=operation.user,
    )


def take_back(change: BulkChange, user) -> list[Row]:
    """Puts every row back as it was, as far as nobody changed it since; the rows tell. Once only."""
    taken = BulkChange.objects.filter(pk=change.pk, undone_at=None).update(undone_at=timezone.now(), undone_by=user)
    if not taken:
        return []
    operation = OPERATIONS[change.kind](user, **change.terms)
    rows = [Row(**row) for row in change.rows]
    for row in rows:
        _try(row, operation.take_back)
    return rows


def _try(row: Row, act) -> bool:
    try:
        with transaction.atomic():
            act(row)
    except NotDone as reason:
        row.problem = str(reason)
    except ItemPage.DoesNotExist:
        row.problem = "It is gone."
    return not row.problem

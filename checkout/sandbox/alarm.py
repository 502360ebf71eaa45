"""When this process should next look after the sandbox. While nothing is due, asking costs a comparison, no query."""

import threading
from datetime import datetime

from django.db import transaction
from django.utils import timezone

_lock = threading.Lock()
_next: datetime | None = None  # None: nothing is expected


def expect(moment: datetime) -> None:
    """Sets the alarm for `moment`, now and again at commit.

    Again, because another thread may look before the commit, find nothing and forget.
    """
    remember(moment)
    transaction.on_commit(lambda: remember(moment))


def remember(moment: datetime) -> None:
    global _next
    with _lock:
        if _next is None or moment < _next:
            _next = moment


def rings() -> bool:
    """True when something is due; the alarm is then off, and only one thread is told."""
    global _next
    with _lock:
        if _next is None or _next > timezone.now():
            return False
        _next = None
        return True


def reset() -> None:
    """Forgets everything: for tests, whose database forgets as well."""
    global _next
    with _lock:
        _next = None

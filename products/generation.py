"""Which state of the catalogue a page was made from. Whatever is kept between requests is kept under this word.

The word is a row in the database, because that is the one thing all workers on all hosts share whatever CACHE_URL is.
It is random and no counter: a database put back from a backup must not come to a number that was used before. A look
costs 0.3 ms, so a process looks four times a second and not at every request; the process that changed something
knows at once.
"""

import math
import secrets
import threading
import time
from dataclasses import dataclass
from datetime import timedelta

from django.db import DatabaseError, connection
from django.utils import timezone

from .models.generation import Generation
from .prepared import Prepared

LOOK_EVERY = 0.25  # seconds; with the time a look takes, a change is visible everywhere within half a second
PATIENCE = 0.75  # seconds: so old may the answer be while another thread is looking


@dataclass(frozen=True, slots=True)
class _Known:
    """What this process saw last. Times are of time.monotonic(): `until` is when the clock alone changes a page."""

    word: str = ""
    looked: float = -math.inf
    until: float = -math.inf
    serial: str = ""


_known = _Known()
_lives = ""
_looking = threading.Lock()
_thread = threading.local()


def current() -> str:
    """The word to keep things under: read it before the data. Two equal answers mean that nothing changed between."""
    global _known
    if connection.in_atomic_block:  # what this transaction changed is visible to itself alone: nothing kept fits
        return secrets.token_hex(8)
    known, now = _known, time.monotonic()
    if now - known.looked < LOOK_EVERY and now < known.until:
        return known.serial
    if _looking.acquire(timeout=-1 if now - known.looked > PATIENCE or now >= known.until else 0):
        try:
            _known = known = _look(_known)
        finally:
            _looking.release()
    return known.serial


def seen() -> str | None:
    """What current() says while there is no need to look; None when there is. Never asks the database."""
    known, now = _known, time.monotonic()
    return known.serial if now - known.looked < LOOK_EVERY and now < known.until else None


def _look(known: _Known) -> _Known:
    now = time.monotonic()
    if now - known.looked < LOOK_EVERY and now < known.until:
        return known  # another thread has just looked
    try:
        rows = _word.rows()
        word = rows[0][0] if rows else ""
        if word == known.word and now < known.until:
            return _Known(word, now, known.until, known.serial)
        return _begin(word, now)
    except DatabaseError:
        if not known.serial:
            raise
        # while the database is away nothing changes: stored pages are still right, and better than an error
        return _Known(known.word, now, now + 1, known.serial)


_word = Prepared(lambda: Generation.objects.filter(pk=1).values_list("word"))


def _begin(word: str, now: float) -> _Known:
    """A generation ends with a change, or at the next moment at which the clock changes what is for sale."""
    from . import catalogue

    moment = catalogue.next_change()
    until = now + max((moment - timezone.now()) / timedelta(seconds=1), 0) if moment else math.inf
    return _Known(word, now, until, f"{word}.{moment.timestamp() if moment else 0:.0f}{_lives}")


def last_seen() -> str:
    """The word that this process saw last, "" right after a change. Asks nothing, also inside a transaction."""
    return _known.serial


def raise_after(registered: float) -> None:
    """For transaction.on_commit. `registered`: time.monotonic() of the change; one new word serves a whole commit."""
    global _known
    if registered < getattr(_thread, "raised", -math.inf):
        return  # raised by this thread since then, so after the same commit
    word = secrets.token_hex(16)
    if not Generation.objects.filter(pk=1).update(word=word):
        Generation.objects.bulk_create([Generation(pk=1, word=word)], ignore_conflicts=True)
    _thread.raised = time.monotonic()
    _known = _Known()  # this process looks at its next request


def forget() -> None:
    """For tests: what was seen belongs to a database that is gone. The next one may have the same word."""
    global _known, _lives
    _known, _lives = _Known(), f".{secrets.token_hex(4)}"

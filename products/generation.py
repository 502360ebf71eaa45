"""Which state of the catalogue a page was made from. Whatever is kept between requests is kept under this word.

The word is a row in the database, because that is the one thing all workers on all hosts share whatever CACHE_URL is.
It is random and no counter: a database put back from a backup must not come to a number that was used before. A look
costs 0.3 ms, so a process looks four times a second and not at every request; the process that changed something
knows at once.

Stock that crosses what pages show is the most frequent change of a shop that sells, and it moves nothing: which items
are for sale, and in which order, stays as it is. So it has a word of its own, and what is kept without counts
(assortment()) outlives it. A first list of 100,000 items after such a sale: 120 → 5 ms.
"""

import math
import secrets
import threading
import time
from dataclasses import dataclass, replace
from datetime import timedelta

from django.db import DatabaseError, connection
from django.utils import timezone

from .models.generation import Generation
from .prepared import Prepared

LOOK_EVERY = 0.25  # seconds; with the time a look takes, a change is visible everywhere within half a second
PATIENCE = 0.75  # seconds: so old may the answer be while another thread is looking
EVERYTHING, COUNTS = 1, 2  # the rows of the two words


@dataclass(frozen=True, slots=True)
class _Known:
    """What this process saw last. Times are of time.monotonic(): `until` is when the clock alone changes a page."""

    words: tuple[str, str] = ("", "")
    looked: float = -math.inf
    until: float = -math.inf
    serial: str = ""
    assortment: str = ""

    def good(self, now: float) -> bool:
        """Whether there is no need to look again."""
        return now - self.looked < LOOK_EVERY and now < self.until


_known = _Known()
_lives = ""
_looking = threading.Lock()
_thread = threading.local()


def current() -> str:
    """The word to keep things under: read it before the data. Two equal answers mean that nothing changed between."""
    return _look_sometimes().serial if not connection.in_atomic_block else _nothing_kept()


def assortment() -> str:
    """As current(), for what is kept without any item's count: sales and deliveries leave it as it is."""
    return _look_sometimes().assortment if not connection.in_atomic_block else _nothing_kept()


def _nothing_kept() -> str:
    """Inside a transaction: what it changed is visible to itself alone."""
    return secrets.token_hex(8)


def _look_sometimes() -> _Known:
    global _known
    known, now = _known, time.monotonic()
    if known.good(now):
        return known
    if _looking.acquire(timeout=-1 if now - known.looked > PATIENCE or now >= known.until else 0):
        try:
            _known = known = _look(_known)
        finally:
            _looking.release()
    return known


def seen() -> str | None:
    """What current() says while there is no need to look; None when there is. Never asks the database."""
    known, now = _known, time.monotonic()
    return known.serial if known.good(now) else None


def _look(known: _Known) -> _Known:
    now = time.monotonic()
    if known.good(now):
        return known  # another thread has just looked
    try:
        rows = dict(_words.rows())
        words = rows.get(EVERYTHING, ""), rows.get(COUNTS, "")
        if words == known.words and now < known.until:
            return replace(known, looked=now)
        return _begin(words, now)
    except DatabaseError:
        if not known.serial:
            raise
        # while the database is away nothing changes: stored pages are still right, and better than an error
        return replace(known, looked=now, until=now + 1)


_words = Prepared(lambda: Generation.objects.filter(pk__in=(EVERYTHING, COUNTS)).values_list("pk", "word"))


def _begin(words: tuple[str, str], now: float) -> _Known:
    """A generation ends with a change, or at the next moment at which the clock changes what is for sale."""
    from . import catalogue

    moment = catalogue.next_change()
    until = now + max((moment - timezone.now()) / timedelta(seconds=1), 0) if moment else math.inf
    assortment = f"{words[0]}.{moment.timestamp() if moment else 0:.0f}{_lives}"
    return _Known(words, now, until, f"{assortment}.{words[1]}", assortment)


def last_seen() -> str:
    """The word that this process saw last, "" right after a change. Asks nothing, also inside a transaction."""
    return _known.assortment


def raise_after(registered: float, row: int = EVERYTHING) -> None:
    """For transaction.on_commit. `registered`: time.monotonic() of the change; one new word serves a whole commit."""
    global _known
    if registered < _raised(row):
        return  # raised by this thread since then, so after the same commit
    word = secrets.token_hex(16)
    if not Generation.objects.filter(pk=row).update(word=word):
        Generation.objects.bulk_create([Generation(pk=row, word=word)], ignore_conflicts=True)
    setattr(_thread, f"raised_{row}", time.monotonic())
    _known = _Known()  # this process looks at its next request


def _raised(row: int) -> float:
    """When this thread last raised that word, or the one that says more."""
    return max(getattr(_thread, f"raised_{one}", -math.inf) for one in {EVERYTHING, row})


def forget() -> None:
    """For tests: what was seen belongs to a database that is gone. The next one may have the same word."""
    global _known, _lives
    _known, _lives = _Known(), f".{secrets.token_hex(4)}"

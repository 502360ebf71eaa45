"""SQLite has one writer at a time. Here the writers of all threads and processes stand in line.

Left to itself, who finds SQLite busy asks again after pauses that grow to a tenth of a second, and whoever comes in
between is served first: of twenty buyers at once the last waited for seconds. In line, the next one is let in
within a millisecond. This is for speed only: what is written is safe without it, by BEGIN IMMEDIATE.
"""

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from django.db import connection

PATIENCE = 2.0  # seconds; who has waited so long goes on without a turn, as SQLite itself decides
PAUSE = 0.0003  # seconds between two looks whether another process is done

_line = threading.Lock()
_mine = threading.local()


@contextmanager
def turn() -> Iterator[None]:
    """Around a transaction that writes. Does nothing for another database, and inside of another turn."""
    if connection.vendor != "sqlite" or connection.in_atomic_block or getattr(_mine, "held", False):
        yield
        return
    end = time.monotonic() + PATIENCE
    if not _line.acquire(timeout=PATIENCE):
        yield
        return
    _mine.held = True
    try:
        with _among_processes(end):
            yield
    finally:
        _mine.held = False
        _line.release()


@contextmanager
def _among_processes(end: float) -> Iterator[None]:
    """The lock of a file beside the database, which the system takes back from a process that dies."""
    database: Any = connection  # a method of SQLite's own
    if database.is_in_memory_db():
        yield
        return
    file = _file(str(connection.settings_dict["NAME"]), os.getpid())
    taken = _taken(file)
    while not taken and time.monotonic() < end:
        time.sleep(PAUSE)
        taken = _taken(file)
    try:
        yield
    finally:
        if taken:
            fcntl.flock(file, fcntl.LOCK_UN)


def _taken(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@lru_cache(maxsize=4)
def _file(database: str, process: int) -> int:
    """Opened by each process for itself: one that a child inherits has its parent's lock."""
    return os.open(f"{database}-turn", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

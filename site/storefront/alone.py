"""Work that only one process may do at a time, on every machine that shares the database: boot, tick."""

import fcntl
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db.backends.base.base import BaseDatabaseWrapper

LOCK_SPACE = 0x53_74_6F_72 << 32  # "Stor": numbers that no other program on the database uses


class Busy(Exception):
    """Another process is at this work, and the caller did not want to wait."""


@contextmanager
def alone(connection: BaseDatabaseWrapper, work: str, waiting: Callable[[], None] | None = None) -> Iterator[None]:
    """Hold the lock named `work`. If another process has it, call `waiting` once and wait; without it raise Busy."""
    if connection.vendor == "postgresql":
        with _advisory_lock(connection, LOCK_SPACE + zlib.crc32(work.encode()), waiting):
            yield
    elif connection.vendor == "sqlite" and ":memory:" not in str(connection.settings_dict["NAME"]):
        with _file_lock(Path(f"{connection.settings_dict['NAME']}.{work}-lock"), waiting):
            yield
    else:
        yield


@contextmanager
def _advisory_lock(connection: BaseDatabaseWrapper, number: int, waiting: Callable[[], None] | None) -> Iterator[None]:
    """A transaction-level lock on a connection of its own: a session-level one would be lost behind a pooler."""
    holder = connection.copy()
    try:
        holder.set_autocommit(False)
        with holder.cursor() as cursor:
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
            if not cursor.fetchone()[0]:
                if waiting is None:
                    raise Busy
                waiting()
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
        yield
    finally:
        holder.close()


@contextmanager
def _file_lock(path: Path, waiting: Callable[[], None] | None) -> Iterator[None]:
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if waiting is None:
                raise Busy from None
            waiting()
            fcntl.flock(file, fcntl.LOCK_EX)
        yield

"""One boot at a time: two instances that start together must not migrate together."""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db.backends.base.base import BaseDatabaseWrapper

LOCK_NUMBER = 0x53_74_6F_72_65  # "Store": any constant that no other program on the database uses


@contextmanager
def boot_lock(connection: BaseDatabaseWrapper, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the boot lock; `waiting` is called once if another process has it."""
    if connection.vendor == "postgresql":
        with _advisory_lock(connection, waiting):
            yield
    elif connection.vendor == "sqlite" and connection.settings_dict["NAME"] != ":memory:":
        with _file_lock(Path(f"{connection.settings_dict['NAME']}.boot-lock"), waiting):
            yield
    else:
        yield


@contextmanager
def _advisory_lock(connection: BaseDatabaseWrapper, waiting: Callable[[], None]) -> Iterator[None]:
    """A transaction-level lock on a connection of its own: a session-level one would be lost behind a pooler."""
    holder = connection.copy()
    try:
        holder.set_autocommit(False)
        with holder.cursor() as cursor:
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK_NUMBER])
            if not cursor.fetchone()[0]:
                waiting()
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK_NUMBER])
        yield
    finally:
        holder.close()


@contextmanager
def _file_lock(path: Path, waiting: Callable[[], None]) -> Iterator[None]:
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(file, fcntl.LOCK_EX)
        yield

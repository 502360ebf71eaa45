"""The test's database as it was: kept under another name, put back as often as wanted."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from django.db import connection, connections


class Snapshot:
    """Of everything committed. Whoever is connected is cut off, and connects again."""

    def __init__(self) -> None:
        self.name = str(connection.settings_dict["NAME"])
        self.kept = f"{self.name}.kept" if connection.vendor == "sqlite" else f"{self.name}_kept"

    def take(self) -> None:
        self._copy(self.name, self.kept)

    def put_back(self) -> None:
        self._copy(self.kept, self.name)

    def drop(self) -> None:
        connections.close_all()
        if connection.vendor == "postgresql":
            self._execute(f'DROP DATABASE IF EXISTS "{self.kept}" WITH (FORCE)')

    def _copy(self, source: str, target: str) -> None:
        connections.close_all()
        if connection.vendor == "sqlite":  # files beside the test's database are removed with it
            with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target, timeout=20)) as new:
                old.backup(new)
            return
        cut_off(source)
        self._execute(
            f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)', f'CREATE DATABASE "{target}" TEMPLATE "{source}"'
        )

    def _execute(self, *statements: str) -> None:
        with connection._nodb_cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)


def cut_off(database: str) -> int:
    """Ends every connection to the database, as a restart of PostgreSQL does; how many there were."""
    connections.close_all()
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = %s", [database])
        return cursor.fetchone()[0]


@contextmanager
def snapshot() -> Iterator[Snapshot]:
    """Of the database as it is now."""
    kept = Snapshot()
    kept.take()
    try:
        yield kept
    finally:
        kept.drop()

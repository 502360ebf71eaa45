"""Test databases by copying. Migrating takes 20 s of CPU; copying what was migrated once takes milliseconds.

The template is keyed by everything that shapes it (migrations, pinned versions), so it never goes stale. After a test
that commits, the copy is put back instead of emptied: what the migrations created (root page, groups) is always there.
"""

import fcntl
import hashlib
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.test import TransactionTestCase

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "var" / "test-databases"
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - a disk's flushes would be most of the suite's time
KEPT_TEMPLATES = 4


def template_key() -> str:
    """Twelve hex digits that change when a migration, a group, a version or the list of apps changes."""
    digest = hashlib.sha256(repr(settings.INSTALLED_APPS).encode())
    # groups.py: migrating fills the groups
    for path in [
        ROOT / "requirements.txt",
        ROOT / "site/storefront/groups.py",
        Path(__file__).resolve(),
        *sorted(ROOT.glob("**/migrations/*.py")),
    ]:
        if ".venv" not in path.parts:
            digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:12]


@contextmanager
def one_builder() -> Iterator[None]:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def use(name: str) -> None:
    """Point Django's default connection at another database."""
    connections.close_all()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def fill() -> None:
    """Migrated, with the shop's marker: a server of the live suites knows it and runs on while the copy is put back."""
    call_command("migrate", verbosity=0, interactive=False)
    apps.get_model("checkout", "Installation").current()


class SQLiteCopy:
    def __init__(self, worker: str, run: str) -> None:
        self.template = FOLDER / f"{template_key()}.sqlite3"
        folder = SHARED_MEMORY if SHARED_MEMORY.is_dir() else FOLDER
        self.path = folder / f"storefront-test-{run}-{worker}.sqlite3"

    def build(self) -> None:
        with one_builder():
            if self.template.exists():
                return
            unfinished = self.template.with_suffix(".unfinished")
            unfinished.unlink(missing_ok=True)
            use(str(unfinished))
            fill()
            connection.cursor().execute("PRAGMA journal_mode=DELETE")  # everything in the one file
            connections.close_all()
            unfinished.rename(self.template)
            by_age = sorted(FOLDER.glob("*.sqlite3"), key=lambda path: path.stat().st_mtime, reverse=True)
            for old in by_age[KEPT_TEMPLATES:]:
                old.unlink()

    def restore(self) -> None:
        _copy(str(self.template), str(self.path))
        use(str(self.path))

    def remove(self) -> None:
        connections.close_all()
        for path in self.path.parent.glob(f"{self.path.name}*"):
            path.unlink()


class PostgreSQLCopy:
    def __init__(self, worker: str, run: str) -> None:
        base = settings.DATABASES["default"]["NAME"]
        self.template = f"{base}_template_{template_key()}"
        self.name = f"test_{base}_{run}_{worker}"

    def build(self) -> None:
        with one_builder():
            if self._fetch("SELECT 1 FROM pg_database WHERE datname = %s", [self.template]):
                return
            unfinished = f"{self.template}_unfinished"
            self._execute(f'DROP DATABASE IF EXISTS "{unfinished}" WITH (FORCE)', f'CREATE DATABASE "{unfinished}"')
            use(unfinished)
            fill()
            connections.close_all()
            self._execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{self.template}"')

    def restore(self) -> None:
        connections.close_all()
        self._execute(
            f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)',
            f'CREATE DATABASE "{self.name}" TEMPLATE "{self.template}"',
        )
        use(self.name)

    def remove(self) -> None:
        connections.close_all()
        self._execute(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')

    def _execute(self, *statements: str) -> None:
        with connection._nodb_cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def _fetch(self, query: str, parameters: list[str]) -> Any:
        with connection._nodb_cursor() as cursor:
            cursor.execute(query, parameters)
            return cursor.fetchone()


_made: dict[Callable[[], Any], Any] = {}


@pytest.fixture
def once(transactional_db: None) -> Callable[..., Any]:
    """`once(make)`: what make() committed and answered, made by a process’s first test, copied for the next.

    For SQLite: the browser's suites run there alone.
    """

    def made(make: Callable[[], Any]) -> Any:
        path = connection.settings_dict["NAME"]
        if make not in _made:
            _made[make] = make()
            _copy(path, f"{path}-{make.__name__}")
        else:
            _copy(f"{path}-{make.__name__}", path)
        return _made[make]

    return made


def _copy(source: str, target: str) -> None:
    connections.close_all()
    with closing(sqlite3.connect(source, timeout=20)) as read, closing(sqlite3.connect(target, timeout=20)) as written:
        read.backup(written)


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker: Any
) -> Iterator[None]:
    """pytest-django's own fixture, by copying."""
    worker = getattr(request.config, "workerinput", {})
    kind = PostgreSQLCopy if connection.vendor == "postgresql" else SQLiteCopy
    copy = kind(worker.get("workerid", "main"), worker.get("testrunuid", uuid.uuid4().hex)[:8])
    with django_db_blocker.unblock():
        copy.build()
        copy.restore()
    original = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = lambda case: copy.restore()
    yield
    TransactionTestCase._fixture_teardown = original
    with django_db_blocker.unblock():
        copy.remove()

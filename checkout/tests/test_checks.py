"""Each weak set-up is named."""

import pytest

from checkout import checks

GOOD = {
    "ENGINE": "django.db.backends.sqlite3",
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    },
}
POSTGRESQL = {"ENGINE": "django.db.backends.postgresql"}


def ids(database: dict) -> set[str]:
    return {found.id for found in checks.findings({"default": database})}


@pytest.fixture(autouse=True)
def new_sqlite(monkeypatch):
    monkeypatch.setattr(checks.sqlite3, "sqlite_version_info", checks.SAFE_SQLITE)


def with_options(**options) -> dict:
    return GOOD | {"OPTIONS": GOOD["OPTIONS"] | options}


@pytest.mark.parametrize("database", [GOOD, POSTGRESQL])
def test_the_usual_set_ups_are_silent(database):
    assert ids(database) == set()


@pytest.mark.parametrize(
    ("database", "found"),
    [
        (POSTGRESQL | {"ATOMIC_REQUESTS": True}, "checkout.E001"),
        (with_options(transaction_mode="DEFERRED"), "checkout.E002"),
        (with_options(init_command="PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"), "checkout.E003"),
        (with_options(init_command=""), "checkout.E003"),
        (with_options(timeout=1), "checkout.W002"),
    ],
)
def test_a_weak_database_is_named(database, found):
    assert ids(database) == {found}


def test_an_old_sqlite_with_a_write_ahead_log_is_named(monkeypatch):
    monkeypatch.setattr(checks.sqlite3, "sqlite_version_info", (3, 40, 1))
    assert ids(GOOD) == {"checkout.W003"}
    without = with_options(init_command="PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL;")
    assert ids(without) == set()


def test_locks_off_and_a_cache_for_each_worker_are_named(settings):
    settings.UNSAFE_NO_LOCKS = True
    settings.WEB_CONCURRENCY = 2
    settings.CACHES = {"default": {"BACKEND": checks.LOCAL_MEMORY}}
    assert ids(GOOD) == {"checkout.W001", "checkout.W004"}

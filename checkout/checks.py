"""System checks: set-ups with which money can be lost or sold twice. `manage.py check` names them.

Settings alone are read, no connection is opened: the check also runs where no database answers.
"""

import sqlite3
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

# Before this version two connections that checkpoint at the same moment can damage a write-ahead log.
SAFE_SQLITE = (3, 51, 3)
LEAST_TIMEOUT = 5  # seconds a writer waits for another one
LOCAL_MEMORY = "django.core.cache.backends.locmem.LocMemCache"


@register()
def safe_for_money(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    return findings(settings.DATABASES)


def findings(databases: dict[str, Any]) -> list[CheckMessage]:
    """Everything found in Django's DATABASES and in the other settings."""
    return [*_transactions(databases), *_sqlite(databases["default"]), *_cache()]


def _transactions(databases: dict[str, Any]) -> Iterator[CheckMessage]:
    for name, database in databases.items():
        if database.get("ATOMIC_REQUESTS"):
            yield Error(
                f"ATOMIC_REQUESTS is on for the database “{name}”: Stripe would be asked inside a transaction.",
                hint="Turn it off. The procedures of checkout open their own transactions.",
                id="checkout.E001",
            )
    if settings.UNSAFE_NO_LOCKS:
        yield Warning("Locks are off: this shop can sell what it does not have.", id="checkout.W001")


def _sqlite(database: dict[str, Any]) -> Iterator[CheckMessage]:
    if not database["ENGINE"].endswith("sqlite3"):
        return
    options: dict[str, Any] = database.get("OPTIONS", {})
    pragmas = {
        name.strip().lower(): value.strip().lower()
        for part in options.get("init_command", "").upper().replace("PRAGMA", "").split(";")
        for name, _, value in [part.partition("=")]
    }
    if options.get("transaction_mode") != "IMMEDIATE":
        yield Error(
            "SQLite begins transactions without the write lock: of two buyers at once one gets an error.",
            hint='Set OPTIONS["transaction_mode"] to "IMMEDIATE".',
            id="checkout.E002",
        )
    if pragmas.get("synchronous") not in ("full", "extra", "2", "3"):
        yield Error(
            "SQLite does not wait for the disk: the last payments can be lost with the power.",
            hint="Add PRAGMA synchronous=FULL to the init_command.",
            id="checkout.E003",
        )
    if options.get("timeout", 5) < LEAST_TIMEOUT:
        yield Warning("SQLite gives up too early while another writer is at work.", id="checkout.W002")
    if pragmas.get("journal_mode") == "wal" and sqlite3.sqlite_version_info < SAFE_SQLITE:
        yield Warning(
            f"SQLite {sqlite3.sqlite_version} can, rarely, damage its write-ahead log when two writers meet.",
            hint="Use PostgreSQL, or a Python that brings SQLite 3.51.3, for a busy shop.",
            id="checkout.W003",
        )


def _cache() -> Iterator[CheckMessage]:
    if settings.CACHES["default"]["BACKEND"] == LOCAL_MEMORY and settings.WEB_CONCURRENCY > 1:
        yield Warning(
            f"{settings.WEB_CONCURRENCY} workers have a cache each, because CACHE_URL is local memory.",
            hint="Set CACHE_URL to Redis, so that they share one.",
            id="checkout.W004",
        )

"""Where the shop's data are: database, migrations, disk."""

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from ..checks import SAFE_SQLITE
from .finding import GREEN, RED, YELLOW, Finding

MEGABYTE = 1024 * 1024
LITTLE, TOO_LITTLE = 1024, 200  # megabytes free


def database() -> Iterator[Finding]:
    try:
        connection.ensure_connection()
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        text = f"DATABASE_URL: no database answers ({type(error).__name__}). Is it running, and the address right?"
        yield Finding(RED, "database", text)
        return
    yield Finding(GREEN, "database", _described())
    if plan:
        yield Finding(RED, "migrations", f"{len(plan)} are missing: run `python manage.py boot`")
    else:
        yield Finding(GREEN, "migrations", "all applied")
    if connection.vendor == "sqlite" and sqlite3.sqlite_version_info < SAFE_SQLITE:
        text = f"SQLite {sqlite3.sqlite_version} has a rare fault with parallel writers, mended in 3.51.3"
        yield Finding(YELLOW, "SQLite", f"{text}: use PostgreSQL for a busy shop (docs/operations.md)")


def _described() -> str:
    if connection.vendor == "sqlite":
        return f"SQLite {sqlite3.sqlite_version}, {settings.DATABASES['default']['NAME']}"
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return f"PostgreSQL {cursor.fetchone()[0].split()[0]}"


def disk() -> Iterator[Finding]:
    """Where the database file and uploads are written. A full disk stops selling."""
    places: dict[str, Path] = {}
    if connection.vendor == "sqlite" and ":memory:" not in str(settings.DATABASES["default"]["NAME"]):
        places["database"] = Path(settings.DATABASES["default"]["NAME"]).parent
    if settings.MEDIA_STORAGE == "local":
        places["uploads"] = Path(settings.MEDIA_ROOT)
    for name, folder in places.items():
        existing = next((path for path in (folder, *folder.parents) if path.is_dir()), Path("/"))
        free = shutil.disk_usage(existing).free // MEGABYTE
        if free < TOO_LITTLE:
            yield Finding(RED, "disk", f"{free} MB are free for the {name} in {folder}: make room, or sales will stop.")
        elif free < LITTLE:
            yield Finding(YELLOW, "disk", f"{free} MB are free for the {name} in {folder}: make room soon.")
        else:
            yield Finding(GREEN, "disk", f"{free // 1024} GB are free for the {name}")

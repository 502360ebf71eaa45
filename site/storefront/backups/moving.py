"""From SQLite to PostgreSQL: every row through Django's fields, so that each arrives as the other database keeps it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder
from tqdm import tqdm

from storefront.settings.services import parse_database

from .archive import BackupError

SOURCE = "moving_from"
PORTION = 1000
# Each database has search tables of its own kind; they are made anew from the pages.
SEARCH = ("wagtailsearch", "modelsearch")


def move(source: Path, *, replace: bool, quiet: bool = True) -> dict[str, int]:
    """Fill this PostgreSQL database from the SQLite file; table → rows. Raises BackupError."""
    if connection.vendor != "postgresql":
        raise BackupError("DATABASE_URL must name the PostgreSQL database that is to be filled.")
    origin = _open(source)
    try:
        if replace:
            drop_everything()
        call_command("migrate", interactive=False, verbosity=0)
        _refuse_other_version(origin)
        moved = _move_rows(origin, quiet)
    finally:
        origin.close()
        del connections[SOURCE], connections.databases[SOURCE]
    set_counters(no_style())
    call_command("rebuild_references_index", verbosity=0)
    call_command("update_index", verbosity=0)
    return moved


def _open(source: Path) -> BaseDatabaseWrapper:
    if not source.is_file():
        raise BackupError(f"{source} is no file.")
    options = parse_database(f"sqlite:///{source.resolve()}", source.parent)
    connections.databases[SOURCE] = connections.configure_settings({"default": {}, SOURCE: options})[SOURCE]
    return connections[SOURCE]


def _refuse_other_version(origin: BaseDatabaseWrapper) -> None:
    here = set(MigrationRecorder(connection).applied_migrations())
    there = set(MigrationRecorder(origin).applied_migrations())
    if missing := sorted(here - there) or sorted(there - here):
        app, name = missing[0]
        raise BackupError(f"The SQLite file is of another version ({app}.{name}). Run this one's `boot` on it first.")


def _move_rows(origin: BaseDatabaseWrapper, quiet: bool) -> dict[str, int]:
    chosen = [model for model in apps.get_models(include_auto_created=True) if _has_table(model)]
    with transaction.atomic(), connection.cursor() as cursor:
        empty(cursor, [model._meta.db_table for model in chosen])
        moved = {}
        for model in tqdm(chosen, desc="Tables", unit="table", disable=quiet or None):
            moved[model._meta.db_table] = _copy(cursor, origin, model)
        return moved


def _has_table(model: type[models.Model]) -> bool:
    return model._meta.managed and not model._meta.proxy and model._meta.app_label not in SEARCH


def _copy(cursor, origin: BaseDatabaseWrapper, model: type[models.Model]) -> int:
    fields = [field for field in model._meta.local_concrete_fields if not field.generated]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    count = 0
    with cursor.copy(f'COPY "{model._meta.db_table}" ({columns}) FROM STDIN') as copy:
        for row in _rows(origin, model, fields):
            copy.write_row(
                [field.get_db_prep_save(value, connection) for field, value in zip(fields, row, strict=True)]
            )
            count += 1
    return count


def _rows(origin: BaseDatabaseWrapper, model: type[models.Model], fields: list) -> Iterator[list[Any]]:
    """Each row's values as Python has them."""
    columns = [field.get_col(model._meta.db_table) for field in fields]
    convert = [_converter(origin, column) for column in columns]
    names = ", ".join(f'"{field.column}"' for field in fields)
    with origin.cursor() as cursor:
        cursor.execute(f'SELECT {names} FROM "{model._meta.db_table}"')  # noqa: S608 - from the models
        while rows := cursor.fetchmany(PORTION):
            for row in rows:
                yield [one(value) for one, value in zip(convert, row, strict=True)]


def _converter(origin: BaseDatabaseWrapper, column: Any) -> Callable[[Any], Any]:
    """What Django does with a value that it reads from that column."""
    steps = [*origin.ops.get_db_converters(column), *column.get_db_converters(origin)]

    def convert(value: Any) -> Any:
        for step in steps:
            value = step(value, column, origin)
        return value

    return convert


def drop_everything() -> None:
    """All tables of this database's schema, and what hangs on them."""
    with connection.cursor() as cursor:
        names = ", ".join(f'"{name}"' for name in connection.introspection.table_names(cursor))
        if names:
            cursor.execute(f"DROP TABLE {names} CASCADE")


def empty(cursor, tables: list[str]) -> None:
    names = ", ".join(f'"{table}"' for table in tables)
    cursor.execute(f"TRUNCATE {names} CASCADE")


def set_counters(style) -> None:
    """The next new row gets a number that none has."""
    chosen = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    existing = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(style, [m for m in chosen if m._meta.db_table in existing]):
            cursor.execute(statement)

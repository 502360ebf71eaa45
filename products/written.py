"""Rows of plain tables, written by statements whose SQL is kept.

The ORM takes half a millisecond to write the SQL of one INSERT or UPDATE, the database a tenth of that to run it; a
purchase has nine. What is written goes through the same fields, but no signal is sent: nothing listens to these models.
"""

from collections.abc import Hashable, Mapping
from typing import Any

from django.db import IntegrityError, connection, models
from django.db.models.sql import InsertQuery
from django.db.transaction import atomic, mark_for_rollback_on_error

from .prepared import here

_inserts: dict[Hashable, str] = {}
_updates: dict[Hashable, str] = {}


def insert(row: models.Model) -> None:
    """Saves a new row, which then has its key. Its defaults and its automatic times hold."""
    if not connection.features.can_return_columns_from_insert:  # SQLite before 3.35
        row.save(force_insert=True)
        return
    _insert(row)


def insert_new(row: models.Model) -> bool:
    """As insert(), unless a row with the same unique values is there: then nothing is written, and it is False."""
    if connection.features.can_return_columns_from_insert:
        return _insert(row, " ON CONFLICT DO NOTHING")
    try:
        with atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return False
    return True


def _insert(row: models.Model, otherwise: str = "") -> bool:
    """Whether it was written. `otherwise`: SQL for a row that the database does not take."""
    database = here()
    fields = [field for field in row._meta.local_concrete_fields if not field.primary_key]
    kind = (database.vendor, type(row), otherwise)
    if kind not in _inserts:
        before, returning, key = _insert_sql(row, fields).rpartition(" RETURNING ")
        _inserts[kind] = f"{before}{otherwise}{returning}{key}"
    values = [field.get_db_prep_save(field.pre_save(row, add=True), database) for field in fields]
    with mark_for_rollback_on_error(using=database.alias), database.cursor() as cursor:
        cursor.execute(_inserts[kind], values)
        found = cursor.fetchone()
    if found is None:
        return False
    row.pk = found[0]
    row._state.adding, row._state.db = False, database.alias
    return True


def update(model: type[models.Model], key: int, values: Mapping[str, Any]) -> int:
    """Sets these fields, by name, of the row with that key. Values only, no expressions. How many rows there were."""
    database = here()
    kind = (database.vendor, model, *values)
    fields: list[Any] = [model._meta.get_field(name) for name in values]
    if kind not in _updates:
        _updates[kind] = _update_sql(model, fields)
    written = [field.get_db_prep_save(value, database) for field, value in zip(fields, values.values(), strict=True)]
    with mark_for_rollback_on_error(using=database.alias), database.cursor() as cursor:
        cursor.execute(_updates[kind], [*written, key])
        return cursor.rowcount


def _insert_sql(row: models.Model, fields: list[Any]) -> str:
    query = InsertQuery(type(row))
    query.insert_values(fields, [row])
    compiler = query.get_compiler(connection=connection)
    compiler.returning_fields = [row._meta.pk]
    ((sql, _),) = compiler.as_sql()
    return sql


def _update_sql(model: type[models.Model], fields: list[Any]) -> str:
    quoted = connection.ops.quote_name
    table, key = quoted(model._meta.db_table), quoted(str(model._meta.pk.column))
    columns = ", ".join(f"{quoted(field.column)} = %s" for field in fields)
    return f"UPDATE {table} SET {columns} WHERE {key} = %s"  # noqa: S608 - names of our own tables

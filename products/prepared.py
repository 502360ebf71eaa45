"""Queries whose SQL the ORM writes once.

Building the SQL of a query with subqueries costs Django several milliseconds, running it a fraction of one. On the item
page, the one page that must be quick without any cache, that is most of the work.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, QuerySet
from django.db.models.sql import UpdateQuery
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import mark_for_rollback_on_error

M = TypeVar("M", bound=Model)
Mark = str | int | datetime


class Prepared:
    """`Prepared(build, pk=int, name=str, now=datetime, ids=list)`: the queryset that build() makes of such arguments.

    It is made of marks, values that stand for the arguments of the later calls. They are to be compared as they are
    (equal, less, between), so that they reach the parameters unchanged; where a lookup changes its value (startswith
    adds "%"), give the mark itself, as it will be. `list` is a list of numbers of any length. rows() is for
    values_list(), and gives them as the database does: choose columns of text and integers only.
    """

    def __init__(self, build: Callable[..., QuerySet], **arguments: type | str) -> None:
        self._build = build
        self._marks = {
            name: kind if isinstance(kind, str) else _mark(name, kind, place)
            for place, (name, kind) in enumerate(arguments.items())
        }
        self._compiled: dict[Hashable, _Statement] = {}

    def sql(self, variant: Hashable = None, **values: Any) -> tuple[str, list]:
        """The statement and its parameters. `variant`: whatever else the queryset depends on, such as a setting."""
        statement, parameters = self._prepare(here(), variant, values)
        return statement.sql, parameters

    def _prepare(
        self, database: BaseDatabaseWrapper, variant: Hashable, values: dict[str, Any]
    ) -> tuple["_Statement", list]:
        marks = dict(self._marks)
        for name, mark in self._marks.items():
            if isinstance(mark, list):
                values[name] = _padded(values[name])
                marks[name] = [mark[0] + place for place in range(len(values[name]))]
        key = (database.vendor, variant, *(len(mark) for mark in marks.values() if isinstance(mark, list)))
        if key not in self._compiled:
            statement = _Statement.of(self._build(**marks))
            self._refuse_lost(database, marks, statement)
            self._compiled[key] = statement
        statement = self._compiled[key]
        stands_for: dict[Any, Any] = {}
        for name, mark in marks.items():
            if isinstance(mark, list):
                stands_for.update(zip(mark, values[name], strict=True))
            else:
                stands_for[_adapt(database, mark)] = _adapt(database, values[name])
        return statement, [stands_for.get(parameter, parameter) for parameter in statement.template]

    @staticmethod
    def _refuse_lost(database: BaseDatabaseWrapper, marks: dict[str, Any], statement: "_Statement") -> None:
        """Django drops a condition that it believes to be always true (a count of at least -1): none may be lost."""
        for name, mark in marks.items():
            wanted = mark if isinstance(mark, list) else [_adapt(database, mark)]
            if not all(one in statement.template for one in wanted):
                raise ValueError(f"the argument {name!r} is not among the parameters of: {statement.sql}")

    def rows(self, variant: Hashable = None, **values: Any) -> list[tuple]:
        """Runs it. No list may be empty."""
        database = here()
        statement, parameters = self._prepare(database, variant, values)
        with database.cursor() as cursor:
            cursor.execute(statement.sql, parameters)
            return cursor.fetchall()

    def objects(self, model: type[M], variant: Hashable = None, **values: Any) -> list[M]:
        """The same as model objects, with annotations; of a queryset of whole rows without select_related()."""
        database = here()
        statement, parameters = self._prepare(database, variant, values)
        if statement.layout is None:
            raise TypeError(f"not whole rows of {model.__name__}: {statement.sql}")
        with database.cursor() as cursor:
            cursor.execute(statement.sql, parameters)
            return [statement.layout.instance(row, database) for row in cursor.fetchall()]

    def changed(self, variant: Hashable = None, **values: Any) -> int:
        """Runs an updating() query; how many rows it changed."""
        database = here()
        statement, parameters = self._prepare(database, variant, values)
        with mark_for_rollback_on_error(using=database.alias), database.cursor() as cursor:
            cursor.execute(statement.sql, parameters)
            return cursor.rowcount


def here() -> BaseDatabaseWrapper:
    """This thread's connection, looked up once for a statement: `django.db.connection` looks it up for each of its
    attributes, half a dozen times 2.5 µs, of the 60 that a short statement takes.
    """
    return connections[DEFAULT_DB_ALIAS]


def _adapt(database: BaseDatabaseWrapper, value: Mark) -> Any:
    return database.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


def _mark(name: str, kind: type, place: int) -> Mark | list[int]:
    """A value that no query holds by itself, and that no other argument has."""
    if kind is str:
        return f"\x01{name}"
    if kind is datetime:
        return datetime(1971 + place, 1, 1, tzinfo=UTC)
    # Positive: of a count that cannot be negative Django drops “at least -1”. Small enough for every integer column.
    return [2_000_000_000 + 1_000_000 * (place + 1)] if kind is list else 2_000_000_000 + place


def updating(rows: QuerySet[M], **values: Any) -> QuerySet[M]:
    """What rows.update(**values) would run, for a prepared statement."""
    query: Any = rows.query.chain(UpdateQuery)
    query.add_update_values(values)
    return QuerySet(rows.model, query)


@dataclass(frozen=True, slots=True)
class _Layout(Generic[M]):
    """How a row becomes an object, as Django's ModelIterable does it, but worked out once: RawQuerySet looks up the
    columns and their converters for each call, half of the millisecond that reading one item took.
    """

    model: type[M]
    names: list[str]  # of the fields, in the order of the first columns
    annotations: list[tuple[str, int]]
    converters: list[tuple[int, Sequence[Callable], Any]]

    @classmethod
    def of(cls, compiler: SQLCompiler) -> "_Layout | None":
        """After as_sql(). None for a query that does not read whole rows of one model."""
        info = compiler.klass_info
        if not info or info.get("related_klass_infos") or info["select_fields"][:1] != [0]:
            return None
        chosen = compiler.select
        converters = compiler.get_converters([one[0] for one in chosen])
        return cls(
            info["model"],
            [chosen[place][0].target.attname for place in info["select_fields"]],
            list(compiler.annotation_col_map.items()),
            [(place, *pair) for place, pair in converters.items()],
        )

    def instance(self, row: tuple, database: BaseDatabaseWrapper) -> M:
        if self.converters:
            values = list(row)
            for place, convert, expression in self.converters:
                for one in convert:
                    values[place] = one(values[place], expression, database)
            row = tuple(values)
        made = self.model.from_db(database.alias, self.names, row[: len(self.names)])
        for name, place in self.annotations:
            setattr(made, name, row[place])
        return made


@dataclass(frozen=True, slots=True)
class _Statement:
    sql: str
    template: tuple  # of the parameters, marks among them
    layout: _Layout | None

    @classmethod
    def of(cls, queryset: QuerySet) -> "_Statement":
        compiler = queryset.query.get_compiler(connection=here())
        sql, template = compiler.as_sql()
        return cls(sql, tuple(template), _Layout.of(compiler) if queryset.query.default_cols else None)


def _padded(numbers: list[int]) -> list[int]:
    """To a length that is a power of two, so that a dozen statements serve every length."""
    length = 1 << (len(numbers) - 1).bit_length()
    return numbers + numbers[-1:] * (length - len(numbers))

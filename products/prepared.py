"""Queries whose SQL the ORM writes once.

Building the SQL of a query with subqueries costs Django several milliseconds, running it a fraction of one. On the item
page, the one page that must be quick without any cache, that is most of the work.
"""

from collections.abc import Callable, Hashable
from datetime import datetime
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)
Mark = str | int | datetime


class Prepared:
    """`build(**marks)` makes a queryset in which each mark stands for an argument of the later calls.

    Marks are compared as they are (equal, less, between), so they reach the parameters unchanged. A mark `[-1]` stands
    for a list of numbers of any length. rows() is for values_list(), and gives them as the database does: choose
    columns of text and integers only.
    """

    def __init__(self, build: Callable[..., QuerySet], **marks: Mark | list[int]) -> None:
        self._build, self._marks = build, marks
        self._compiled: dict[Hashable, tuple[str, tuple]] = {}

    def sql(self, variant: Hashable = None, **values: Any) -> tuple[str, list]:
        """The statement and its parameters. `variant`: whatever else the queryset depends on, such as a setting."""
        marks = dict(self._marks)
        for name, mark in self._marks.items():
            if isinstance(mark, list):
                values[name] = _padded(values[name])
                marks[name] = [mark[0] - place for place in range(len(values[name]))]
        key = (connection.vendor, variant, *(len(mark) for mark in marks.values() if isinstance(mark, list)))
        if key not in self._compiled:
            self._compiled[key] = self._build(**marks).query.sql_with_params()
        sql, template = self._compiled[key]
        stands_for: dict[Any, Any] = {}
        for name, mark in marks.items():
            if isinstance(mark, list):
                stands_for.update(zip(mark, values[name], strict=True))
            else:
                stands_for[self._adapt(mark)] = self._adapt(values[name])
        return sql, [stands_for.get(parameter, parameter) for parameter in template]

    def rows(self, variant: Hashable = None, **values: Any) -> list[tuple]:
        """Runs it. No list may be empty."""
        with connection.cursor() as cursor:
            cursor.execute(*self.sql(variant, **values))
            return cursor.fetchall()

    def objects(self, model: type[M], variant: Hashable = None, **values: Any) -> list[M]:
        """The same as model objects, with annotations; of a queryset of whole rows without select_related()."""
        return list(model._default_manager.raw(*self.sql(variant, **values)))

    @staticmethod
    def _adapt(value: Mark) -> Any:
        return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


def _padded(numbers: list[int]) -> list[int]:
    """To a length that is a power of two, so that a dozen statements serve every length."""
    length = 1 << (len(numbers) - 1).bit_length()
    return numbers + numbers[-1:] * (length - len(numbers))

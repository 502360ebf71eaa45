"""Queries whose SQL the ORM writes once.

Building the SQL of a query with subqueries costs Django several milliseconds, running it a fraction of one. On the item
page, the one page that must be quick without any cache, that is most of the work.
"""

from collections.abc import Callable, Hashable
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet


class Prepared:
    """`build(**marks)` makes a values_list() queryset in which each mark stands for an argument of the later calls.

    Marks are compared as they are (equal, less, between), so they reach the parameters unchanged. Rows come as the
    database gives them: choose columns of text and integers only.
    """

    def __init__(self, build: Callable[..., QuerySet], **marks: str | int | datetime) -> None:
        self._build, self._marks = build, marks
        self._compiled: dict[Hashable, tuple[str, tuple]] = {}

    def rows(self, variant: Hashable = None, **values) -> list[tuple]:
        """Runs it. `variant`: whatever else the queryset depends on, such as a setting."""
        key = (connection.vendor, variant)
        if key not in self._compiled:
            self._compiled[key] = self._build(**self._marks).query.sql_with_params()
        sql, template = self._compiled[key]
        stands_for = {self._adapt(mark): self._adapt(values[name]) for name, mark in self._marks.items()}
        with connection.cursor() as cursor:
            cursor.execute(sql, [stands_for.get(parameter, parameter) for parameter in template])
            return cursor.fetchall()

    @staticmethod
    def _adapt(value):
        return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value

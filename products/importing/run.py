"""One import from the first byte to the last row."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction

from . import reading
from .checking import Checker
from .plan import Plan
from .reading import Problem
from .writing import Writer


@dataclass(slots=True)
class Report:
    """What was found and done. `written` is False after a dry run, and when a mistake kept everything out."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    counted: int = 0
    categories: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    written: bool = False


def import_file(
    data: bytes,
    *,
    publish: bool = False,
    dry_run: bool = False,
    skip_bad: bool = False,
    user=None,
    source: str = "a file",
    begin: Callable[[str, int], Callable[[], Any]] = lambda phase, total: lambda: None,
) -> Report:
    """Items created and updated by their SKU.

    `begin(phase, total)` is called when a phase starts and answers what to call after each row. `source` is named in
    the stock ledger. Without `publish`, new items are drafts and changes of live ones wait in a draft.
    """
    table = reading.read(data)
    report = Report(rows=len(table.rows), problems=list(table.problems))
    if not table.columns or (table.problems and not table.rows):
        return report
    checker = Checker(table.rows, begin("Checking", len(table.rows)))
    plan = checker.plan()
    report.problems = sorted([*table.problems, *checker.problems], key=lambda one: (one.line, one.column))
    _count(plan, report)
    if dry_run or (report.problems and not skip_bad) or not plan.targets:
        return report
    try:
        with transaction.atomic():
            writer = Writer(plan, publish=publish, user=user, source=source)
            tick = begin("Writing", len(plan.targets))
            writer.write(tick)
    except IntegrityError:
        message = "Somebody changed these items or categories at the same moment. Nothing was written; try again."
        report.problems.append(Problem(1, "", "", message))
        return report
    report.categories, report.counted, report.written = writer.categories, writer.counted, True
    return report


def _count(plan: Plan, report: Report) -> None:
    report.created, report.updated = len(plan.new), len(plan.known)

"""One import from the first byte to the last row."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction

from products.stock import NotEnoughStock

from . import reading
from .checking import Checker
from .plan import Plan, Target
from .reading import Problem
from .shelves import Shelves
from .writing import Writer

MEANWHILE = "Somebody changed these items, counts or categories at the same moment. Nothing was written; try again."


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the file and what becomes of it. `kind`: new, changed, unchanged; `changes`: column, before, after."""

    line: int
    sku: str
    name: str
    kind: str
    changes: list[tuple[str, str, str]]
    note: str = ""


@dataclass(slots=True)
class Report:
    """What was found and done. `written` is False after a dry run, and when a mistake kept everything out.

    `unpublished`: items that lack something and stayed drafts. `ignored`: columns that only an export has.
    `fingerprint`: of all that would be done; another one means that the file or the shop has changed since.
    """

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    counted: int = 0
    categories: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    unpublished: list[str] = field(default_factory=list)
    fingerprint: str = ""
    written: bool = False


def import_file(
    data: bytes,
    *,
    publish: bool = False,
    dry_run: bool = False,
    skip_bad: bool = False,
    user=None,
    source: str = "a file",
    seen: str = "",
    most_rows: int = reading.MAX_ROWS,
    begin: Callable[[str, int], Callable[[], Any]] = lambda phase, total: lambda: None,
) -> Report:
    """Items created and updated by their SKU.

    `begin(phase, total)` is called when a phase starts and answers what to call after each row. `source` is named in
    the stock ledger. Without `publish`, new items are drafts and changes of live ones wait in a draft. A `user` needs
    the rights for each thing. `seen`: the fingerprint that somebody agreed to; nothing is written under another.
    """
    table = reading.read(data, most_rows)
    report = Report(rows=len(table.rows), problems=list(table.problems), ignored=table.ignored)
    if not table.columns or (table.problems and not table.rows):
        return report
    checker = Checker(table.rows, begin("Checking", len(table.rows)), publish=publish, user=user)
    plan = checker.plan()
    report.problems = sorted([*table.problems, *checker.problems], key=lambda one: (one.line, one.column))
    _tell(plan, report)
    if dry_run or (report.problems and not skip_bad) or not plan.targets or seen not in ("", report.fingerprint):
        return report
    try:
        with transaction.atomic():
            writer = Writer(plan, publish=publish, user=user, source=source)
            tick = begin("Writing", len(plan.new) + len(plan.changed))
            writer.write(tick)
    except (IntegrityError, NotEnoughStock):
        report.problems.append(Problem(1, "", "", MEANWHILE))
        return report
    report.categories, report.counted, report.written = writer.categories, writer.counted, True
    report.unpublished = writer.updater.unpublished
    return report


def _tell(plan: Plan, report: Report) -> None:
    report.created, report.updated, report.unchanged = len(plan.new), len(plan.changed), len(plan.unchanged)
    shelves = Shelves(publish=False)
    ways = dict.fromkeys(way for target in plan.targets if (way := target.said("category")))
    report.categories = list(dict.fromkeys(name for way in ways for name in shelves.found(way)[1]))
    report.lines = sorted((line for one in plan.targets for line in _lines(one)), key=lambda line: line.line)
    seen = hashlib.sha256(json.dumps(report.categories).encode())
    for line in report.lines:  # one by one: together they are as long as the file
        seen.update(json.dumps([line.line, line.sku, line.kind, line.changes, line.note]).encode())
    for wrong in report.problems:
        seen.update(json.dumps([wrong.line, wrong.column, wrong.message]).encode())
    report.fingerprint = seen.hexdigest()


def _lines(target: Target) -> list[Line]:
    kind = "new" if target.item_id is None else "unchanged" if target.left_alone else "changed"
    note = "; ".join(filter(None, ["It is published." if target.goes_live else "", target.note]))
    return [Line(row.line, row.sku, target.title or row.name, kind, _told(row.changes), note) for row in target.rows]


def _told(changes: dict[str, tuple[str, str]]) -> list[tuple[str, str, str]]:
    return [(column, before, after) for column, (after, before) in changes.items()]

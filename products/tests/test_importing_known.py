"""Items that a file names and the shop has: compared in portions, and of each little is kept."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from products.importing import checking
from products.importing.reading import read

from .test_importing import home, row, run, table  # noqa: F401 - home is a fixture for every test

pytestmark = pytest.mark.django_db


def test_rows_are_held_against_the_shop_in_portions(monkeypatch):
    """An item's variants, and the same number twice, may come in different ones."""
    rows = [row("P-A3", name="Print", variant="A3", stock="4"), row(description="Old words.", stock="2")]
    rows.append(row("P-A2", name="Print", variant="A2", stock="2"))
    run(*rows)
    monkeypatch.setattr(checking, "PORTION", 1)
    assert run(*rows).unchanged == 2
    rows[1] |= {"description": "New words."}
    rows[2] |= {"price": "29.00"}
    report = run(*rows, dry_run=True)
    assert [line.changes for line in report.lines] == [
        [],
        [("description", "Old words.", "New words.")],
        [("price", "19.99", "29.00")],
    ]
    assert run(*rows).updated == 2
    twice = run(rows[1], rows[0], rows[1], rows[2], dry_run=True)
    assert [(one.line, one.column) for one in twice.problems] == [(4, "sku")]


def test_of_a_known_item_little_is_kept_once_its_row_was_looked_at():
    run(row(description="Old words.", stock="2"))
    checker = checking.Checker(read(table(row(price="29.00"))).rows, publish=True)
    plan = checker.plan()
    assert [one.rows[0].changes for one in plan.changed] == [{"price": ("29.00", "19.99")}]
    (known,) = checker.known.values()
    assert known.is_counted
    assert "description" in known.item.get_deferred_fields()
    assert not {"_prefetched_objects_cache", "_cluster_related_objects"} & vars(known.item).keys()


def test_a_further_known_item_takes_three_statements_more_at_most():
    """Its page, the item, on SQLite its entry in the index; whatever else is read or written is shared."""

    def count(items: int, price: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert run(*(row(f"A-{number}", price=price) for number in range(items))).updated == items
        return len(queries)

    run(*(row(f"A-{number}") for number in range(20)))
    assert count(20, "5.00") - count(10, "6.00") <= 3 * 10

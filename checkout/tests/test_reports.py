"""Reports equal the ledger to the minor unit, and never add one currency to another."""

import csv
import io
import re
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from openpyxl import load_workbook

from checkout import reporting
from checkout.models import Incident, Payment, Refund
from checkout.reporting import Period
from checkout.states import Disposition, RefundState
from checkout.tests import order_book
from checkout.tests.factories import make_paid_order
from products.tests.people import client_of

pytestmark = pytest.mark.django_db
FIRST = datetime(2026, 3, 1, tzinfo=UTC)
SPRING = Period(date(2026, 3, 1), date(2026, 5, 29))  # 90 days, so by month
MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))


@pytest.fixture
def _book():
    order_book.write(5_000, first=FIRST, days=90)


def ask(sql: str, *parameters) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [tuple(int(v) if isinstance(v, int) or hasattr(v, "as_tuple") else v for v in row) for row in cursor]


def quoted(part: str) -> str:
    """The elements of a list in the frozen quotes, in each database's own words."""
    if connection.vendor == "postgresql":
        return f"checkout_order o, jsonb_array_elements(o.snapshot->'{part}') one"
    return f"checkout_order o, json_each(o.snapshot, '$.{part}') one"


def field(name: str) -> str:
    if connection.vendor == "postgresql":
        return f"(one->>'{name}')"
    return f"json_extract(one.value, '$.{name}')"


@pytest.mark.usefixtures("_book")
def test_five_thousand_orders_to_the_minor_unit():
    columns = ", ".join(f"SUM({name})" for name in reporting.FIGURES)
    expected = ask(f"SELECT currency, COUNT(*), {columns} FROM checkout_order GROUP BY currency ORDER BY currency")  # noqa: S608
    found = [tuple(row.values()) for row in reporting.sales_totals(SPRING)]
    assert sum(row[1] for row in expected) == 5_000
    assert found == expected
    # the same money as the payments' own table has
    paid = ask("SELECT currency, SUM(amount) FROM checkout_payment GROUP BY currency ORDER BY currency")
    assert [(row["currency"], row["total"]) for row in reporting.sales_totals(SPRING)] == paid
    # and the steps add up to the whole
    for period in (SPRING, MARCH):
        for whole in reporting.sales_totals(period):
            steps = [row for row in reporting.sales(period) if row["currency"] == whole["currency"]]
            for name in ("orders", *reporting.FIGURES):
                assert sum(row[name] for row in steps) == whole[name]

    expected = ask(
        f"SELECT o.currency, {field('name')}, {field('percentage')}, COUNT(*),"  # noqa: S608
        f" SUM(CAST({field('base')} AS bigint)), SUM(CAST({field('amount')} AS bigint))"
        f" FROM {quoted('taxes')} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
    )
    names = ("currency", "name", "percentage", "orders", "base", "amount")
    assert [tuple(row[name] for name in names) for row in reporting.taxes(SPRING)] == expected
    assert len(expected) == 4

    expected = ask(
        f"SELECT o.currency, {field('name')}, {field('code')}, COUNT(*), SUM(CAST({field('amount')} AS bigint))"  # noqa: S608
        f" FROM {quoted('discounts')} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
    )
    assert [tuple(row.values()) for row in reporting.discounts(SPRING)] == expected

    expected = ask(
        "SELECT p.currency, r.origin, COUNT(*), SUM(r.amount) FROM checkout_refund r"
        " JOIN checkout_payment p ON p.id = r.payment_id WHERE r.state = 'succeeded' GROUP BY 1, 2 ORDER BY 1, 2"
    )
    rows = [(r["currency"], r["origin"].lower(), r["refunds"], r["amount"]) for r in reporting.refunds(SPRING)]
    assert rows == expected
    assert reporting.mismatches(SPRING) == []


def test_a_day_is_the_shops_day_and_both_ends_count():
    for day, hour in ((1, 0), (31, 23)):
        make_paid_order(paid_at=datetime(2026, 3, day, hour, 59, 59, tzinfo=UTC))
    make_paid_order(paid_at=datetime(2026, 4, 1, tzinfo=UTC))
    make_paid_order(paid_at=datetime(2026, 2, 28, 23, 59, 59, 999999, tzinfo=UTC))
    rows = reporting.sales(MARCH)
    assert [(row["at"], row["orders"]) for row in rows] == [(date(2026, 3, 1), 1), (date(2026, 3, 31), 1)]


def test_steps_name_every_day_and_every_month():
    assert len(MARCH.steps()) == 31
    assert SPRING.steps() == [date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)]


@pytest.fixture
def report():
    """Opens a report as a manager."""
    client = client_of("Shop managers")

    def opened(name: str, **query) -> str:
        response = client.get(f"/admin/reports/{name}/", {"first": "2026-03-01", **query})
        assert response.status_code == 200
        return response.content.decode()

    return opened


def test_the_sales_page_has_a_chart_a_table_and_a_sum_for_each_currency(report):
    paid_at = datetime(2026, 3, 5, 12, tzinfo=UTC)
    make_paid_order(unit_amount=1000, quantity=2, paid_at=paid_at)
    make_paid_order(unit_amount=500, currency="JPY", paid_at=paid_at)
    page = report("sales", last="2026-03-31")
    assert "Sales in USD" in page
    assert "Sales in JPY" in page
    assert len(re.findall(r"<rect ", page)) == 62  # each day, each currency
    assert page.count("shop-total") == 2
    assert "$20.00" in page
    assert "¥500" in page
    assert "Sales in JPY" not in report("sales", last="2026-03-31", currency="USD")


def test_an_empty_period_says_so(report):
    assert "Nothing in this period" in report("sales", last="2026-03-31")
    assert "agree" in report("mismatches", last="2026-03-31")


@pytest.mark.parametrize("query", [{"last": "2026-02-01"}, {"last": "soon"}, {"last": ""}, {"currency": "<x>"}])
def test_a_wrong_period_is_told_and_not_a_failure(report, query):
    page = report("sales", **{"last": "2026-03-31"} | query)
    assert "w-field__errors" in page or "error" in page
    assert client_of("superuser").get("/admin/reports/sales/", {"first": "x", "export": "csv"}).status_code == 200


def test_exports_hold_major_units_beside_their_currency():
    make_paid_order(unit_amount=1999, paid_at=datetime(2026, 3, 5, 12, tzinfo=UTC))
    query = {"first": "2026-03-01", "last": "2026-03-31"}
    client = client_of("Shop managers")
    response = client.get("/admin/reports/sales/", {**query, "export": "csv"})
    (row,) = csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode()))
    assert (row["When"], row["Currency"], row["Total"]) == ("2026-03-05", "USD", "19.99")
    response = client.get("/admin/reports/sales/", {**query, "export": "xlsx"})
    sheet = list(load_workbook(io.BytesIO(b"".join(response.streaming_content))).active.values)
    assert dict(zip(*sheet, strict=True))["Total"] == 19.99


def test_a_name_that_looks_like_a_formula_stays_text():
    taken = {"name": "=1+1", "code": "@X", "amount": 5, "id": 1, "percent_off": None}
    make_paid_order(snapshot={"discounts": [taken]}, paid_at=datetime(2026, 3, 5, tzinfo=UTC))
    query = {"first": "2026-03-01", "last": "2026-03-31", "export": "csv"}
    response = client_of("Shop managers").get("/admin/reports/discounts/", query)
    body = b"".join(response.streaming_content).decode()
    assert "'=1+1" in body
    assert "'@X" in body


def test_mismatches_are_named(report):
    at = datetime(2026, 3, 5, 12, tzinfo=UTC)
    good, other, lost = (make_paid_order(paid_at=at) for _ in range(3))
    Payment.objects.update(paid_at=at)
    Payment.objects.filter(order=other).update(amount=1)
    Payment.objects.filter(order=lost).update(order=None, disposition=Disposition.REVIEW)
    refund = Refund.objects.create(payment=good.payments.get(), order=good, amount=5, state=RefundState.FAILED)
    Refund.objects.update(created=at)
    Incident.objects.create(kind="dispute", subject="dp_1", order=good)
    Incident.objects.update(opened_at=at)
    kinds = {row["kind"] for row in reporting.mismatches(MARCH)}
    assert kinds == {
        "Other sum than the order",
        "Payment: review",
        "Paid without a payment",
        "Refund failed",
        "Incident: dispute",
    }
    page = report("mismatches", last="2026-03-31")
    assert f"/admin/snippets/checkout/order/inspect/{other.pk}/" in page
    assert {row["kind"] for row in reporting.mismatches(Period(MARCH.first, MARCH.last, "EUR"))} == set()
    assert refund.amount == 5


def test_only_those_who_see_orders_see_reports():
    for group in ("Editors", "Moderators"):
        client = client_of(group)
        assert client.get("/admin/reports/sales/").status_code == 302
        assert b"report-sales" not in client.get("/admin/").content
    assert b"/admin/reports/sales/" in client_of("Shop managers").get("/admin/").content

"""Orders as a table: every line, both units, no formula, no sum across currencies."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from openpyxl import load_workbook

from checkout import exporting
from checkout.models import Order, OrderLine
from checkout.tests.factories import make_paid_order
from products import sheets
from products.tests.factories import make_item

pytestmark = pytest.mark.django_db


@pytest.fixture
def orders():
    yen = make_paid_order(currency="JPY", unit_amount=500, quantity=2)
    dollar = make_paid_order(unit_amount=1999, email="=cmd@example.com")
    second = make_item("-2+3 poster", price="5.00")
    OrderLine.objects.create(order=dollar, item=second, name=second.title, sku="S", unit_amount=500, amount=500)
    return yen, dollar


def exported(tmp_path, kind: str, *arguments: str) -> bytes:
    file = tmp_path / f"orders.{kind}"
    call_command("export_orders", "--format", kind, "--output", str(file), *arguments)
    return file.read_bytes()


def as_csv(tmp_path, *arguments: str) -> list[dict]:
    return list(csv.DictReader(io.StringIO(exported(tmp_path, "csv", *arguments).decode("utf-8-sig"))))


def test_each_line_is_a_row_with_major_and_minor_units(tmp_path, orders):
    rows = as_csv(tmp_path)
    found = [(row["currency"], row["quantity"], row["amount"], row["amount_minor"], row["order_total"]) for row in rows]
    assert found == [
        ("JPY", "2", "1000", "1000", "1000"),
        ("USD", "1", "19.99", "1999", "19.99"),
        ("USD", "1", "5.00", "500", "19.99"),
    ]
    assert list(rows[0]) == exporting.COLUMNS


def test_what_a_buyer_wrote_is_no_formula(tmp_path, orders):
    rows = as_csv(tmp_path)
    assert rows[1]["email"] == "'=cmd@example.com"
    assert rows[2]["name"] == "'-2+3 poster"
    sheet = load_workbook(io.BytesIO(exported(tmp_path, "xlsx"))).active
    names = [cell.value for cell in sheet[1]]
    assert sheet.cell(3, names.index("email") + 1).value == "'=cmd@example.com"
    assert sheet.cell(3, names.index("email") + 1).data_type == "s"
    assert sheet.cell(2, names.index("amount_minor") + 1).value == 1000


def test_json_has_a_row_on_each_line(tmp_path, orders):
    text = exported(tmp_path, "json").decode()
    assert len(json.loads(text)) == 3
    assert len(text.splitlines()) == 5
    assert json.loads(exported(tmp_path, "json", "--status", "expired")) == []


def test_orders_are_chosen_by_day_and_status(tmp_path, orders):
    Order.objects.filter(pk=orders[0].pk).update(created=timezone.now() - timedelta(days=10))
    since = (timezone.now() - timedelta(days=1)).date().isoformat()
    assert {row["currency"] for row in as_csv(tmp_path, "--since", since)} == {"USD"}
    assert len(as_csv(tmp_path, "--status", "paid")) == 3
    with pytest.raises(CommandError, match="write a day like"):
        call_command("export_orders", "--since", "yesterday")
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_orders", "--output", str(tmp_path / "no" / "where.csv"))


def test_many_orders_are_read_in_portions(monkeypatch, django_assert_num_queries, orders):
    monkeypatch.setattr(exporting, "PORTION", 1)
    with django_assert_num_queries(3):  # the orders, and the lines of each portion
        assert len(list(exporting.rows(exporting.orders()))) == 3


def test_an_empty_order_is_a_row_without_a_line():
    Order.objects.create()
    (row,) = exporting.rows(exporting.orders())
    assert (row["sku"], row["amount"], row["amount_minor"]) == (None, None, None)
    assert sheets.plain_text(-5) == -5

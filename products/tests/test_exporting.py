"""What was exported can be imported again, and then nothing changes."""

import csv
import io

import pytest
from django.core.management import call_command

from products.importing import import_file
from products.models import StockMovement
from products.tests.factories import make_item, make_variants

pytestmark = pytest.mark.django_db


def exported(tmp_path, *arguments: str) -> bytes:
    file = tmp_path / "items.csv"
    call_command("export_items", "--output", str(file), *arguments)
    return file.read_bytes()


def test_items_and_variants_come_out_with_price_and_stock(tmp_path):
    make_item("Lamp", sku="L-1", price="19.99", on_hand=4)
    make_variants(make_item("Print", sku="P", on_hand=0), {"value1": "A3"}, {"value1": "A2", "price": 29}, on_hand=2)
    make_item("Draft", sku="D", live=False)
    rows = list(csv.DictReader(io.StringIO(exported(tmp_path, "--live").decode("utf-8-sig"))))
    found = [(row["sku"], row["variant"], row["price"], row["price_minor"], row["stock"]) for row in rows]
    assert found == [
        ("L-1", "", "19.99", "1999", "4"),
        ("P-0", "A3", "19.99", "1999", "2"),
        ("P-1", "A2", "29.00", "2900", "2"),
    ]
    assert rows[0]["category"] == "Prints"


def test_an_export_can_be_imported_again(tmp_path):
    make_item("Lamp", sku="L-1", price="19.99", on_hand=4)
    make_variants(make_item("Print", sku="P", on_hand=0), {"value1": "A3"}, on_hand=2)
    data = exported(tmp_path).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(data)))
    text = io.StringIO()
    writer = csv.DictWriter(text, "sku,name,description,price,currency,stock,category,image,variant".split(","))
    writer.writeheader()
    writer.writerows({name: row[name] for name in writer.fieldnames} for row in rows)
    before = StockMovement.objects.count()
    report = import_file(text.getvalue().encode(), publish=True)
    assert (report.problems, report.created, report.updated) == ([], 0, 2)
    assert StockMovement.objects.count() == before

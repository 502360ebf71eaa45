"""What was exported can be imported again, and then nothing changes."""

import csv
import io
from decimal import Decimal

import pytest
from django.core.management import call_command
from wagtail.models import PageLogEntry, Revision

from products import exporting, sheets
from products.importing import import_file
from products.models import ItemPage, StockMovement
from products.tests.factories import make_item, make_variants, picture_for

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


def shop_with_everything() -> None:
    lamp = make_item("'=Lamp & <Co>", sku="-L1", price="19.90", on_hand=4, sale_price="9.50")
    text = "<p>Tall &amp; <b>thin</b>.</p><p>Second.<br/>Line.</p>"
    lamp.description = [("text", text), ("quote", {"text": "Fine."})]
    lamp.save_revision().publish()
    picture_for(lamp)
    picture_for(lamp)  # both are called “Plain”
    make_item("Uncounted", sku="U-1", on_hand=0)
    make_item("Draft", sku="D", live=False)
    rows = [{"value1": "A3/b", "value2": "black"}, {"value1": "A2", "value2": "red", "price": 29}]
    make_variants(make_item("Print", sku="P", on_hand=0), *rows, on_hand=2, choices="Size, Colour")


@pytest.mark.parametrize("kind", sheets.FORMATS)
def test_an_export_that_is_imported_again_changes_nothing(tmp_path, kind):
    shop_with_everything()
    data = exported(tmp_path, "--format", kind)
    before = [StockMovement.objects.count(), Revision.objects.count(), PageLogEntry.objects.count()]
    report = import_file(data, publish=False)
    assert (report.problems, report.created, report.updated, report.unchanged) == ([], 0, 0, 4)
    assert report.written
    (told,) = [row["description"] for row in exporting.rows(exporting.everything()) if row["sku"] == "-L1"]
    assert told == "Tall & thin.\n\nSecond.\nLine."
    assert set(report.ignored) == set(exporting.READ_ONLY)
    assert [StockMovement.objects.count(), Revision.objects.count(), PageLogEntry.objects.count()] == before
    assert [block.block_type for block in ItemPage.objects.get(sku="-L1").description] == ["text", "quote"]


@pytest.mark.parametrize("kind", sheets.FORMATS)
def test_a_changed_cell_of_an_export_changes_that_alone(kind):
    shop_with_everything()
    make_item("Tall lamp", sku="X-9", price="77.00", on_hand=1)
    rows = list(exporting.rows(exporting.everything()))
    (row,) = [row for row in rows if row["sku"] == "X-9"]
    row |= {"price": Decimal("78.50"), "name": "Taller lamp"}
    report = import_file(b"".join(sheets.stream(kind, rows, exporting.COLUMNS)), publish=True)
    assert (report.problems, report.updated) == ([], 2)  # the draft is published
    (line,) = [line for line in report.lines if line.sku == "X-9"]
    price = "78.50" if kind != "xlsx" else "78.5"
    assert line.changes == [("name", "Tall lamp", "Taller lamp"), ("price", "77.00", price)]
    item = ItemPage.objects.get(sku="X-9")
    assert (item.title, item.unit_amount) == ("Taller lamp", 7850)

"""Importing in the admin: shown first, then carried out as it was shown, once; and the list of items as a file."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from products import stock
from products.importing import import_file, waiting
from products.models import ItemImport, ItemPage, StockMovement
from products.tests.factories import make_category, make_item
from products.tests.people import client_of

pytestmark = pytest.mark.django_db
NEW = "sku,name,price,currency,stock,category\nN-1,Teapot,24.00,USD,7,Prints > Small\n"


@pytest.fixture
def boss():
    make_category()
    return client_of("superuser")


def upload(client, text: str, name: str = "goods.csv", **data) -> str:
    """Where the browser is sent."""
    file = SimpleUploadedFile(name, text.encode())
    response = client.post("/admin/items/import/", {"file": file, **data})
    assert response.status_code == 302, response.content.decode()
    return response["Location"]


def press(client, address: str):
    """The second button of the page as it is now."""
    report = client.get(address).context["report"]
    return client.post(address, {"seen": report.fingerprint}, follow=True)


def test_the_file_is_shown_first_and_then_carried_out(boss):
    lamp, same = make_item("Lamp", sku="L-1", price="10.00", on_hand=3), make_item("Same", sku="S-1", on_hand=2)
    address = upload(boss, NEW + "L-1,Lamp,12.50,USD,3,Prints\nS-1,Same,19.99,USD,2,Prints\n", publish="on")
    page = boss.get(address).content.decode()
    for words in ("Nothing has changed yet.", "will be published", "Teapot", "Prints &gt; Small"):
        assert words in page
    assert "10.00 → <strong>12.50" in page
    assert "S-1" not in page
    assert not ItemPage.objects.filter(sku="N-1").exists()

    done = press(boss, address).content.decode()
    assert "“goods.csv” was imported." in done
    lamp.refresh_from_db()
    teapot = ItemPage.objects.get(sku="N-1")
    assert (teapot.live, stock.available(teapot.pk), lamp.unit_amount) == (True, 7, 1250)
    kept = ItemImport.objects.get()
    assert (kept.result["created"], kept.result["updated"], kept.result["unchanged"]) == (1, 1, 1)
    assert bytes(kept.data) == b""
    assert StockMovement.objects.filter(reason="Imported from goods.csv").count() == 1
    assert not same.get_latest_revision()


def test_a_second_click_imports_nothing_again(boss):
    address = upload(boss, NEW)
    seen = boss.get(address).context["report"].fingerprint
    boss.post(address, {"seen": seen})
    movements = StockMovement.objects.count()
    page = boss.post(address, {"seen": seen}, follow=True).content.decode()
    assert "This file was imported before; it was not imported again." in page
    assert (ItemPage.objects.count(), StockMovement.objects.count()) == (1, movements)


def test_what_changed_in_between_is_shown_again_and_nothing_is_done(boss):
    lamp = make_item("Lamp", sku="L-1", price="10.00")
    address = upload(boss, "sku,price\nL-1,12.50\n", publish="on")
    seen = boss.get(address).context["report"].fingerprint
    lamp.price = "11.00"
    lamp.save_revision().publish()
    page = boss.post(address, {"seen": seen}).content.decode()
    assert "Something has changed since you saw this page." in page
    assert "11.00 → <strong>12.50" in page
    assert ItemPage.objects.get(sku="L-1").unit_amount == 1100
    press(boss, address)
    assert ItemPage.objects.get(sku="L-1").unit_amount == 1250


@pytest.mark.parametrize("seen", ["", "nothing", "x" * 5000])
def test_nothing_is_done_without_what_was_shown(boss, seen):
    address = upload(boss, NEW)
    assert "please look again" in boss.post(address, {"seen": seen}).content.decode()
    assert not ItemPage.objects.exists()


def test_every_mistake_stands_there_with_its_line_and_there_is_no_button(boss):
    address = upload(boss, NEW + "N-2,,cheap,USD,1,Prints\n")
    page = boss.get(address).content.decode()
    assert "fill in the name" in page
    assert "Only the number" in page
    assert "Import it as shown" not in page
    press(boss, address)
    assert not ItemPage.objects.exists()


def test_a_file_that_nobody_came_back_for_is_thrown_away(boss):
    address = upload(boss, NEW)
    seen = boss.get(address).context["report"].fingerprint
    ItemImport.objects.update(created=timezone.now() - waiting.LASTS - timedelta(seconds=1))
    for response in (boss.get(address, follow=True), boss.post(address, {"seen": seen}, follow=True)):
        assert "thrown away after two hours. Nothing was changed" in response.content.decode()
    assert not ItemPage.objects.exists()
    assert waiting.forget() == 1
    assert boss.get(address).status_code == 404


def test_an_upload_takes_the_place_of_the_one_before_and_nobody_else_sees_it(boss):
    address = upload(boss, NEW)
    assert client_of("Moderators").get(address).status_code == 404
    upload(boss, NEW)
    assert ItemImport.objects.count() == 1
    assert boss.get(address).status_code == 404


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("goods.pdf", b"%PDF", "Choose a CSV, XLSX or JSON file."),
        ("goods.csv", b"", "The file is empty."),
        ("goods.csv", b"sku\n" + b"x" * waiting.MOST_BYTES, "is the most"),
    ],
)
def test_the_wrong_file_is_refused_at_once(boss, name, data, message):
    page = boss.post("/admin/items/import/", {"file": SimpleUploadedFile(name, data)})
    assert message in page.content.decode()
    assert "Choose a file first." in boss.post("/admin/items/import/", {}).content.decode()
    assert not ItemImport.objects.exists()


def test_more_rows_than_a_browser_waits_for(boss, monkeypatch):
    monkeypatch.setattr(waiting, "MOST_ROWS", 1)
    assert "More than 1 rows" in boss.get(upload(boss, NEW + NEW.split("\n")[1])).content.decode()


BROKEN = [
    b"PK\x03\x04",
    b"PK\x03\x04" + b"x" * 200,
    b"[{",
    b"[1]",
    b"{}",
    b"[[[[",
    b"\xff\xfe[\x00",
    b"sku\n\x00",
    b"[",
]


@pytest.mark.parametrize("data", BROKEN)
def test_broken_files_are_told_and_not_stumbled_over(boss, data):
    page = boss.post("/admin/items/import/", {"file": SimpleUploadedFile("goods.xlsx", data)}, follow=True)
    assert page.status_code == 200
    assert page.context["report"].problems


def test_json_says_in_which_line_it_is_wrong():
    good = json.dumps({"sku": "A-1", "name": "Lamp", "price": 19.5, "currency": "USD", "category": "Prints"})
    report = import_file(f'[\n{good},\n{{"sku": "B", "price": "x"}},\n{{"sku": ["C"]}}\n]'.encode(), dry_run=True)
    assert [(one.line, one.column) for one in report.problems][-1] == (4, "")
    report = import_file(f'[\n{good},\n\n{{"sku": "B", "price": "x"}}\n]'.encode(), dry_run=True)
    assert {one.line for one in report.problems} == {4}


# group, published?, file, the column of the mistake ("" if there is none)
RIGHTS = [
    ("Editors", True, "sku,name\nL-1,New name\n", ""),
    ("Editors", True, NEW, ""),
    ("Editors", True, "sku,price\nL-1,12.00\n", "price"),
    ("Editors", False, "sku,price\nL-1,12.00\n", ""),
    ("Editors", True, "sku,stock\nL-1,5\n", "stock"),
    ("Editors", True, "sku,stock,name\nL-1,3,New name\n", ""),
    ("Editors", True, "sku,name\nW-1,New name\n", "sku"),
    ("Moderators", True, "sku,price\nL-1,12.00\n", ""),
    ("Moderators", True, "sku,stock\nL-1,5\n", "stock"),
    ("Moderators", True, "sku,name\nK-1,New name\n", "sku"),
    ("Shop managers", True, "sku,stock\nL-1,5\n", ""),
    ("Shop managers", False, "sku,name\nL-1,New name\n", "sku"),
    ("Shop managers", False, NEW, "category"),
]


@pytest.mark.parametrize(("group", "publish", "text", "column"), RIGHTS)
def test_everybody_may_import_what_they_may_change_otherwise(group, publish, text, column):
    make_item("Lamp", sku="L-1", price="10.00", on_hand=3, first_published_at=timezone.now())
    waits = make_item("Waits", sku="W-1", price="10.00", first_published_at=timezone.now())
    waits.price = "1.00"
    waits.save_revision()
    make_item("Locked", sku="K-1", locked=True)
    client = client_of(group)
    address = upload(client, text, **({"publish": "on"} if publish else {}))
    report = client.get(address).context["report"]
    assert [one.column for one in report.problems] == ([column] if column else [])
    press(client, address)
    assert bool(ItemImport.objects.get().done_at) is (not column)


def test_an_editor_cannot_take_a_first_price_from_an_item_that_was_sold_before():
    lamp = make_item("Lamp", sku="L-1", price="10.00")
    lamp.save_revision().publish()
    ItemPage.objects.get(pk=lamp.pk).unpublish()
    client = client_of("Editors")
    address = upload(client, "sku,price\nL-1,1.00\n", publish="on")
    assert [one.column for one in client.get(address).context["report"].problems] == ["price"]


def test_the_list_is_downloaded_as_it_is_filtered(boss):
    make_item("Lamp", sku="L-1", currency="EUR")
    make_item("Chair", sku="C-1")
    response = boss.get("/admin/items/export/csv/?currency=EUR")
    rows = list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"))))
    assert [row["sku"] for row in rows] == ["L-1"]
    assert "items-" in response["Content-Disposition"]
    assert json.loads(boss.get("/admin/items/export/json/?q=chair").getvalue())[0]["sku"] == "C-1"
    assert boss.get("/admin/items/export/xlsx/").getvalue()[:2] == b"PK"
    assert boss.get("/admin/items/export/pdf/").status_code == 404
    assert "/admin/items/export/csv/?currency=EUR" in boss.get("/admin/items/?currency=EUR&p=1").content.decode()
    rows = json.loads(client_of("Editors").get("/admin/items/export/json/").getvalue())
    assert "sold" not in rows[0]

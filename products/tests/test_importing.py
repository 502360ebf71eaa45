"""Items out of a table: all or nothing, and every mistake with its line and what to do."""

import csv
import io
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from products import catalogue, stock
from products.importing import import_file
from products.importing.reading import read
from products.models import CategoryPage, ItemPage, PriceRecord, Stock, StockMovement, Variant
from products.search import search
from products.tests.factories import make_home, make_image, make_item, make_variants

pytestmark = pytest.mark.django_db
HEAD = ["sku", "name", "description", "price", "currency", "stock", "category", "image", "variant"]


@pytest.fixture(autouse=True)
def home():
    return make_home()


def row(sku: str = "A-1", **cells) -> dict:
    plain = {"name": f"Item {sku}", "price": "19.99", "currency": "USD", "category": "Prints"}
    return {"sku": sku, **plain, **cells}


def table(*rows: dict, separator: str = ",", encoding: str = "utf-8") -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, HEAD, delimiter=separator, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def run(*rows: dict, **options):
    return import_file(table(*rows), **{"publish": True, **options})


def test_new_items_are_published_counted_found_and_priced(client):
    report = run(row(name="Zebra & foal", description="First.\n\nSecond <b>.", stock="7", category="Prints > Small"))
    assert (report.created, report.updated, report.counted, report.problems) == (1, 0, 1, [])
    assert report.categories == ["Prints", "Prints > Small"]
    item = ItemPage.objects.get(sku="A-1")
    assert (item.live, item.unit_amount, item.get_parent().title) == (True, 1999, "Small")
    assert stock.available(item.pk) == 7
    assert StockMovement.objects.get().reason == "Imported from a file"
    assert PriceRecord.objects.get(item=item).unit_amount == 1999
    assert search("zebra").ids == [item.pk]
    html = client.get(item.url).content.decode()
    assert "<p>Second &lt;b&gt;.</p>" in html
    assert client.get("/prints/small/").status_code == 200
    assert ItemPage.find_problems() == ([], [], [], [], [])


def test_without_publishing_new_items_are_drafts_and_live_ones_keep_their_price():
    live = make_item(price="10.00", sku="A-1")
    run(row(price="12.00"), row("B-2"), publish=False)
    live.refresh_from_db()
    assert live.unit_amount == 1000
    assert live.get_latest_revision_as_object().price == Decimal("12.00")
    draft = ItemPage.objects.get(sku="B-2")
    assert (draft.live, draft.unit_amount) == (False, 1999)


def test_known_items_are_updated_and_empty_cells_change_nothing():
    item = make_item("Old name", price="10.00", sku="A-1", on_hand=3, summary="Kept")
    report = run({"sku": "A-1", "price": "12.50"})
    assert (report.created, report.updated, report.counted) == (0, 1, 0)
    item.refresh_from_db()
    assert (item.title, item.summary, item.unit_amount) == ("Old name", "Kept", 1250)
    assert list(PriceRecord.objects.values_list("unit_amount", flat=True)) == [1000, 1250]
    run({"sku": "A-1", "name": "New name", "stock": "5"})
    item.refresh_from_db()
    assert item.title == "New name"
    assert stock.available(item.pk) == 5
    assert list(StockMovement.objects.values_list("quantity", flat=True)) == [2, 3]
    assert search("new name").ids == [item.pk]
    assert search("old").ids == []


def test_the_same_file_twice_changes_nothing_the_second_time():
    rows = [row(str(number), stock="4") for number in range(1, 6)]
    run(*rows)
    movements, records = StockMovement.objects.count(), PriceRecord.objects.count()
    report = run(*rows)
    assert (report.created, report.updated, report.counted) == (0, 0, 0)
    assert (StockMovement.objects.count(), PriceRecord.objects.count()) == (movements, records)


def test_a_draft_that_waits_keeps_waiting_with_the_new_price():
    item = make_item("Lamp", price="10.00", sku="A-1")
    item.title = "Better lamp"
    item.save_revision()
    run({"sku": "A-1", "price": "12.00"}, publish=False)
    draft = ItemPage.objects.get(pk=item.pk).get_latest_revision_as_object()
    assert (draft.title, draft.price) == ("Better lamp", Decimal("12.00"))


def test_rows_with_variants_become_one_item():
    rows = [
        row("P-A3", name="Print", variant="A3 / black", stock="4"),
        row("P-A2", name="Print", variant="A2 / black", price="29.00", stock="2"),
    ]
    assert run(*rows).created == 1
    item = ItemPage.objects.get(title="Print")
    found = [(one.name, one.variant.sku, one.price.amount, one.available) for one in catalogue.choices(item)]
    assert found == [("A3 / black", "P-A3", 1999, 4), ("A2 / black", "P-A2", 2900, 2)]
    assert item.choices == ["Option", "Option 2"]
    assert search("p-a2").ids == [item.pk]
    more = row("P-A1", name="Print", variant="A1 / black", price="40.00", stock="1")
    report = run({"sku": "P-A2", "name": "Print", "variant": "A2 / black", "price": "31.00"}, more)
    assert (report.created, report.updated) == (0, 1)
    assert [one.price.amount for one in catalogue.choices(ItemPage.objects.get(pk=item.pk))] == [1999, 3100, 4000]
    assert Variant.objects.filter(active=True).count() == 3


def test_an_item_goes_to_another_category_and_gets_a_picture():
    item = make_item(sku="A-1")
    image = make_image("Foal")
    run({"sku": "A-1", "category": "Garden", "image": "Foal"})
    item = ItemPage.objects.get(pk=item.pk)
    assert item.get_parent().title == "Garden"
    assert item.gallery.get().image_id == image.pk


@pytest.mark.parametrize(
    "data",
    [
        table(row(name="Größe"), separator=";"),
        table(row(name="Größe"), separator="\t"),
        b"\xef\xbb\xbf" + table(row(name="Größe")),
        table(row(name="Größe"), encoding="utf-16"),
        table(row(name="Größe"), encoding="cp1252"),
        table(row(name="Größe")).replace(b"\r\n", b"\n"),
        table(row(name="Größe")).replace(b"sku,name", b" SKU ,Title"),
    ],
)
def test_files_as_spreadsheets_save_them(data):
    assert import_file(data, publish=True).problems == []
    assert ItemPage.objects.get(sku="A-1").title == "Größe"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "The file is empty."),
        (b"PK\x03\x04rest", "This spreadsheet cannot be read."),
        (b"\x00\x01\x02", "This is not a table."),
        (b"name,price\nA,1\n", "This column is missing"),
        (b"sku,colour\n1,red\n", "There is no such column."),
        (b"sku,name,name\n1,a,b\n", "This column stands there twice."),
        (b"sku,name\n", "There are no rows below the header."),
        (b'sku,name\n1,"open\n', "A quotation mark opens here and never closes"),
        (b"sku,name\n1,a,b\n", "More cells than the header has columns."),
    ],
)
def test_mistakes_of_the_file(data, message):
    problems = read(data).problems
    assert [one for one in problems if message in one.message], problems
    assert not import_file(data, publish=True).written


MISTAKES = [
    ({"sku": ""}, "sku", "Each row needs an article number"),
    ({"sku": "A 1"}, "sku", "An article number has no spaces."),
    ({"sku": "x" * 65}, "sku", "At most 64 characters; these are 65."),
    ({"sku": "4.71E+12"}, "sku", "turned this number into an exponent"),
    ({"sku": "FIRST"}, "sku", "Line 2 has this number already."),
    ({"name": ""}, "name", "A new item needs this: fill in the name."),
    ({"name": "x" * 256}, "name", "At most 255 characters"),
    ({"name": "=A1&B1"}, "name", "This is a formula and not a name."),
    ({"name": "Bell \x07"}, "name", "invisible control character"),
    ({"name": "Gr\ufffdn"}, "name", "A letter got lost when the file was saved."),
    ({"description": "x" * 20_001}, "description", "At most 20,000 characters"),
    ({"price": ""}, "price", "A new item needs this: fill in the price."),
    ({"price": "19,99"}, "price", "Write a point before the cents"),
    ({"price": "1,999.00"}, "price", "nothing between thousands"),
    ({"price": "$19.99"}, "price", "Only the number, without a sign or code"),
    ({"price": "cheap"}, "price", "Only the number"),
    ({"price": "1.2.3"}, "price", "This is not a number."),
    ({"price": "0"}, "price", "A price is more than zero."),
    ({"price": "-5"}, "price", "A price is more than zero."),
    ({"price": "19.999"}, "price", "at most 2 decimals"),
    ({"price": "500.50", "currency": "JPY"}, "price", "JPY amounts have no decimals"),
    ({"price": "99999999999"}, "price", "More than can be charged at once"),
    ({"currency": ""}, "currency", "A new item needs this: fill in the currency."),
    ({"currency": "Dollar"}, "currency", "Three letters, for example USD."),
    ({"stock": "many"}, "stock", "as a whole number, for example 12"),
    ({"stock": "-1"}, "stock", "There cannot be fewer than none."),
    ({"stock": "12.0"}, "stock", "Whole units without decimals: 12."),
    ({"stock": "1000001"}, "stock", "At most 1,000,000."),
    ({"sku": "HELD", "stock": "1"}, "stock", "2 are being paid for right now"),
    ({"category": ""}, "category", "A new item needs this: fill in the category."),
    ({"category": "Prints > > Small"}, "category", "from the top down with > between them"),
    ({"category": "a>b>c>d>e>f"}, "category", "At most five categories"),
    ({"image": "nowhere.jpg"}, "image", "There is no such picture in the library."),
    ({"image": "Twin"}, "image", "Several pictures are called that."),
    ({"variant": "A3 / "}, "variant", "Write the choices with / between them"),
    ({"variant": "a/b/c/d"}, "variant", "At most three choices"),
    ({"variant": "x" * 39}, "variant", "Each choice has at most 38 characters."),
    ({"sku": "P-1", "name": "Poster"}, "variant", "This number is a variant of “Poster”"),
    ({"sku": "HELD", "variant": "A3"}, "variant", "is an item without variants"),
]


@pytest.fixture
def _shop():
    held = make_item("Held", sku="HELD", on_hand=5)
    stock.hold(item_id=held.pk, quantity=2)
    make_variants(make_item("Poster", sku="P", on_hand=0), {"value1": "A3", "sku": "P-1"})
    for _ in range(2):
        make_image("Twin")


@pytest.mark.usefixtures("_shop")
@pytest.mark.parametrize(("cells", "column", "message"), MISTAKES)
def test_each_mistake_says_what_to_do(cells, column, message):
    report = run(row("FIRST"), row(**cells))
    assert [one.line for one in report.problems] == [3]
    assert report.problems[0].column == column
    assert message in report.problems[0].message


@pytest.mark.usefixtures("_shop")
def test_a_file_with_many_mistakes_names_each_and_changes_nothing():
    before = (ItemPage.objects.count(), CategoryPage.objects.count(), Stock.objects.count())
    rows = [row("FIRST"), *({**row(f"N-{number}"), **cells} for number, (cells, _, _) in enumerate(MISTAKES))]
    report = run(*rows)
    assert not report.written
    assert len(MISTAKES) > 30
    assert {one.line for one in report.problems} == set(range(3, 3 + len(MISTAKES)))
    assert (ItemPage.objects.count(), CategoryPage.objects.count(), Stock.objects.count()) == before


def test_mistakes_between_the_rows_of_an_item():
    rows = [
        row("P-1", name="Print", variant="A3 / black"),
        row("P-2", name="print", variant="a3 / Black"),
        row("P-3", name="Print", variant="A2"),
        row("P-4", name="Print", variant="A1 / black", currency="EUR"),
    ]
    messages = [one.message for one in run(*rows).problems]
    assert "Line 2 is the same variant" in messages[0]
    assert "Line 2 has 2 choices" in messages[1]
    assert "All variants of an item are sold in one currency" in messages[2]


def test_bad_rows_can_be_left_out():
    report = run(row("GOOD"), row("BAD", price="x"), skip_bad=True)
    assert report.written
    assert list(ItemPage.objects.values_list("sku", flat=True)) == ["GOOD"]
    assert len(report.problems) == 1


def test_a_dry_run_reports_and_changes_nothing():
    report = run(row(), dry_run=True)
    assert (report.created, report.written, report.problems) == (1, False, [])
    assert not ItemPage.objects.exists()


def test_the_command_prints_a_table_and_fails(tmp_path, capsys):
    file = tmp_path / "goods.csv"
    file.write_bytes(table(row(), row("B-2", price="19,99")))
    with pytest.raises(CommandError, match=r"1 mistake. Nothing was changed."):
        call_command("import_items", str(file), "--publish", verbosity=0)
    assert "     3  price       19,99                   Write a point before the cents" in capsys.readouterr().out
    call_command("import_items", str(file), "--publish", "--skip-bad", verbosity=0)
    assert "2 rows: 1 items new, 0 changed, 0 left alone" in capsys.readouterr().out
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_items", str(tmp_path / "none.csv"))


def test_many_items_take_few_statements(django_assert_max_num_queries):
    rows = [row(f"M-{number}", stock="3") for number in range(300)]
    with django_assert_max_num_queries(160):
        run(*rows)
    assert ItemPage.objects.count() == 300
    assert ItemPage.find_problems() == ([], [], [], [], [])

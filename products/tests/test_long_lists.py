"""Long lists of the admin: what is found is the same whether it is little or much, and little is looked for once."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from checkout.tests.factories import make_paid_order
from products import stock
from products.admin import long_lists
from products.models import Variant
from products.tests.factories import make_item, make_variants
from products.tests.people import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["little", "much"])
def found(request, monkeypatch):
    """Titles on a page of a list, in order, and how many the list says there are. Two rows are much, or hardly any."""
    monkeypatch.setattr(long_lists, "FEW", 200 if request.param == "little" else 1)
    client = client_of("superuser")

    def look(path: str, *titles: str, **query) -> tuple[list[str], int]:
        page = client.get(path, query).content.decode()
        rows = {title: re.search(rf">\s*{re.escape(title)}\s*<", page) for title in titles}
        places = {title: match.start() for title, match in rows.items() if match}
        count = re.search(r"There (?:is|are) (\d+) match", page)
        return sorted(places, key=places.__getitem__), int(count[1]) if count else 0

    return look


def test_a_search_keeps_the_order_and_the_number(found):
    for number in (3, 1, 2):
        make_item(f"Teapot {number}")
    make_item("Chair")
    titles = ("Teapot 1", "Teapot 2", "Teapot 3", "Chair")
    assert found("/admin/items/", *titles, q="teapot", ordering="-title") == (["Teapot 3", "Teapot 2", "Teapot 1"], 3)
    assert found("/admin/items/", *titles, q="nothing like it") == ([], 0)


def test_the_last_page_of_what_was_found(found, monkeypatch):
    monkeypatch.setattr("products.admin.item_list.ItemListView.paginate_by", 2)
    for number in range(5):
        make_item(f"Teapot {number}")
    make_item("A chair")
    titles = [f"Teapot {number}" for number in range(5)]
    pages = [found("/admin/items/", *titles, q="teapot", ordering="title", p=page) for page in (1, 2, 3, 9)]
    assert pages == [(titles[:2], 5), (titles[2:4], 5), (titles[4:], 5), (titles[4:], 5)]


def test_of_an_item_only_the_variants_that_were_looked_for(found):
    make_variants(make_item("Shirt"), {"value1": "Small"}, {"value1": "Medium"}, {"value1": "Medley"})
    rows = ("Shirt, Small", "Shirt, Medium", "Shirt, Medley")
    assert found("/admin/stock/", *rows, q="shirt", ordering="-units")[1] == 3
    assert found("/admin/stock/", *rows, q="small") == ([rows[0]], 1)
    assert set(found("/admin/stock/", *rows, q="med")[0]) == set(rows[1:])


def test_sold_out_is_what_has_nothing_left_in_any_variant_that_is_for_sale(found):
    make_item("Teapot", on_hand=0)
    make_item("Lamp", on_hand=1)
    _, medium = make_variants(make_item("Shirt", on_hand=0), {"value1": "S"}, {"value1": "M"}, on_hand=0)
    stock.adjust(item_id=medium.item_id, variant_id=medium.pk, quantity=4, reason="Delivery")
    (old,) = make_variants(make_item("Coat", on_hand=0), {"value1": "S"}, on_hand=9)
    Variant.objects.filter(pk=old.pk).update(active=False)
    titles = ("Coat", "Lamp", "Shirt", "Teapot")
    assert found("/admin/items/", *titles, stock="out", ordering="title") == (["Coat", "Teapot"], 2)
    assert found("/admin/items/", *titles, stock="in", ordering="title") == (["Lamp", "Shirt"], 2)


def test_orders_of_two_lines_are_found_once(found):
    order = make_paid_order(item=make_item("Blue teapot"), email="anna@example.org")
    order.lines.create(item=make_item("Teapot lid"), name="Teapot lid", quantity=1, unit_amount=5, amount=5)
    other = make_paid_order(item=make_item("Chair"))
    numbers = (order.number, other.number)
    assert found("/admin/snippets/checkout/order/", *numbers, q="teapot") == ([order.number], 1)
    assert found("/admin/snippets/checkout/order/", *numbers, status=["paid", "expired"])[1] == 2


def test_the_words_are_compared_with_all_rows_once():
    item, client = make_item("Teapot"), client_of("superuser")
    client.get("/admin/items/", {"q": "teapot"})
    with CaptureQueriesContext(connection) as queries:
        client.get("/admin/items/", {"q": "teapot"})
    searching = [query["sql"] for query in queries if "teapot" in query["sql"].lower()]
    assert [(f"IN ({item.pk})" in sql, "COUNT(" in sql) for sql in searching] == [(False, False), (True, False)]

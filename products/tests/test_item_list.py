"""The list of items: what it shows, and how it is narrowed and ordered."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from products.tests.factories import make_category, make_item, picture_for
from products.tests.people import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def listing():
    client = client_of("Editors")

    def opened(**query) -> str:
        response = client.get("/admin/items/", query)
        assert response.status_code == 200
        return response.content.decode()

    return opened


def shown(page: str, *titles: str) -> list[str]:
    """Those of the titles that the page shows, in its order."""
    return sorted((title for title in titles if title in page), key=page.index)


def test_a_row_shows_picture_price_currency_stock_and_status(listing):
    item = make_item("Teapot", price="19.99", on_hand=7)
    picture_for(item)
    page = listing()
    for words in ("Teapot", "$19.99", "USD", "<picture>", "Prints", "live"):
        assert words in page, words
    assert re.search(r">\s*7\s*<", page)
    assert f"/admin/pages/{item.pk}/edit/" in page


def test_filters(listing):
    make_item("Teapot", on_hand=0)
    make_item("Chair", on_hand=3, currency="EUR")
    make_item("Lamp", on_hand=30, live=False)
    titles = ("Teapot", "Chair", "Lamp")
    assert shown(listing(stock="out"), *titles) == ["Teapot"]
    assert shown(listing(stock="low"), *titles) == ["Chair"]
    assert set(shown(listing(stock="in"), *titles)) == {"Chair", "Lamp"}
    assert shown(listing(status="draft"), *titles) == ["Lamp"]
    assert shown(listing(currency="EUR"), *titles) == ["Chair"]
    assert shown(listing(category=make_category("Garden").pk), *titles) == []
    assert listing(status="nonsense", category="x", p="y", ordering="z")


def test_order_and_search(listing):
    make_item("Teapot", price="5.00", sku="TEA-1")
    make_item("Chair", price="50.00")
    make_item("Lamp", price="500", currency="JPY")
    titles = ("Teapot", "Chair", "Lamp")
    assert shown(listing(ordering="title"), *titles) == ["Chair", "Lamp", "Teapot"]
    assert shown(listing(ordering="-unit_amount"), *titles) == ["Lamp", "Chair", "Teapot"]  # JPY before USD
    assert shown(listing(q="tea-1"), *titles) == ["Teapot"]
    assert shown(listing(q="cha"), *titles) == ["Chair"]


def test_as_many_queries_for_one_item_as_for_ten():
    make_item()
    client = client_of("superuser")
    client.get("/admin/items/")
    counts = []
    for items in (0, 9):
        for _ in range(items):
            picture_for(make_item())
        client.get("/admin/items/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/admin/items/")
        counts.append(len(queries))
    assert counts[1] <= counts[0] + 2  # pictures and their sizes, once for all


def test_adding_asks_for_the_category_only_if_there_are_several():
    shelf = make_category()
    client = client_of("Editors")
    assert client.get("/admin/items/add/").url == f"/admin/pages/add/products/itempage/{shelf.pk}/"
    make_category("Garden")
    assert "Garden" in client.get("/admin/items/add/").content.decode()


def test_managers_see_the_list_and_may_not_edit():
    item = make_item("Teapot")
    page = client_of("Shop managers").get("/admin/items/").content.decode()
    assert "Teapot" in page
    assert f"/admin/stock/{item.pk}/" in page
    assert "Add an item" not in page

"""A shelf narrowed down by its address."""

import re

import pytest

from products.models import ItemPage
from products.tests.factories import make_item

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(db):
    make_item("Cheap", price="10.00")
    make_item("Middle", price="20.00", on_hand=0)
    make_item("Dear", price="30.00")
    make_item("Yen", price="2500", currency="JPY")


def names(client, query: str) -> list[str]:
    response = client.get(f"/prints/{query}")
    assert response.status_code == 200
    return re.findall(r'class="card-title"><a [^>]*>([^<]*)<', response.content.decode())


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?min=15&currency=USD", ["Middle", "Dear"]),
        ("?max=20&currency=USD", ["Cheap", "Middle"]),
        ("?max=19,99&currency=USD", ["Cheap"]),
        ("?min=2000", ["Yen"]),
        ("?stock=1&currency=USD", ["Cheap", "Dear"]),
        ("?currency=JPY", ["Yen"]),
        ("?min=abc&max=-5&currency=usd&stock=x", ["Cheap", "Middle", "Dear", "Yen"]),
        ("?min=9999999999999999&max=NaN", ["Cheap", "Middle", "Dear", "Yen"]),
        ("?min=20&sort=-price&currency=USD", ["Dear", "Middle"]),
        ("?min=500&currency=USD", []),
    ],
)
def test_filters_stand_in_the_address(client, shelf, query, expected):
    assert names(client, query) == expected


def test_each_filter_is_taken_off_alone_and_the_sort_stays(client, shelf):
    page = client.get("/prints/?min=15&stock=1&sort=-price").content.decode()
    chips = re.findall(r'<li><a href="([^"]*)"><span class="visually-hidden">Remove: </span>([^<]*?) <', page)
    assert chips == [
        ("/prints/?stock=1&amp;sort=-price", "from 15"),
        ("/prints/?min=15&amp;sort=-price", "In stock"),
    ]
    assert 'href="/prints/?sort=-price">Take all filters off' in page
    assert 'href="/prints/?min=15&amp;stock=1&amp;sort=name"' in page
    assert '<meta name="robots" content="noindex, follow">' in page


def test_an_empty_result_offers_a_way_on(client, shelf):
    page = client.get("/prints/?min=500&currency=USD").content.decode()
    assert "Nothing here fits" in page
    assert 'href="/prints/">Take all filters off' in page
    assert "0 items" in page


def test_a_price_on_a_shelf_where_nothing_is_sold_finds_nothing(client):
    """No currency is sold there, so no item at all can fit, which Django does not ask the database about."""
    ItemPage.objects.filter(pk=make_item("Drawn back").pk).update(live=False)
    assert names(client, "?min=5") == []


def test_a_currency_is_offered_only_where_there_is_a_choice(client):
    make_item("Cheap", price="10.00")
    assert 'name="currency"' not in client.get("/prints/").content.decode()
    make_item("Yen", price="2500", currency="JPY")
    assert 'name="currency"' in client.get("/prints/").content.decode()


def test_filtered_pages_are_leafed_through_with_their_filters(client):
    for number in range(26):
        make_item(f"Print {number:02}", price="20.00")
    page = client.get("/prints/?min=5").content.decode()
    assert 'href="?min=5&amp;page=2" rel="next"' in page
    assert len(names(client, "?min=5&page=2")) == 2
    assert client.get("/prints/?min=25&page=2").status_code == 404


def test_suggestions_name_items_with_price_and_address(client, shelf):
    answer = client.get("/search/suggest/?q=che").json()["suggestions"]
    assert [(one["title"], one["price"]) for one in answer] == [("Cheap", "$10.00")]
    assert client.get(answer[0]["url"]).status_code == 200
    for nothing in ("", "zzz", "\x00", "'\"<>", "a" * 5000):
        assert client.get("/search/suggest/", {"q": nothing}).json() == {"suggestions": []}

"""How the shop is found: marked results, misspellings, the product feed, redirects, who sells here."""

import re
from xml.etree import ElementTree

import pytest

from products.tests.factories import make_category, make_home, make_item, picture_for

pytestmark = pytest.mark.django_db
G = "{http://base.google.com/ns/1.0}"


def page_of(client, path: str, **query) -> str:
    response = client.get(path, query)
    assert response.status_code == 200
    return response.content.decode()


def test_the_words_searched_for_are_marked_and_nothing_else_becomes_markup(client):
    make_item("Blue <b>Heron</b> in blue")
    page = page_of(client, "/search/", q="blue heron")
    assert "<mark>Blue</mark> &lt;b&gt;<mark>Heron</mark>&lt;/b&gt; in <mark>blue</mark>" in page


def test_a_misspelt_word_finds_what_was_meant_and_says_so(client):
    make_item("Blue Heron")
    page = page_of(client, "/search/", q="hereon")
    assert "Nothing has “hereon” in it. These have “heron”." in page
    assert "<mark>Heron</mark>" in page


def test_the_feed_has_each_item_at_its_price(client, settings):
    heron = make_item("Blue <Heron>", price="24.50", sku="BH-1")
    picture_for(heron)
    make_item("Yen", price="500", currency="JPY", on_hand=0)
    make_item(live=False)
    body = b"".join(client.get("/feeds/merchant.xml").streaming_content)
    items = ElementTree.fromstring(body).findall("channel/item")  # noqa: S314 - our own feed
    found = [
        {name: item.findtext(G + name) for name in ("id", "title", "price", "availability", "link")} for item in items
    ]
    assert found[0] == {
        "id": "BH-1",
        "title": "Blue <Heron>",
        "price": "24.50 USD",
        "availability": "in_stock",
        "link": settings.BASE_URL + heron.url,
    }
    assert (found[1]["price"], found[1]["availability"]) == ("500 JPY", "out_of_stock")
    assert len(found) == 2
    assert items[0].findtext(G + "image_link").startswith(settings.BASE_URL)


def test_a_page_that_moved_leads_to_where_it_is(client, django_capture_on_commit_callbacks):
    item = make_item("Blue Heron")
    before = item.url
    with django_capture_on_commit_callbacks(execute=True):
        item.slug = "grey-heron"
        item.save_revision().publish()
    answer = client.get(before, headers={"accept": "text/html"})
    assert answer.status_code == 301
    assert answer.headers["location"].endswith("/prints/grey-heron/")
    assert client.get(answer.headers["location"]).status_code == 200


def test_the_home_page_says_who_sells(client):
    make_home()
    make_category()
    page = page_of(client, "/")
    assert re.search(r'"@type":\["Organization","OnlineStore"\]', page)
    assert '"@type":"SearchAction"' in page

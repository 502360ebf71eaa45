"""Header and footer are made once for the shelves as they are, and anew when anything has changed."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from products.models import LandingPage
from products.templatetags import shop as tags
from products.tests.factories import make_category, make_home, make_item

pytestmark = pytest.mark.django_db(transaction=True)


def header(client: Client, path: str, language: str = "en") -> str:
    page = client.get(path, headers={"accept-language": language}).content.decode()
    return page[page.index("<header") : page.index("</header>")]


def test_a_new_shelf_and_a_new_name_of_the_shop_are_seen_at_once(client: Client) -> None:
    make_item()
    before = header(client, "/prints/")
    assert header(client, "/prints/") == before
    assert "Fabrics" not in before
    make_category("Fabrics")
    assert "Fabrics" in header(client, "/prints/")
    home = make_home()
    home.title = "Renamed shop"
    home.save_revision().publish()
    assert "Renamed shop" in header(client, "/prints/")


def test_each_shelf_each_story_and_each_language_has_its_own(client: Client) -> None:
    item = make_item()
    make_category("Fabrics")
    story = make_home().add_child(instance=LandingPage(title="Summer", slug="summer"))
    for _ in range(2):
        assert '/prints/" aria-current="true"' in header(client, "/prints/")
        assert '/fabrics/" aria-current="true"' in header(client, "/fabrics/")
        assert f'{story.url}" aria-current="page"' in header(client, story.url)
        assert "aria-current" not in header(client, item.url)
        assert "Warenkorb" in header(client, "/basket/", "de")
        assert "Basket" in header(client, "/basket/")


def test_what_is_kept_is_bounded_and_needs_no_query(client: Client, monkeypatch) -> None:
    monkeypatch.setattr(tags, "MOST_PIECES", 3)
    make_item()
    for path in ("/prints/", "/", "/basket/", "/search/?q=item", "/prints/"):
        client.get(path)
    assert 0 < len(tags._pieces) <= 3
    with CaptureQueriesContext(connection) as queries:
        client.get("/order/find/")
    assert not [query for query in queries if "wagtailcore_page" in query["sql"]]

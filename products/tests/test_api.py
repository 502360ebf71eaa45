"""The API says what the shop sells, and nothing else."""

import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from wagtail.models import PageViewRestriction

from products.api.openapi import ITEM
from products.models import ItemVariant
from products.tests.factories import make_category, make_item, picture_for
from products.tests.people import client_of

pytestmark = pytest.mark.django_db
LIST = "/api/v2/items/"


def items(client, **query) -> list[dict]:
    response = client.get(LIST, query)
    assert response.status_code == 200
    return response.json()["items"]


def test_a_price_is_in_minor_units_with_its_currency(client):
    make_item("Lamp", price="19.99", on_hand=2)
    make_item("Print", price="500", currency="JPY", on_hand=0)
    lamp, print_ = items(client)
    assert lamp["price"] == {
        "amount": 1999,
        "regular_amount": 1999,
        "currency": "USD",
        "from": False,
        "sale_ends": None,
    }
    assert (lamp["availability"], print_["availability"]) == ("few", "out")
    assert print_["price"]["amount"] == 500


def test_a_sale_shows_both_prices(client):
    make_item(price="20.00", sale_price=Decimal("15.00"))
    (item,) = items(client)
    assert (item["price"]["amount"], item["price"]["regular_amount"]) == (1500, 2000)


def test_drafts_private_items_and_those_without_a_price_are_not_there(client):
    make_item(live=False)
    hidden = make_item("Hidden")
    PageViewRestriction.objects.create(page=hidden, restriction_type="login")
    priceless = make_item("Priceless")
    type(priceless).objects.filter(pk=priceless.pk).update(unit_amount=None)
    assert items(client) == []
    assert client.get(f"{LIST}{hidden.pk}/").status_code == 404
    assert items(client_of("superuser")) == []  # whoever asks


def test_a_draft_of_a_live_item_does_not_show_through():
    item = make_item("Lamp", price="20.00")
    item.title, item.price, item.summary = "Secret", Decimal("1.00"), "Soon"
    item.save_revision()
    for who in ("Editors", "superuser"):
        body = client_of(who).get(f"{LIST}{item.pk}/").content.decode()
        assert "Secret" not in body
        assert "Soon" not in body
        assert '"amount":2000' in body.replace(" ", "")


def test_an_item_with_everything(client):
    item = make_item("Print", description=[("quote", {"text": "Lovely", "source": "A buyer"})])
    picture_for(item, "A heron")
    item.variants = [ItemVariant(value1="A3", sku="A3"), ItemVariant(value1="A2", sku="A2", price=Decimal("30"))]
    item.save_revision().publish()
    found = client.get(f"{LIST}{item.pk}/").json()
    assert set(found) == set(ITEM["properties"])  # the description is kept true
    assert [(one["name"], one["amount"]) for one in found["variants"]] == [("A3", 1999), ("A2", 3000)]
    assert found["pictures"][0]["alt"] == "A heron"
    assert found["description"][0]["value"]["text"] == "Lovely"
    assert set(found["price"]) == set(ITEM["properties"]["price"]["properties"])


@pytest.mark.parametrize(
    "field", ["opening_stock", "low_stock", "unit_amount", "stocks", "order_lines", "tax", "owner", "draft_title"]
)
def test_what_is_nobodys_business_cannot_be_asked_for(client, field):
    make_item()
    assert client.get(LIST, {"fields": field}).status_code == 400
    assert field not in client.get(LIST, {"fields": "*"}).content.decode()


def test_a_list_needs_as_many_queries_for_one_item_as_for_ten(client, django_assert_max_num_queries):
    for _ in range(10):
        make_item()
    items(client)
    with django_assert_max_num_queries(12):
        items(client)


def test_pages_are_there_and_wrong_parameters_are_told(client):
    make_item()
    titles = {page["title"] for page in client.get("/api/v2/pages/").json()["items"]}
    assert make_category().title in titles
    for query in ({"limit": "x"}, {"fields": "nonsense"}, {"order": "nonsense"}, {"limit": "1000"}, {"nonsense": "1"}):
        assert client.get(LIST, query).status_code == 400


@pytest.mark.django_db(transaction=True)  # the index of the search is written after the commit
def test_a_search_gives_the_best_first_page_by_page(client):
    make_item("Table", price="20.00", summary="Goes with the lamp.")
    make_item("Lamp", price="30.00", currency="EUR")
    make_item("Lamp", price="10.00")
    make_item("Chair", price="10.00")

    def titles(**query) -> list[str]:
        return [item["title"] for item in items(client, search="lamp", **query)]

    assert titles() == ["Lamp", "Lamp", "Table"]
    assert [*titles(limit=2), *titles(limit=2, offset=2)] == titles()
    assert titles(order="title") == ["Lamp", "Lamp", "Table"]
    assert titles(order="-title") == ["Table", "Lamp", "Lamp"]
    assert titles(slug="nothing") == items(client, search="zebra") == []
    response = client.get(LIST, {"search": "lamp", "limit": 1})
    assert (len(response.json()["items"]), response.json()["meta"]["total_count"]) == (1, 3)


def test_it_describes_itself(client):
    document = client.get("/api/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    for path in document["paths"]:
        assert path.replace("{id}", "1").startswith("/api/v2/")
    page = client.get("/api/").content.decode()
    assert "/api/openapi.json" in page
    assert "/api/v3/" not in page


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_it_is_for_reading(client, method):
    item = make_item()
    assert getattr(client, method)(f"{LIST}{item.pk}/").status_code == 405
    assert getattr(client, method)(LIST).status_code == 405


def test_the_next_api_is_off_and_can_be_turned_on(client):
    assert client.get("/api/v3/openapi.json").status_code == 404
    program = (
        "import django; django.setup()\n"
        "from django.urls import resolve\n"
        "print(resolve('/api/v3/openapi.json').view_name)"
    )
    root = Path(__file__).resolve().parents[2]
    environment = os.environ | {
        "API_V3": "1",
        "SECRET_KEY": "x",
        "DEBUG": "1",
        "DATABASE_URL": "sqlite://:memory:",
        "DJANGO_SETTINGS_MODULE": "storefront.settings",
        "PYTHONPATH": f"{root}:{root / 'site'}",
    }
    asked = subprocess.run(  # noqa: S603 - our own interpreter and program
        [sys.executable, "-c", program], env=environment, cwd=root, capture_output=True, text=True, timeout=120
    )
    assert asked.stdout.strip() == "wagtailapi_v3:openapi-json", asked.stderr[-500:]

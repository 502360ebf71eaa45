"""Stock in the admin: live figures beside the item, and a form that cannot take what is promised."""

import pytest

from products import stock
from products.models import Stock, StockMovement
from products.tests.editing import edit_url
from products.tests.factories import make_category, make_item
from products.tests.people import client_of

pytestmark = pytest.mark.django_db


def figure(html: str, name: str) -> int:
    return int(html.split(f'data-stock="{name}">')[1].split("<")[0])


def test_the_panel_shows_live_figures_not_the_revisions():
    item = make_item(on_hand=10)
    item.save_revision()
    stock.hold(item_id=item.pk, quantity=3)
    stock.sell(item_id=item.pk, quantity=2, order_number="N1")
    html = client_of("Editors").get(edit_url(item)).content.decode()
    assert [figure(html, name) for name in ("available", "on_hand", "held", "sold")] == [7, 8, 1, 2]
    assert "First count" in html
    assert "N1" in html


def test_the_panel_lists_the_last_five_movements():
    item = make_item(on_hand=1)
    for number in range(6):
        stock.adjust(item_id=item.pk, quantity=1, reason=f"Delivery {number}")
    html = client_of("Editors").get(edit_url(item)).content.decode()
    assert "Delivery 5" in html
    assert "Delivery 1" in html
    assert "Delivery 0" not in html


def test_an_item_never_counted_asks_for_its_number_instead():
    editor = client_of("Editors")
    html = editor.get(f"/admin/pages/add/products/itempage/{make_category().pk}/").content.decode()
    assert 'name="opening_stock"' in html
    assert "data-stock" not in html
    assert 'name="opening_stock"' not in editor.get(edit_url(make_item(on_hand=1))).content.decode()


def test_only_those_who_count_find_the_link():
    item = make_item()
    link = f"/admin/stock/{item.pk}/"
    assert link not in client_of("Editors").get(edit_url(item)).content.decode()
    assert link in client_of("superuser").get(edit_url(item)).content.decode()


def test_a_delivery_is_added_with_its_reason_and_by_whom():
    item = make_item(on_hand=2)
    response = client_of("Shop managers").post(f"/admin/stock/{item.pk}/", {"quantity": "5", "reason": "Delivery"})
    assert response.status_code == 302
    assert stock.available(item.pk) == 7
    movement = StockMovement.objects.first()
    assert (movement.quantity, movement.reason, movement.user.username) == (5, "Delivery", "shop-managers")


def test_an_item_never_counted_can_be_counted():
    item = make_item(on_hand=0)
    client = client_of("Shop managers")
    assert "Never counted" in client.get(f"/admin/stock/{item.pk}/").content.decode()
    client.post(f"/admin/stock/{item.pk}/", {"quantity": "4", "reason": "First count"})
    assert stock.available(item.pk) == 4


def test_taking_more_than_there_is_says_how_many_can_be_taken():
    item = make_item(on_hand=5)
    stock.hold(item_id=item.pk, quantity=2)
    response = client_of("Shop managers").post(f"/admin/stock/{item.pk}/", {"quantity": "-4", "reason": "Broken"})
    assert response.status_code == 200
    assert response.context["form"].errors["quantity"] == [
        "At most 3 units can be taken; the rest is promised to buyers or not there."
    ]
    assert Stock.objects.get(item=item).on_hand == 5


@pytest.mark.parametrize(
    ("quantity", "reason"),
    [("0", "x"), ("", "x"), ("1.5", "x"), ("9" * 30, "x"), ("abc", "x"), ("1", ""), ("1", "  "), ("1", "x" * 201)],
)
def test_a_wrong_number_or_no_reason_is_told_at_the_field(quantity, reason):
    item = make_item(on_hand=5)
    response = client_of("Shop managers").post(f"/admin/stock/{item.pk}/", {"quantity": quantity, "reason": reason})
    assert response.status_code == 200
    assert response.context["form"].errors
    assert stock.available(item.pk) == 5


@pytest.mark.parametrize("who", ["Editors", "Moderators"])
def test_editors_neither_see_nor_change_counts_outside_the_item(who):
    item = make_item(on_hand=5)
    client = client_of(who)
    for response in (
        client.get("/admin/stock/"),
        client.get(f"/admin/stock/{item.pk}/"),
        client.post(f"/admin/stock/{item.pk}/", {"quantity": "1", "reason": "x"}),
    ):
        assert response.status_code == 302
        assert response.url == "/admin/"
    assert stock.available(item.pk) == 5


def test_an_unknown_item_is_not_found():
    assert client_of("Shop managers").get("/admin/stock/999999/").status_code == 404


def test_the_list_begins_with_the_emptiest_shelves():
    make_item("Plenty", on_hand=50)
    make_item("Few", on_hand=2)
    make_item("Uncounted", on_hand=0)
    html = client_of("Shop managers").get("/admin/stock/").content.decode()
    assert html.index("Uncounted") < html.index("Few") < html.index("Plenty")


def test_the_list_is_searched_by_name_and_sku_and_sorted():
    make_item("Blue teapot", sku="TEA-1", on_hand=1)
    make_item("Red chair", sku="CH-1", on_hand=2)
    client = client_of("Shop managers")
    for words in ("teapot", "tea-1"):
        html = client.get("/admin/stock/", {"q": words}).content.decode()
        assert "Blue teapot" in html
        assert "Red chair" not in html
    html = client.get("/admin/stock/results/", {"ordering": "-units", "p": "many"}).content.decode()
    assert html.index("Red chair") < html.index("Blue teapot")


def test_the_ledger_is_paged():
    item = make_item(on_hand=1)
    for number in range(30):
        stock.adjust(item_id=item.pk, quantity=1, reason=f"Delivery {number:02}")
    client = client_of("Shop managers")
    assert "Delivery 29" in client.get(f"/admin/stock/{item.pk}/").content.decode()
    second = client.get(f"/admin/stock/{item.pk}/?p=2").content.decode()
    assert "First count" in second
    assert "Delivery 29" not in second

"""Many items at once: first a table, then the change, and the way back. Drafts neither undo it nor are published."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.utils import timezone

from products import stock
from products.models import BulkChange, ItemPage, StockMovement
from products.tests.editing import edit_url, item_form
from products.tests.factories import make_category, make_item
from products.tests.people import client_of

pytestmark = pytest.mark.django_db


def run(client, action: str, *items, expect: int = 302, **data):
    """The whole way: the form, the table, the change. Answers what the table page said."""
    url = f"/admin/bulk/products/itempage/{action}/?next=/admin/items/&" + "&".join(f"id={item.pk}" for item in items)
    table = client.post(url, data) if data else client.get(url)
    assert table.status_code == 200
    seen = table.context.get("seen") if table.context else None
    response = client.post(url, {**data, "seen": seen or ""})
    assert response.status_code == expect
    return table


def price_of(item) -> Decimal:
    return ItemPage.objects.get(pk=item.pk).price


@pytest.fixture
def moderator():
    return client_of("Moderators")


def test_the_table_comes_first_and_changes_nothing(moderator):
    item = make_item("Lamp", price="20.00")
    url = f"/admin/bulk/products/itempage/price/?id={item.pk}"
    page = moderator.post(url, {"percent": "10"}).content.decode()
    for words in ("Lamp", "$20.00", "$22.00", "Nothing has changed yet"):
        assert words in page
    assert price_of(item) == 20
    assert not BulkChange.objects.exists()


def test_prices_are_published_and_rounded_half_up_in_their_own_currency(moderator):
    usd, jpy = make_item(price="19.99"), make_item(price="505", currency="JPY")
    run(moderator, "price", usd, jpy, percent="-10")
    assert (price_of(usd), price_of(jpy)) == (Decimal("17.99"), Decimal("455"))
    item = ItemPage.objects.get(pk=usd.pk)
    assert item.unit_amount == 1799
    assert (item.live, item.has_unpublished_changes) == (True, False)
    assert item.live_revision.content["price"] == "17.99"


def test_a_pending_draft_gets_the_price_stays_a_draft_and_cannot_undo_it(moderator):
    item = make_item("Lamp", price="20.00")
    client_of("Editors").post(edit_url(item), item_form(item, title="Better lamp"))
    table = run(moderator, "price", item, percent="10")
    assert "stays a draft" in table.content.decode()
    item.refresh_from_db()
    assert (item.title, item.price, item.has_unpublished_changes) == ("Lamp", 22, True)
    item.get_latest_revision().publish()
    item.refresh_from_db()
    assert (item.title, item.price) == ("Better lamp", 22)


def test_a_draft_with_a_price_of_its_own_keeps_it(moderator):
    item = make_item("Lamp", price="20.00")
    item.price = Decimal("18.00")
    item.save_revision()
    table = run(moderator, "price", item, percent="10")
    assert "price of its own" in table.content.decode()
    assert price_of(item) == 22
    assert ItemPage.objects.get(pk=item.pk).get_latest_revision_as_object().price == 18


def test_a_schedule_is_kept_and_carries_the_new_price(moderator):
    item = make_item("Lamp", price="20.00")
    item.save_revision().publish()
    item.title, item.go_live_at = "Evening lamp", timezone.now() + timedelta(hours=1)
    item.save_revision().publish()
    run(moderator, "price", item, percent="10")
    assert price_of(item) == 22
    scheduled = ItemPage.objects.get(pk=item.pk).scheduled_revision
    past = timezone.now() - timedelta(minutes=1)
    scheduled.approved_go_live_at = past
    scheduled.content["go_live_at"] = past.isoformat()
    scheduled.save()
    call_command("publish_scheduled")
    item.refresh_from_db()
    assert (item.title, item.price) == ("Evening lamp", 22)


def test_a_draft_item_stays_a_draft(moderator):
    item = make_item(price="20.00", live=False)
    run(moderator, "price", item, percent="10")
    item.refresh_from_db()
    assert (item.price, item.live) == (22, False)
    assert item.get_latest_revision_as_object().price == 22


def test_variants_with_prices_of_their_own_change_too(moderator):
    from products.models import ItemVariant

    item = make_item(price="20.00")
    item.variants = [ItemVariant(value1="A3", sku="A3"), ItemVariant(value1="A2", sku="A2", price=Decimal("30.00"))]
    item.save_revision().publish()
    table = run(moderator, "price", item, percent="10")
    assert "$22.00, $33.00" in table.content.decode()
    variants = {variant.name: variant.unit_amount for variant in ItemPage.objects.get(pk=item.pk).sold_variants.all()}
    assert variants == {"A3": 2200, "A2": 3300}


def test_a_sale_that_would_be_none_keeps_its_item_as_it_is(moderator):
    item = make_item(price="20.00", sale_price=Decimal("19.00"))
    table = run(moderator, "price", item, percent="-10")
    assert "sale price would not be lower" in table.content.decode()
    assert price_of(item) == 20


def test_what_changes_between_table_and_yes_is_shown_again(moderator):
    item = make_item(price="20.00")
    url = f"/admin/bulk/products/itempage/price/?id={item.pk}"
    seen = moderator.post(url, {"percent": "10"}).context["seen"]
    item.price = 30
    item.save_revision().publish()
    again = moderator.post(url, {"percent": "10", "seen": seen})
    assert "Something has changed" in again.content.decode()
    assert price_of(item) == 30


def test_a_change_is_taken_back_once(moderator):
    items = [make_item(price="20.00"), make_item(price="7.77")]
    run(moderator, "price", *items, percent="12.5")
    change = BulkChange.objects.get()
    assert "$8.74" in moderator.get(f"/admin/items/changes/{change.pk}/").content.decode()
    for _ in range(2):
        moderator.post(f"/admin/items/changes/{change.pk}/")
        assert [price_of(item) for item in items] == [Decimal("20.00"), Decimal("7.77")]


def test_taking_back_leaves_what_somebody_changed_since(moderator):
    item, other = make_item("Lamp", price="20.00"), make_item(price="10.00")
    run(moderator, "price", item, other, percent="10")
    item.refresh_from_db()
    item.price = Decimal("25.00")
    item.save_revision().publish()
    page = moderator.post(f"/admin/items/changes/{BulkChange.objects.get().pk}/", follow=True).content.decode()
    assert "Its price has changed meanwhile" in page
    assert (price_of(item), price_of(other)) == (25, 10)


def test_a_draft_that_waits_for_a_moderator_is_left_alone(moderator):
    item = make_item(price="20.00")
    client_of("Editors").post(edit_url(item), item_form(item, title="Other", **{"action-submit": "1"}))
    table = run(moderator, "price", item, percent="10")
    assert "waits for a moderator" in table.content.decode()
    assert price_of(item) == 20
    assert ItemPage.objects.get(pk=item.pk).workflow_in_progress


def test_stock_is_booked_with_its_reason_and_taken_back():
    manager = client_of("Shop managers")
    full, empty = make_item(on_hand=10), make_item(on_hand=1)
    run(manager, "stock", full, empty, quantity="-3", reason="Fair")
    assert (stock.available(full.pk), stock.available(empty.pk)) == (7, 1)
    assert StockMovement.objects.first().reason == "Fair"
    manager.post(f"/admin/items/changes/{BulkChange.objects.get().pk}/")
    assert stock.available(full.pk) == 10


def test_publishing_refuses_what_is_unfinished_and_is_taken_back(moderator):
    good, bad = make_item(live=False), make_item(live=False, sku="")
    table = run(moderator, "publish", good, bad)
    assert "article number" in table.content.decode()
    assert list(ItemPage.objects.filter(live=True)) == [good]
    moderator.post(f"/admin/items/changes/{BulkChange.objects.get().pk}/")
    assert not ItemPage.objects.filter(live=True).exists()


def test_unpublishing_is_taken_back_with_the_version_that_was_live(moderator):
    item = make_item("Lamp")
    item.title = "Better lamp"
    item.save_revision()
    run(moderator, "unpublish", item)
    assert not ItemPage.objects.get(pk=item.pk).live
    moderator.post(f"/admin/items/changes/{BulkChange.objects.get().pk}/")
    item.refresh_from_db()
    assert (item.live, item.title) == (True, "Lamp")


def test_items_move_to_another_category_and_back(moderator):
    item, garden = make_item(), make_category("Garden")
    run(moderator, "move", item, category=garden.pk)
    assert ItemPage.objects.get(pk=item.pk).get_parent().pk == garden.pk
    moderator.post(f"/admin/items/changes/{BulkChange.objects.get().pk}/")
    assert ItemPage.objects.get(pk=item.pk).get_parent().title == "Prints"


def test_everything_in_the_list_means_with_its_filters(moderator):
    usd, eur = make_item(price="20.00"), make_item(price="20.00", currency="EUR")
    url = "/admin/bulk/products/itempage/price/?id=all&currency=EUR"
    table = moderator.post(url, {"percent": "10"})
    moderator.post(url, {"percent": "10", "seen": table.context["seen"]})
    assert (price_of(usd), price_of(eur)) == (20, 22)


@pytest.mark.parametrize("percent", ["0", "-100", "abc", "", "1e99", "1.234"])
def test_a_wrong_percentage_is_told_at_the_field(moderator, percent):
    response = moderator.post(f"/admin/bulk/products/itempage/price/?id={make_item().pk}", {"percent": percent})
    assert response.status_code == 200
    assert response.context["form"].errors


@pytest.mark.parametrize("query", ["", "id=abc", "id=999999", "id=99999999999999999999"])
def test_nothing_chosen_is_said(moderator, query):
    page = moderator.get(f"/admin/bulk/products/itempage/price/?{query}").content.decode()
    assert "No item is selected" in page


@pytest.mark.parametrize(
    ("who", "action"),
    [("Editors", "price"), ("Editors", "stock"), ("Moderators", "stock"), ("Shop managers", "price")]
    + [("Shop managers", "publish"), ("Shop managers", "move")],
)
def test_each_action_has_its_own_door(who, action):
    item = make_item(price="20.00")
    response = client_of(who).post(f"/admin/bulk/products/itempage/{action}/?id={item.pk}", {"percent": "10"})
    assert response.status_code == 302
    assert price_of(item) == 20

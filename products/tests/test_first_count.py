"""How many there are of a new item is said while writing it, and counted once, when it is first published."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from products import stock
from products.models import ItemPage, Stock, StockMovement
from products.tests.editing import edit_url, item_form
from products.tests.factories import make_category, make_item
from products.tests.people import client_of

pytestmark = pytest.mark.django_db
PUBLISH = {"action-publish": "1"}


@pytest.fixture
def editor():
    return client_of("Editors")


def new_item(editor, **changes) -> ItemPage:
    fields = {"title": "Lamp", "slug": "lamp", "sku": "L-1", "price": "20", "opening_stock": "7"} | changes
    url = f"/admin/pages/add/products/itempage/{make_category().pk}/"
    assert editor.post(url, item_form(**fields)).status_code == 302
    return ItemPage.objects.get(slug="lamp")


def test_publishing_counts_it_and_says_who(editor):
    item = new_item(editor, **PUBLISH)
    assert stock.available(item.pk) == 7
    movement = StockMovement.objects.get()
    assert (movement.quantity, movement.reason, movement.user.username) == (7, "First count", "editors")


def test_a_draft_keeps_the_number_and_counts_nothing(editor):
    item = new_item(editor)
    assert not Stock.objects.exists()
    assert 'name="opening_stock" value="7"' in editor.get(edit_url(item)).content.decode()


def test_later_publishing_never_counts_again(editor):
    item = new_item(editor, **PUBLISH)
    old = item.get_latest_revision()
    stock.hold(item_id=item.pk, quantity=7)
    stock.sell(item_id=item.pk, quantity=7, order_number="N1")
    editor.post(edit_url(item), item_form(item, opening_stock="9", **PUBLISH))
    old.publish()
    assert stock.available(item.pk) == 0
    assert "how many do you have" not in editor.get(edit_url(item)).content.decode().lower()


def test_an_item_published_by_schedule_is_counted(editor):
    item = new_item(editor)
    item.go_live_at = timezone.now() + timedelta(hours=1)
    item.save_revision().publish()
    assert not Stock.objects.exists()
    past = timezone.now() - timedelta(minutes=1)
    item.revisions.update(approved_go_live_at=past)
    revision = item.get_latest_revision()
    revision.content["go_live_at"] = past.isoformat()
    revision.save()
    call_command("publish_scheduled")
    assert stock.available(item.pk) == 7


def test_none_is_a_count_too(editor):
    item = new_item(editor, opening_stock="0", **PUBLISH)
    assert Stock.objects.filter(item=item, on_hand=0).exists()


def test_nothing_said_counts_nothing(editor):
    new_item(editor, opening_stock="", **PUBLISH)
    assert not Stock.objects.exists()


def test_a_copy_is_counted_for_itself(editor):
    item = new_item(editor)
    copy = item.copy(update_attrs={"slug": "lamp-2", "title": "Lamp 2"}, keep_live=False)
    assert copy.opening_stock is None


@pytest.mark.parametrize("number", ["-1", "1.5", "abc", "9" * 12])
def test_a_wrong_number_is_told_at_the_field(editor, number):
    response = editor.post(
        f"/admin/pages/add/products/itempage/{make_category().pk}/",
        item_form(title="Lamp", slug="lamp", opening_stock=number),
    )
    assert "opening_stock" in response.context["form"].errors


def test_a_new_item_begins_with_the_currency_sold_last(editor):
    url = f"/admin/pages/add/products/itempage/{make_category().pk}/"
    assert editor.get(url).context["form"]["currency"].value() == "USD"
    make_item(currency="EUR")
    assert editor.get(url).context["form"]["currency"].value() == "EUR"

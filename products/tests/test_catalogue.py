"""What is for sale, in which order, and that more items never mean more queries."""

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import PageViewRestriction

from products import cards, catalogue, shelving, stock
from products.models import CategoryPage
from products.related import related
from products.tests.factories import make_category, make_home, make_item, picture_for
from products.tree import tree

pytestmark = pytest.mark.django_db


def test_an_item_with_a_price_is_for_sale():
    item = make_item()
    assert catalogue.item_for_sale(item.pk).pk == item.pk


def test_what_a_visitor_may_not_see_is_not_for_sale():
    draft = make_item(live=False)
    expired = make_item(expire_at=timezone.now() - timedelta(minutes=1))
    private = make_item()
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    for item_id in (draft.pk, expired.pk, private.pk, 0, -1, 10**9, 10**30):
        with pytest.raises(catalogue.ItemNotFound):
            catalogue.item_for_sale(item_id)


def test_a_private_shelf_hides_everything_on_it():
    item = make_item()
    PageViewRestriction.objects.create(page=make_category(), restriction_type="password", password="x")
    with pytest.raises(catalogue.ItemNotFound):
        catalogue.item_for_sale(item.pk)
    assert tree().menu == []


def test_a_currency_without_an_account_is_not_for_sale(settings):
    item = make_item(currency="EUR")
    settings.STRIPE_SANDBOX, settings.STRIPE_ACCOUNTS = False, {"USD": {"secret_key": "a", "publishable_key": "b"}}
    with pytest.raises(catalogue.ItemNotFound):
        catalogue.item_for_sale(item.pk)


def test_a_shelf_holds_the_items_of_the_shelves_in_it():
    make_item("Above")
    inner = make_category().add_child(instance=CategoryPage(title="Inner"))
    moved = make_item("Below")
    moved.move(inner, pos="last-child")
    shelf = tree().menu[0]
    assert shelving.shelved(shelf).count == 2
    assert [child.title for child in tree().children(shelf.path)] == ["Inner"]


@pytest.mark.parametrize(
    ("sort", "expected"), [("price", ["Low", "High"]), ("-price", ["High", "Low"]), ("name", ["High", "Low"])]
)
def test_items_are_sorted_as_asked(sort, expected):
    make_item("Low", price="5.00")
    make_item("High", price="50.00")
    ids = shelving.shelved(tree().menu[0], sort=sort).ids
    assert [row.title for row in catalogue.rows(ids)] == expected


@pytest.mark.django_db(transaction=True)
def test_a_long_shelf_is_remembered_until_something_is_published(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(shelving, "SHORT_SHELF", 2)
    for _ in range(4):
        make_item()
    shelf = tree().menu[0]
    assert shelving.shelved(shelf).count == 4
    with django_assert_num_queries(0):
        assert shelving.shelved(shelf, offset=3).count == 4
    make_item()
    assert shelving.shelved(shelf).count == 5
    item = catalogue.item_for_sale(shelving.shelved(shelf).ids[0])
    item.unpublish()
    assert shelving.shelved(shelf).count == 4


def test_cards_take_three_queries_however_many_there_are(django_assert_num_queries):
    shelves, ids = None, []
    for _ in range(5):
        item = make_item()
        picture_for(item)
        ids.append(item.pk)
    shelves = tree()
    cards.item_cards(shelves, ids)  # makes the first pictures
    for some in (ids[:1], ids):
        with django_assert_num_queries(3):
            assert len(cards.item_cards(shelves, some)) == len(some)


def test_a_card_tells_the_price_and_what_is_left():
    few, none = make_item(price="5.50", on_hand=2), make_item(on_hand=0)
    first, second = cards.item_cards(tree(), [few.pk, none.pk])
    assert (first.price, first.availability.words, second.availability.words) == ("$5.50", "Only 2 left", "Sold out")


def test_held_units_are_not_promised_twice():
    item = make_item(on_hand=3)
    stock.hold(item_id=item.pk, quantity=3)
    (card,) = cards.item_cards(tree(), [item.pk])
    assert card.availability.sold_out


def test_related_items_go_round_the_shelf():
    items = [make_item(f"No. {number}") for number in range(6)]
    assert [row.title for row in catalogue.rows(related(items[4])[0])] == ["No. 5", "No. 0", "No. 1", "No. 2"]


def test_a_shop_without_pages_has_a_name_and_no_shelves():
    assert tree().shop_name
    assert make_home().title == tree().shop_name

"""One rule says what a thing costs at a moment; page, cards, sorting, feed and search engines follow it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from products import catalogue, prices, shelving
from products.models import ItemPage
from products.tests.editing import edit_url, item_form
from products.tests.factories import make_category, make_item, make_variants
from products.tests.people import client_of
from products.tree import tree

pytestmark = pytest.mark.django_db
NOW = timezone.now()
HOUR = timedelta(hours=1)


def on_sale(**fields) -> ItemPage:
    return make_item(**{"price": "20.00", "sale_price": Decimal("15.00"), **fields})


@pytest.mark.parametrize(
    ("starts", "ends", "amount"),
    [
        (None, None, 1500),
        (NOW - HOUR, NOW + HOUR, 1500),
        (NOW, NOW + HOUR, 1500),
        (NOW + HOUR, None, 2000),
        (NOW - 2 * HOUR, NOW - HOUR, 2000),
        (NOW - HOUR, NOW, 2000),
    ],
)
def test_a_sale_lasts_from_its_start_until_its_end(starts, ends, amount):
    item = on_sale(sale_starts_at=starts, sale_ends_at=ends)
    assert prices.price_of(item, at=NOW).amount == amount
    assert prices.price_of(item, at=NOW).list_amount == 2000
    # the same rule as SQL
    assert ItemPage.objects.values_list(prices.effective(NOW), flat=True).get(pk=item.pk) == amount


def test_an_item_without_a_price_has_none():
    item = make_item()
    item.price = None
    item.save()
    assert prices.price_of(item) is None


def test_a_variant_has_its_own_sale_price_or_the_items():
    item = on_sale(on_hand=0)
    rows = ({"value1": "A3"}, {"value1": "A2", "price": "30"}, {"value1": "A1", "price": "40", "sale_price": "33"})
    a3, a2, a1 = make_variants(item, *rows)
    found = [(prices.price_of(item, one).amount, prices.price_of(item, one).list_amount) for one in (a3, a2, a1)]
    assert found == [(1500, 2000), (3000, 3000), (3300, 4000)]
    assert prices.price_of(item).amount == 1500


def test_page_card_feed_and_structured_data_show_the_sale(client):
    item = on_sale(title="Lamp", sale_ends_at=timezone.now() + HOUR)
    page = client.get(f"/item/{item.pk}").content.decode()
    assert '<s><span class="visually-hidden">before: </span>$20.00</s>' in page
    assert '"price":"15.00"' in page
    assert "StrikethroughPrice" in page
    assert '"priceValidUntil"' in page
    shelf = client.get(item.get_parent().url).content.decode()
    assert "$15.00" in shelf
    assert "$20.00" in shelf
    assert "Lamp, $15.00" in client.get("/feeds/items.rss").content.decode()


def test_sorting_by_price_uses_what_it_costs_now():
    cheap, dear = make_item(price="16.00"), on_sale()
    shelf = tree().ancestors(dear.path)[-1]
    assert shelving.shelved(shelf, sort="price").ids == [dear.pk, cheap.pk]
    ItemPage.objects.filter(pk=dear.pk).update(sale_ends_at=NOW - HOUR)
    assert shelving.shelved(shelf, sort="price").ids == [cheap.pk, dear.pk]


def test_the_next_price_change_is_the_nearest_beginning_or_end():
    assert prices.next_price_change() is None
    on_sale(sale_starts_at=NOW - HOUR, sale_ends_at=NOW + 3 * HOUR)
    later = on_sale(sale_starts_at=NOW + 2 * HOUR)
    assert prices.next_price_change(NOW) == later.sale_starts_at
    assert prices.next_price_change(NOW + 2 * HOUR) == NOW + 3 * HOUR
    assert catalogue.next_change() == later.sale_starts_at


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"sale_price": "20.00"}, "sale_price"),
        ({"sale_price": "0"}, "sale_price"),
        ({"sale_price": "1.999"}, "sale_price"),
        ({"sale_starts_at": "2030-01-02 10:00", "sale_ends_at": "2030-01-01 10:00"}, "sale_ends_at"),
    ],
)
def test_a_sale_that_is_none_is_refused_at_its_field(changes, field):
    item = make_item(price="20.00")
    response = client_of("Editors").post(edit_url(item), item_form(item, **changes))
    assert response.status_code == 200
    assert set(response.context["form"].errors) == {field}


def test_an_old_shelf_order_is_not_kept_when_a_sale_begins(monkeypatch):
    monkeypatch.setattr(shelving, "SHORT_SHELF", 1)
    make_category()
    cheap, dear = make_item(price="16.00"), on_sale(sale_starts_at=timezone.now() + HOUR)
    shelf = tree().ancestors(dear.path)[-1]
    assert shelving.shelved(shelf, sort="price").ids == [cheap.pk, dear.pk]
    ItemPage.objects.filter(pk=dear.pk).update(sale_starts_at=timezone.now() - HOUR)
    assert shelving.shelved(shelf, sort="price").ids == [dear.pk, cheap.pk]

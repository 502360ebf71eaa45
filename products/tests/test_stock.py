"""Stock counts: what the database allows and what it refuses."""

import pytest

from products import stock
from products.models import Stock, StockMovement
from products.tests.factories import make_item

pytestmark = pytest.mark.django_db


def counts(item) -> tuple[int, int, int]:
    return Stock.objects.values_list("on_hand", "held", "sold").get(item_id=item.pk)


def test_a_sale_moves_units_from_hand_and_hold_to_sold():
    item = make_item(on_hand=3)
    stock.hold(item_id=item.pk, quantity=2)
    assert counts(item) == (3, 2, 0)
    stock.sell(item_id=item.pk, quantity=2, order_number="A1")
    assert counts(item) == (1, 0, 2)
    assert list(StockMovement.objects.values_list("kind", "quantity", "order_number")) == [
        ("sale", -2, "A1"),
        ("restock", 3, ""),
    ]


def test_more_than_available_cannot_be_held():
    item = make_item(on_hand=3)
    stock.hold(item_id=item.pk, quantity=2)
    with pytest.raises(stock.NotEnoughStock) as caught:
        stock.hold(item_id=item.pk, quantity=2)
    assert caught.value.available == 1
    assert counts(item) == (3, 2, 0)


def test_an_item_never_counted_is_not_for_sale():
    item = make_item(on_hand=0)
    with pytest.raises(stock.NotEnoughStock):
        stock.hold(item_id=item.pk, quantity=1)


def test_a_correction_may_not_take_what_is_held():
    item = make_item(on_hand=3)
    stock.hold(item_id=item.pk, quantity=2)
    with pytest.raises(stock.NotEnoughStock):
        stock.adjust(item_id=item.pk, quantity=-2, reason="Broken")
    stock.adjust(item_id=item.pk, quantity=-1, reason="Broken")
    assert counts(item) == (2, 2, 0)

"""Units that are lost while somebody pays for them: refused, or taken by force, and then the money goes back."""

import pytest

from checkout.audit import audit
from checkout.models import Incident, Refund
from products import stock
from products.tests.factories import make_item
from products.tests.people import client_of

from . import shop

pytestmark = pytest.mark.django_db


def test_without_force_a_promised_unit_is_not_taken():
    item = make_item(on_hand=2)
    shop.at_payment_page(item)
    with pytest.raises(stock.NotEnoughStock):
        stock.adjust(item_id=item.pk, quantity=-2, reason="Broken")
    assert shop.counts(item) == (2, 1, 0)


def test_by_force_it_is_and_who_pays_gets_the_money_back():
    item = make_item(on_hand=2)
    first, first_page = shop.at_payment_page(item)
    second, second_page = shop.at_payment_page(item)
    stock.adjust(item_id=item.pk, quantity=-1, reason="Broken", force=True)
    assert shop.counts(item) == (1, 1, 0)
    assert Incident.objects.get(kind="stock_lost").order == second
    shop.pay(first, first_page)
    shop.pay(second, second_page)
    shop.deliver()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == ("paid", "cancelled")
    assert shop.payments(second) == ["surplus"]
    assert (Refund.objects.get().order, Refund.objects.get().amount) == (second, second.total)
    assert Incident.objects.filter(kind="paid_unfulfillable", order=second).count() == 1
    assert shop.counts(item) == (0, 0, 1)
    assert audit()["ok"]


def test_what_was_restocked_meanwhile_is_sold_after_all():
    item = make_item(on_hand=1)
    order, page = shop.at_payment_page(item)
    stock.adjust(item_id=item.pk, quantity=-1, reason="Lost", force=True)
    stock.adjust(item_id=item.pk, quantity=1, reason="Found")
    shop.pay(order, page)
    shop.deliver()
    order.refresh_from_db()
    assert (order.status, shop.counts(item)) == ("paid", (0, 0, 1))
    assert audit()["ok"]


def test_force_takes_no_more_than_there_is():
    item = make_item(on_hand=2)
    shop.at_payment_page(item)
    with pytest.raises(stock.NotEnoughStock):
        stock.adjust(item_id=item.pk, quantity=-3, reason="Typing error", force=True)
    assert shop.counts(item) == (2, 1, 0)


def test_managers_force_it_at_the_stock_page():
    item = make_item(on_hand=1)
    shop.at_payment_page(item)
    manager = client_of("Shop managers")
    address = f"/admin/stock/{item.pk}/"
    assert manager.post(address, {"quantity": "-1", "reason": "Broken"}).status_code == 200
    assert shop.counts(item) == (1, 1, 0)
    assert manager.post(address, {"quantity": "-1", "reason": "Broken", "force": "on"}).status_code == 302
    assert shop.counts(item) == (0, 0, 0)

"""Discounts that staff put on an order: before it is paid, without a code, and the buyer sees them at once."""

import pytest

from checkout import basket, start
from checkout.gateway import intents
from checkout.gateway.accounts import account_for
from checkout.models import Attempt, Discount, Order
from checkout.quoting import quote_order
from products.tests.factories import make_item
from products.tests.people import client_of

from . import shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return client_of("Shop managers")


@pytest.fixture
def sorry() -> Discount:
    return Discount.objects.create(name="Sorry", amount_off=500, currency="USD")


@pytest.fixture
def order() -> Order:
    return shop.draft(make_item(price="20.00"))


def give(manager, order: Order, *discounts: Discount):
    return manager.post(f"/admin/orders/{order.pk}/discount/", {"discounts": [one.pk for one in discounts]})


def total(order: Order) -> int:
    order.refresh_from_db()
    return quote_order(order).total


def test_given_and_taken_back_while_the_code_stays(manager, order, sorry):
    Discount.objects.create(name="Spring", code="SPRING", percent_off=10)
    basket.apply_code(token=order.token, code="spring")
    assert give(manager, order, sorry).status_code == 302
    assert total(order) == 1300
    page = manager.get(f"/admin/orders/{order.pk}/discount/").content.decode()
    assert "Sorry" in page
    assert "Spring" not in page
    give(manager, order)
    assert total(order) == 1800


def test_an_open_payment_page_is_shut_and_an_intent_follows(manager, order, sorry):
    start.start(order.token)
    give(manager, order, sorry)
    assert Attempt.objects.get().state == "expired"
    assert total(order) == 1500
    intent = start.start_intent(order.token)
    give(manager, order)
    assert intents.retrieve(account_for("USD"), intent.payment_intent_id)["amount"] == total(order) == 2000


@pytest.mark.parametrize(
    "terms", [{"currency": "EUR"}, {"minimum_amount": 9900}, {"max_redemptions": 0}, {"ends_at": "2020-01-01T00:00Z"}]
)
def test_what_cannot_be_used_is_said_and_changes_nothing(manager, order, sorry, terms):
    Discount.objects.update(**terms)
    page = give(manager, order, sorry)
    assert page.status_code == 200
    assert "cannot be used for this order" in page.content.decode()
    assert total(order) == 2000


def test_a_paid_order_keeps_its_price(manager, order, sorry):
    started = start.start(order.token)
    order.refresh_from_db()
    shop.pay(order, started)
    shop.deliver()
    assert "can no longer be changed" in give(manager, order, sorry).content.decode()
    assert total(order) == 2000
    inspect = manager.get(f"/admin/snippets/checkout/order/inspect/{order.pk}/").content.decode()
    assert f"/admin/orders/{order.pk}/discount/" not in inspect

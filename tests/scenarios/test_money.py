"""Money that comes late, twice, or for something that is gone."""

import pytest
from django.test import Client

from checkout import start
from checkout.models import Attempt, Order, OutboxMail, Payment, Refund
from checkout.sandbox import cards, paying
from checkout.settle import releasing
from checkout.states import AttemptState, OrderStatus
from checkout.tests import shop
from products import stock
from products.models import Stock
from products.tests.factories import make_item

from .given import Purchase, incidents, some_minutes_later, stripe_expires, stripe_refunds

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("succeeds", [True, False])
def test_s10_a_delayed_payment_holds_until_the_bank_answers(succeeds: bool):
    purchase = Purchase()
    intent = purchase.pays("pm_usBankAccount")
    shop.deliver()
    some_minutes_later()
    assert (purchase.status, purchase.attempt.state) == ("pending", "processing")
    assert shop.counts(purchase.item) == (10, 1, 0)
    assert OutboxMail.objects.filter(kind="paid").count() == 0
    paying.settle_delayed("USD", intent, succeeds=succeeds)
    shop.deliver()
    if succeeds:
        assert purchase.was_paid_once()
    else:
        assert purchase.status != "paid"
        assert shop.counts(purchase.item) == (10, 0, 0)


@pytest.mark.parametrize("over", [OrderStatus.EXPIRED, OrderStatus.CANCELLED])
def test_s11_late_money_takes_the_stock_again(over: OrderStatus):
    purchase = Purchase()
    purchase.pays()
    releasing.release(purchase.attempt.pk, AttemptState.EXPIRED, then=over)
    assert shop.counts(purchase.item) == (10, 0, 0)
    shop.deliver()
    assert purchase.was_paid_once()


def test_s11_late_money_for_what_is_gone_goes_back_once():
    purchase = Purchase(item=make_item(on_hand=1))
    intent = purchase.pays()
    releasing.release(purchase.attempt.pk, AttemptState.EXPIRED, then=OrderStatus.EXPIRED)
    Purchase(item=purchase.item)  # somebody else has the last one
    shop.deliver()
    shop.deliver_again()
    some_minutes_later()
    assert purchase.status == "expired"
    assert shop.payments(purchase.order) == ["surplus"]
    assert [(one.data["payment_intent"], one.data["amount"]) for one in stripe_refunds()] == [(intent, 1999)]
    assert "paid_unfulfillable" in incidents()
    assert shop.counts(purchase.item) == (1, 1, 0)


def second_session(purchase: Purchase) -> str:
    """Another page for the same order, as two servers with two copies of the database would open it."""
    first = purchase.attempt
    Attempt.objects.filter(pk=first.pk).update(state=AttemptState.EXPIRED)
    metadata = first.params["metadata"] | {"attempt": "second"}
    second = Attempt.objects.create(
        order=purchase.order,
        keypair=first.keypair,
        idempotency_key="second",
        params=first.params | {"metadata": metadata, "payment_intent_data": {"metadata": metadata}},
        params_hash="",
        snapshot_hash=first.snapshot_hash,
        amount=first.amount,
        expires_at=first.expires_at,
    )
    return start.open_at_stripe(second).stripe_id or ""


def test_s12_of_two_paid_sessions_one_is_refunded_once():
    purchase = Purchase()
    session = second_session(purchase)
    purchase.pays()
    second = paying.pay("USD", session, cards.by_token("pm_card_visa"), email=shop.BUYER)
    shop.deliver()
    shop.deliver_again()
    some_minutes_later()
    assert purchase.was_paid_once()
    assert sorted(shop.payments(purchase.order)) == ["applied", "surplus"]
    surplus = Payment.objects.get(disposition="surplus")
    assert [(one.data["payment_intent"], one.data["amount"]) for one in stripe_refunds()] == [
        (surplus.payment_intent_id, 1999)
    ]
    assert surplus.payment_intent_id == (second and second.stripe_id)
    assert Refund.objects.count() == 1
    assert "double_payment" in incidents()


def test_s13_a_second_click_is_the_same_order_and_session(client: Client):
    item = make_item(on_hand=10)
    first = client.post(f"/buy/{item.pk}").json()
    second = client.post(f"/buy/{item.pk}").json()
    assert (first["order_id"], first["session_id"]) == (second["order_id"], second["session_id"])
    assert Order.objects.count() == 1
    assert shop.counts(item) == (10, 1, 0)


def test_s14_a_correction_may_not_take_what_is_held():
    purchase = Purchase(item=make_item(on_hand=1))
    with pytest.raises(stock.NotEnoughStock):
        stock.adjust(item_id=purchase.item.pk, quantity=-1, reason="Broken")
    assert shop.counts(purchase.item) == (1, 1, 0)


def test_s14_money_for_what_was_lost_goes_back():
    """The counts were changed past the shop's own rules: nothing can be sold, and nobody pays for nothing."""
    purchase = Purchase(item=make_item(on_hand=1))
    purchase.pays()
    Stock.objects.update(on_hand=0, held=0)
    assert set(shop.deliver_again()) <= {200, 503}
    shop.deliver_again()
    assert purchase.status != "paid"
    assert shop.payments(purchase.order) == ["surplus"]
    assert [one.data["amount"] for one in stripe_refunds()] == [1999]
    assert "paid_unfulfillable" in incidents()
    assert shop.counts(purchase.item) == (0, 0, 0)


def test_s14_a_page_that_expires_after_the_loss_is_closed_all_the_same():
    purchase = Purchase(item=make_item(on_hand=1))
    Stock.objects.update(on_hand=0, held=0)
    stripe_expires(purchase)
    assert set(shop.deliver_again()) <= {200}
    assert purchase.status == "expired"
    assert shop.counts(purchase.item) == (0, 0, 0)

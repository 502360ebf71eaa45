"""Between the payment page and the payment something changes: an editor, the buyer, the clock, the database."""

from datetime import timedelta

import pytest
import time_machine
from django.db.models import ProtectedError
from django.test import Client
from django.utils import timezone

from checkout import start
from checkout.models import Discount, Order, Payment, StripeEvent
from checkout.refusals import Refused
from checkout.sandbox import delivery, faults, keys, paying
from checkout.tests import shop
from products.tests.factories import make_item

from .given import Purchase, event, incidents, no_webhooks, some_minutes_later, stripe_expires, stripe_sessions
from .test_money import second_session

pytestmark = pytest.mark.django_db


def test_s30_the_price_that_was_promised_is_charged():
    purchase = Purchase()
    purchase.item.price = 99
    purchase.item.save()
    purchase.pays()
    shop.deliver()
    assert purchase.was_paid_once()
    assert (purchase.order.total, purchase.order.lines.get().unit_amount) == (1999, 1999)


def test_s30_after_expiry_the_new_price_counts(client: Client):
    first = Purchase()
    stripe_expires(first)
    shop.deliver()
    first.item.price = 99
    first.item.save()
    client.post(f"/buy/{first.item.pk}")
    assert Order.objects.latest("pk").total == 9900


@pytest.mark.parametrize("way", ["unpublished", "private", "moved"])
def test_s31_an_open_page_is_honoured_whatever_becomes_of_the_item(client: Client, way: str):
    purchase = Purchase()
    if way == "unpublished":
        purchase.item.unpublish()
    elif way == "private":
        purchase.item.view_restrictions.create(restriction_type="login")
    else:
        purchase.item.move(purchase.item.get_parent().get_parent(), pos="last-child")
    if way != "moved":
        assert client.post(f"/buy/{purchase.item.pk}").status_code == 404
        with pytest.raises(Refused) as caught:
            start.start(shop.draft(purchase.item).token)
        assert caught.value.status in (404, 409)
    purchase.pays()
    shop.deliver()
    assert purchase.was_paid_once()


def test_s31_an_item_that_is_in_an_order_cannot_be_deleted():
    purchase = Purchase()
    with pytest.raises(ProtectedError):
        purchase.item.delete()


@pytest.mark.parametrize("change", [{"active": False}, {"max_redemptions": 1}, {"ends_at": "2020-01-01T00:00Z"}])
def test_s32_a_discount_that_was_held_is_honoured(change: dict):
    discount = Discount.objects.create(name="Spring", code="SPRING", percent_off=10, max_redemptions=5)
    purchase = Purchase(discounts=[discount])
    Discount.objects.update(**change)
    with pytest.raises(Refused):
        start.start(shop.draft(purchase.item, discounts=[discount]).token)
    purchase.pays()
    shop.deliver()
    assert purchase.was_paid_once()
    assert purchase.order.total == 1799
    discount.refresh_from_db()
    assert (discount.uses, discount.redemptions.get().state) == (1, "used")


def test_s33_a_change_closes_the_page_first(client: Client):
    purchase = Purchase()
    other = make_item(on_hand=10)
    assert client.post(f"/order/put/{purchase.order.token}", {"item_id": other.pk}).status_code == 200
    assert stripe_sessions()[0].data["status"] == "expired"
    assert purchase.status == "draft"
    assert shop.counts(purchase.item) == (10, 0, 0)


def test_s33_a_change_of_what_is_paid_is_refused_and_settles_it(client: Client):
    purchase = Purchase()
    purchase.pays()
    other = make_item(on_hand=10)
    answer = client.post(f"/order/put/{purchase.order.token}", {"item_id": other.pk})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "order_closed")
    assert purchase.was_paid_once()
    assert purchase.order.lines.count() == 1


def test_s33_while_stripe_does_not_answer_nothing_is_changed(client: Client):
    purchase = Purchase()
    with faults.inject("timeout_before", path="/expire", times=9):
        answer = client.post(f"/order/put/{purchase.order.token}", {"item_id": purchase.item.pk})
    assert answer.status_code == 503
    assert purchase.status == "pending"
    assert shop.counts(purchase.item) == (10, 1, 0)


def test_s34_an_expired_page_of_a_paid_order_changes_nothing():
    purchase = Purchase()
    second_session(purchase)
    purchase.pays()
    shop.deliver()
    assert purchase.was_paid_once()
    late = stripe_sessions()[1]
    paying.store.atomically(lambda: paying.expire(paying.open_session("USD", late.stripe_id)))
    assert shop.deliver() >= 1
    assert set(shop.deliver_again()) == {200}
    assert purchase.was_paid_once()


def test_s35_what_costs_nothing_is_paid_without_stripe():
    gift = Discount.objects.create(name="Gift", code="GIFT", percent_off=100, max_redemptions=1)
    item = make_item(on_hand=10)
    with faults.inject("500", path="/v1/", times=99) as stripe:
        order, started = shop.at_payment_page(item, discounts=[gift], email=shop.BUYER)
        with pytest.raises(Refused):
            start.start(shop.draft(item, discounts=[gift]).token)
    assert (order.status, started.session_id, stripe.hits) == ("paid", None, 0)
    assert Payment.objects.get().amount == 0
    assert shop.counts(item) == (9, 0, 1)


@pytest.mark.parametrize("minutes", [-10, 10])
def test_s36_a_wrong_clock_refuses_events_and_is_told(client: Client, minutes: int):
    purchase = Purchase()
    purchase.pays()
    no_webhooks()
    raw = delivery.json.dumps(event("checkout.session.completed").body).encode()
    header = delivery.signature(raw, keys.webhook_secret("USD"))
    there = {"content_type": "application/json", "headers": {"Stripe-Signature": header}}
    with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
        assert client.post("/stripe/webhook/", raw, **there).status_code == 400
    assert incidents() == ["clock"]
    assert StripeEvent.objects.count() == 0
    assert client.post("/stripe/webhook/", raw, **there).status_code == 200
    assert purchase.was_paid_once()


def test_s36_the_shops_clock_alone_releases_nothing():
    """Locally the page is long over; at Stripe the buyer has just paid."""
    purchase = Purchase()
    purchase.pays()
    purchase.order.attempts.update(expires_at=timezone.now() - timedelta(hours=3))
    some_minutes_later()
    assert purchase.was_paid_once()

"""How the shop learns of a payment: late, twice, in any order, from the wrong side."""

import contextlib
import random
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from checkout import start
from checkout.models import Installation, Order, Payment, StripeEvent
from checkout.refusals import Refused
from checkout.sandbox import cards, faults, paying
from checkout.sandbox.models import SandboxEvent
from checkout.tests import shop
from products.tests.factories import make_item
from tests.live.buyers import together
from tests.support.interleaving import meanwhile
from tests.support.ledger import picture

from .given import (
    Purchase,
    bank_disputes,
    dashboard_refund,
    deliver,
    incidents,
    no_webhooks,
    some_minutes_later,
    stripe_sessions,
)

pytestmark = pytest.mark.django_db


@pytest.mark.django_db(transaction=True)
def test_s01_the_same_event_three_times_at_once():
    purchase = Purchase()
    purchase.pays()
    bodies = [one.body for one in SandboxEvent.objects.all()] * 3

    def receive(body: dict) -> int:
        try:
            return shop.receive(body, "USD")
        finally:
            connection.close()

    answers = together([lambda body=body: receive(body) for body in bodies])
    assert set(answers) <= {200, 503}
    assert {shop.receive(body, "USD") for body in bodies} == {200}
    assert purchase.was_paid_once()
    assert StripeEvent.objects.filter(type="checkout.session.completed").count() == 1


def test_s02_two_events_of_the_same_money_are_one_payment():
    purchase = Purchase()
    intent = purchase.pays()
    assert deliver("checkout.session.completed", "payment_intent.succeeded") == [200, 200]
    assert Payment.objects.get().payment_intent_id == intent
    assert purchase.was_paid_once()


def eventful_purchase() -> Purchase:
    """Paid, partly refunded at Stripe, then disputed; nothing of it is known here yet."""
    purchase = Purchase()
    intent = purchase.pays()
    dashboard_refund(intent, 500)
    bank_disputes(intent)
    return purchase


@pytest.mark.parametrize("seed", range(4))
def test_s03_events_in_any_order_end_the_same(seed: int):
    purchase = eventful_purchase()
    bodies = [one.body for one in SandboxEvent.objects.order_by("pk")]
    if seed:
        random.Random(seed).shuffle(bodies)  # noqa: S311
    else:
        bodies.reverse()
    answers = [shop.receive(body, "USD") for body in bodies]
    while set(answers) != {200}:  # what could not be matched comes again
        assert set(answers) <= {200, 503}
        answers = [shop.receive(body, "USD") for body in bodies]
    assert purchase.was_paid_once()
    payment = Payment.objects.get()
    assert [(one.amount, one.origin, one.state) for one in payment.refunds.all()] == [(500, "stripe", "succeeded")]
    assert payment.disputed


def test_s04_an_event_before_the_redirect_leaves_nothing_to_ask(client: Client):
    purchase = Purchase()
    purchase.pays()
    shop.deliver()
    with faults.inject("500", path="/v1/", times=99) as stripe:
        answer = client.get(f"/checkout/return/?session_id={purchase.started.session_id}")
    assert (answer.status_code, stripe.hits) == (303, 0)
    assert purchase.was_paid_once()


def test_s05_a_redirect_before_the_event_settles_and_the_event_changes_nothing(client: Client):
    purchase = Purchase()
    purchase.pays()
    assert client.get(f"/checkout/return/?session_id={purchase.started.session_id}").status_code == 303
    assert purchase.was_paid_once()
    shop.deliver()
    assert purchase.was_paid_once()


def test_s05_without_an_answer_the_page_says_that_it_waits(client: Client):
    purchase = Purchase()
    purchase.pays()
    with faults.inject("timeout_before", path="/v1/", times=99):
        answer = client.get(f"/checkout/return/?session_id={purchase.started.session_id}", follow=True)
    assert answer.status_code == 200
    assert purchase.status == "pending"


def test_s06_a_forged_redirect_changes_nothing(client: Client):
    paid, other = Purchase(), Purchase()
    paid.pays()
    no_webhooks()
    assert client.get("/checkout/return/?session_id=cs_test_invented").status_code == 404
    client.get(f"/checkout/return/?session_id={other.started.session_id}")
    assert (paid.status, other.status) == ("pending", "pending")
    assert Payment.objects.count() == 0


def test_s06_stripe_is_asked_once_in_five_seconds(client: Client):
    purchase = Purchase()
    with faults.inject("slow", path="/v1/checkout/sessions/", times=99) as stripe:
        for _ in range(5):
            client.get(f"/checkout/return/?session_id={purchase.started.session_id}")
    assert stripe.hits == 1


def test_s06_without_redirect_and_event_reconcile_settles():
    purchase = Purchase()
    purchase.pays()
    SandboxEvent.objects.all().delete()
    Order.objects.update(created=timezone.now() - timedelta(hours=2))
    purchase.order.attempts.update(expires_at=timezone.now() - timedelta(minutes=5))
    some_minutes_later()
    assert purchase.was_paid_once()


def test_s07_an_event_before_the_session_is_stored():
    item = make_item(on_hand=10)
    order = shop.draft(item)

    def buyer_is_fast() -> list[int]:
        paying.pay("USD", stripe_sessions()[-1].stripe_id, cards.by_token("pm_card_visa"), email=shop.BUYER)
        return deliver("checkout.session.completed", "payment_intent.succeeded")

    with (
        meanwhile("checkout.gateway.sessions.create", buyer_is_fast, after=True) as answers,
        contextlib.suppress(Refused),
    ):
        start.start(order.token)
    assert answers == [[200, 200]]
    order.refresh_from_db()
    attempt = order.attempts.get()
    assert (order.status, attempt.state) == ("paid", "succeeded")
    assert attempt.stripe_id == stripe_sessions()[-1].stripe_id
    assert shop.counts(item) == (9, 0, 1)


def test_s08_an_event_whose_order_is_not_here_comes_again_and_is_told():
    purchase = Purchase()
    purchase.pays()
    token = purchase.order.token
    Order.objects.update(token="of-an-older-backup")
    assert deliver("checkout.session.completed") == [503]
    StripeEvent.objects.update(received=timezone.now() - timedelta(minutes=11))
    some_minutes_later()
    assert "unmatched_event" in incidents()
    StripeEvent.objects.update(received=timezone.now() - timedelta(hours=25))
    assert deliver("checkout.session.completed") == [200]
    Order.objects.update(token=token)
    some_minutes_later()
    assert purchase.was_paid_once()


def test_s09_an_event_of_another_shop_leaves_no_trace():
    purchase = Purchase()
    purchase.pays()
    Installation.objects.update(marker="another")
    assert deliver("checkout.session.completed", "payment_intent.succeeded") == [200, 200]
    assert StripeEvent.objects.count() == 0
    assert purchase.status == "pending"


def test_the_picture_of_the_tables_shows_a_difference():
    """What the storms are compared by."""
    purchase = Purchase()
    before = picture()
    assert picture() == before
    purchase.pays()
    shop.deliver()
    assert picture() != before

"""The process ends at the worst moment, or Stripe's answer is lost: the rows say how to go on.

The same over the network, with kill -9, is in tests/live/test_faults.py.
"""

import pytest
import time_machine

from checkout import mails, start
from checkout.models import Attempt, OutboxMail, StripeEvent
from checkout.refusals import Refused
from checkout.sandbox import faults
from checkout.tests import shop
from products.tests.factories import make_item
from tests.support.interleaving import crash

from .given import Purchase, deliver, incidents, some_minutes_later, stripe_sessions

pytestmark = pytest.mark.django_db(transaction=True)
ASK = {"path": "/v1/checkout/sessions", "method": "post"}


@pytest.mark.parametrize("after", [False, True], ids=["before_stripe_is_asked", "before_the_answer_is_stored"])
def test_s15_s16_a_crash_around_the_call(after: bool):
    item = make_item(on_hand=10)
    order = shop.draft(item)
    with crash("checkout.gateway.sessions.create", after=after):
        start.start(order.token)
    attempt = Attempt.objects.get()
    assert (attempt.state, attempt.stripe_id) == ("creating", None)
    assert shop.counts(item) == (10, 1, 0)
    assert len(stripe_sessions()) == after
    some_minutes_later()
    attempt.refresh_from_db()
    assert attempt.state == "open"
    assert [attempt.stripe_id] == [one.stripe_id for one in stripe_sessions()]
    assert shop.counts(item) == (10, 1, 0)


@pytest.mark.parametrize("point", ["checkout.gateway.sessions.retrieve_with_intent", "checkout.locks.lock_named"])
def test_s17_a_crash_before_the_commit_leaves_the_event_to_come_again(point: str):
    purchase = Purchase()
    purchase.pays()
    with crash(point):
        deliver("checkout.session.completed")
    assert purchase.status == "pending"
    assert shop.counts(purchase.item) == (10, 1, 0)
    assert set(StripeEvent.objects.values_list("state", flat=True)) <= {"new"}
    assert deliver("checkout.session.completed") == [200]
    assert purchase.was_paid_once()


def test_s18_a_crash_after_the_commit_sends_one_mail_in_the_end():
    purchase = Purchase()
    purchase.pays()
    with crash("checkout.mails.send_outbox"):
        deliver("checkout.session.completed")
    assert purchase.status == "paid"
    assert OutboxMail.objects.get().sent_at is None
    assert deliver("checkout.session.completed", "payment_intent.succeeded") == [200, 200]
    mails.send_outbox()
    assert purchase.was_paid_once()


@pytest.mark.parametrize("fault", ["timeout_before", "timeout_after", "reset", "reset_after", "500", "html"])
def test_s19_an_unknown_outcome_is_the_same_attempt_until_it_is_known(fault: faults.Kind):
    item = make_item(on_hand=10)
    order = shop.draft(item)
    with faults.inject(fault, times=9, **ASK), pytest.raises(Refused) as caught:
        start.start(order.token)
    assert (caught.value.status, caught.value.code) == (503, "payment_unavailable")
    assert caught.value.retry_after
    assert Attempt.objects.get().state == "unknown"
    started = start.start(order.token)
    assert [started.session_id] == [one.stripe_id for one in stripe_sessions()]
    assert Attempt.objects.count() == 1


@pytest.mark.parametrize("made", [True, False])
def test_s19_after_a_day_the_session_is_looked_for_and_not_made_again(made: bool):
    """Stripe has forgotten the key: the same call would open a second page."""
    with time_machine.travel("2026-03-01T12:00Z") as clock:
        item = make_item(on_hand=10)
        order = shop.draft(item)
        fault: faults.Kind = "timeout_after" if made else "timeout_before"
        with faults.inject(fault, times=9, **ASK), pytest.raises(Refused):
            start.start(order.token)
        clock.shift(25 * 3600)
        some_minutes_later()
        some_minutes_later()
    order.refresh_from_db()
    assert len(stripe_sessions()) == made
    assert order.status in ("expired", "draft")
    assert shop.counts(item) == (10, 0, 0)
    assert Attempt.objects.get().state in ("expired", "failed")


def test_s20_a_refusal_gives_everything_back():
    item = make_item(on_hand=10)
    order = shop.draft(item)
    with faults.inject("429", times=9, **ASK), pytest.raises(Refused):
        start.start(order.token)
    Attempt.objects.update(params=Attempt.objects.get().params | {"payment_method_types": ["card"]})
    with pytest.raises(Refused) as caught:
        start.start(order.token)
    assert "sk_" not in caught.value.message
    order.refresh_from_db()
    assert (order.status, Attempt.objects.get().state) == ("draft", "failed")
    assert shop.counts(item) == (10, 0, 0)
    assert "payment_page_rejected" in incidents()


def test_s21_too_many_requests_are_an_unknown_outcome():
    order = shop.draft(make_item(on_hand=10))
    with faults.inject("429", times=99, **ASK), pytest.raises(Refused) as caught:
        start.start(order.token)
    assert caught.value.status == 503
    assert Attempt.objects.get().state == "unknown"
    assert start.start(order.token).session_id == stripe_sessions()[0].stripe_id


def test_s21_one_answer_too_many_requests_is_tried_again():
    order = shop.draft(make_item(on_hand=10))
    with faults.inject("429", times=1, **ASK) as fault:
        started = start.start(order.token)
    assert (fault.hits, len(stripe_sessions())) == (1, 1)
    assert started.session_id

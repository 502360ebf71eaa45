"""A purchase's two events at the same moment: the second waits for the first, but not for long."""

import time

import pytest

from checkout import inbox, settle
from checkout.models import StripeEvent
from checkout.tests.shop import at_payment_page, deliver, pay, payments
from products.tests.factories import make_item

pytestmark = pytest.mark.django_db(transaction=True)


def test_who_waits_too_long_goes_on_and_settles(monkeypatch) -> None:
    """As while Stripe hangs: the thread is needed for pages."""
    monkeypatch.setattr(inbox, "WAIT", 0.05)
    order, started = at_payment_page(make_item())
    pay(order, started)
    for turn in inbox._turns:
        turn.acquire()
    began = time.monotonic()
    try:
        deliver()
    finally:
        for turn in inbox._turns:
            turn.release()
    assert payments(order) == ["applied"]
    assert time.monotonic() - began < 5
    assert not StripeEvent.objects.exclude(state="done").exists()


def test_events_without_an_intents_name_wait_for_nobody() -> None:
    for turn in inbox._turns:
        turn.acquire()
    try:
        for intent in (None, {"id": "pi_1"}):
            with inbox._after_its_twin(intent):
                pass
    finally:
        for turn in inbox._turns:
            turn.release()


def test_the_turn_is_given_back_whatever_happens() -> None:
    for _ in range(2):
        with pytest.raises(settle.Unmatched), inbox._after_its_twin("pi_1"):
            raise settle.Unmatched
    assert not any(turn.locked() for turn in inbox._turns)

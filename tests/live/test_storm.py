"""Stripe promises neither order nor that an event comes once. The tables end the same all the same, byte for byte."""

from pathlib import Path

import pytest
from django.db import connections

from checkout import mails
from products.tests.factories import make_item
from tests.support.ledger import difference, picture
from tests.support.soaking import Soak

from .histories import Histories
from .shop import Shop, assert_sound
from .snapshots import snapshot
from .stripe_process import Stripe
from .webhooks import deliver_as_storm, deliver_in_order

PARALLEL, COPIES = 16, 3


def final_picture() -> str:
    while mails.send_outbox():
        pass
    return picture()


@pytest.mark.django_db(transaction=True)
def test_a_storm_of_events_ends_as_the_ordered_run(shop: Shop, stripe: Stripe, soak: Soak, folder: Path) -> None:
    orders = soak.amount(16, 300)
    histories = Histories(stripe, *[make_item(on_hand=1000) for _ in range(5)])
    histories.make(orders)
    events = stripe.control("events")
    stripe.control("copy_to", path=str(folder / "stripe.kept"))
    with snapshot() as before:
        answers = deliver_in_order(shop, events)
        wanted = final_picture()
        assert_sound()
        for seed in soak.rounds(f"{len(events)} events of {orders} orders, each {COPIES} times, {PARALLEL} at once"):
            stripe.control("copy_from", path=str(folder / "stripe.kept"))
            before.put_back()
            answers = deliver_as_storm(shop, events, seed=seed, copies=COPIES, parallel=PARALLEL)
            assert set(answers) <= {200, 503}
            found = final_picture()
            assert found == wanted, difference(wanted, found)
            assert_sound()
            connections.close_all()
    soak.say(f"answers of the last storm: {dict(answers)}")

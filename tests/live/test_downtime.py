"""The webhook is dead for days, or the database is of yesterday: one `reconcile` finds out everything."""

import time
from collections import Counter

import pytest
from django.core.management import call_command

from checkout import start
from checkout.models import Incident, Order, OutboxMail, Payment
from checkout.tests.shop import draft
from products.models import Stock
from products.tests.factories import make_item
from tests.support.ledger import difference, picture
from tests.support.soaking import Soak

from .ageing import age
from .histories import Histories
from .mailbox import Mailbox
from .shop import Shop, assert_sound
from .snapshots import snapshot
from .stripe_process import Stripe
from .webhooks import deliver_as_storm, deliver_in_order

DAY = 24 * 3600


def reconcile(*, leaves_something: bool = False) -> float:
    """By its command, as an operator would; seconds."""
    begun, status = time.monotonic(), 0
    try:
        call_command("reconcile", once=True, verbosity=0)
    except SystemExit as left:
        status = int(left.code or 0)
    assert status == int(leaves_something)
    return time.monotonic() - begun


@pytest.mark.parametrize("days", [1, 4], ids=["one_day", "four_days"])
def test_s22_s23_one_reconcile_settles_what_the_webhook_missed(
    shop: Shop, stripe: Stripe, mailbox: Mailbox, soak: Soak, days: int
) -> None:
    paid, refunded, expired = (soak.amount(short, long) for short, long in ((6, 100), (3, 20), (3, 30)))
    histories = Histories(stripe, *[make_item(on_hand=1000) for _ in range(3)])
    for _ in range(paid):
        histories.paid()
    for _ in range(refunded):
        histories.refunded()
    for _ in range(expired):  # nobody closes these: their time is up
        histories.open()
    age(stripe, days * DAY)
    seconds = reconcile()
    assert seconds < 600
    assert Counter(Order.objects.values_list("status", flat=True)) == {"paid": paid + refunded, "expired": expired}
    assert Payment.objects.filter(refunds__origin="stripe", refunds__state="succeeded").count() == refunded
    assert Counter(mailbox.orders()).most_common(1)[0][1] <= 2  # "paid", and of those refunded a second one
    assert OutboxMail.objects.filter(kind="paid", sent_at__isnull=False).count() == paid + refunded
    assert set(Stock.objects.values_list("held", flat=True)) == {0}
    assert_sound()
    settled, mails = picture(), len(mailbox.messages)
    deliver_as_storm(shop, stripe.control("events"), seed=days, copies=1, parallel=4)
    assert picture() == settled, difference(settled, picture())
    assert len(mailbox.messages) == mails
    soak.say(f"{paid} paid, {refunded} refunded, {expired} expired settled in {seconds:.0f} s")


def test_s37_after_an_older_backup_is_restored(shop: Shop, stripe: Stripe) -> None:
    item = make_item(on_hand=100)
    known = [start.start(draft(item).token) for _ in range(3)]
    with snapshot() as backup:
        lost = [start.start(draft(item).token) for _ in range(2)]
        for one in (*known, *lost):
            stripe.control("pay", session=one.session_id)
        deliver_in_order(shop, stripe.control("events"))
        numbers = set(Order.objects.values_list("number", flat=True))
        assert len(numbers) == 5
        backup.put_back()
    age(stripe, 3600)
    reconcile(leaves_something=True)  # first it finds the money without an order, then it knows of it
    reconcile()
    paid = Order.objects.filter(status="paid")
    assert {order.token for order in paid} == {one.order_id for one in known}
    assert not numbers & {order.number for order in paid}
    assert Payment.objects.filter(order=None, disposition="review").count() == 2
    assert Incident.objects.filter(kind="unmatched_payment", closed_at=None).count() == 2
    assert_sound()

"""Whatever was interrupted or never heard of is repaired, once, and a late event changes nothing any more."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from checkout import reconcile as module
from checkout import start
from checkout.audit import audit
from checkout.gateway import refunds
from checkout.gateway.accounts import account_for
from checkout.models import (
    Attempt,
    Beat,
    Discount,
    Hold,
    Incident,
    Order,
    OutboxMail,
    Payment,
    Redemption,
    Refund,
    StripeEvent,
)
from checkout.reconcile import reconcile
from checkout.refusals import Refused
from checkout.sandbox import cards, faults, paying
from checkout.sandbox.models import SandboxEvent, SandboxObject, SandboxRequest
from checkout.states import AttemptState, OrderStatus
from products.models import Stock, StockMovement
from products.tests.factories import make_item

from . import shop

pytestmark = pytest.mark.django_db
LONG_AGO = timezone.now() - timedelta(minutes=20)
SESSIONS = "/v1/checkout/sessions"


def status_of(order: Order) -> str:
    order.refresh_from_db()
    return order.status


def refund_at_stripe(order: Order, amount: int, key: str = "dashboard") -> None:
    refunds.create(
        account_for("USD"),
        payment_intent_id=Attempt.objects.get(order=order).payment_intent_id or _intent_of(order),
        amount=amount,
        idempotency_key=key,
        metadata={},
    )


def _intent_of(order: Order) -> str:
    return paying.store.get("USD", "checkout.session", order.attempts.get().stripe_id).data["payment_intent"]


def test_a_day_without_webhooks_is_caught_up_by_one_run():
    item = make_item()
    (paid, page), (returned, second), (expired, _) = [shop.at_payment_page(item) for _ in range(3)]
    shop.pay(paid, page)
    shop.pay(returned, second)
    refund_at_stripe(returned, 500)
    SandboxObject.objects.filter(stripe_id=expired.attempts.get().stripe_id).update(due_at=1)
    row = SandboxObject.objects.get(stripe_id=expired.attempts.get().stripe_id)
    SandboxObject.objects.filter(pk=row.pk).update(data=row.data | {"expires_at": 1})
    Attempt.objects.filter(order=expired).update(expires_at=LONG_AGO)
    reconcile()
    assert [status_of(order) for order in (paid, returned, expired)] == ["paid", "paid", "expired"]
    assert Refund.objects.get().origin == "stripe"
    assert shop.counts(item) == (8, 0, 2)
    assert len(mail.outbox) == 2
    assert set(shop.deliver_again()) == {200}
    reconcile()
    assert (shop.counts(item), len(mail.outbox), Refund.objects.count()) == ((8, 0, 2), 2, 1)
    assert audit()["ok"]


def test_longer_than_stripe_repeats_or_lists_the_comparison_finds_it():
    order, page = shop.at_payment_page(make_item())
    shop.pay(order, page)
    SandboxEvent.objects.all().delete()
    reconcile()
    assert status_of(order) == OrderStatus.PAID


def test_the_list_of_events_is_read_on_from_where_it_ended():
    order, page = shop.at_payment_page(make_item())
    reconcile()
    first = Beat.last("events USD")
    assert first is not None
    shop.pay(order, page)
    with faults.inject("timeout_before", path="/v1/events", times=99):
        assert reconcile()["failed"]
    assert Beat.last("events USD") == first
    assert reconcile()["failed"] == 0
    assert Beat.last("events USD") > first
    assert status_of(order) == OrderStatus.PAID


def test_an_interrupted_opening_asks_the_same_again():
    order = shop.draft(make_item())
    with faults.inject("timeout_after", path=SESSIONS, times=9), pytest.raises(Refused):
        start.start(order.token)
    Attempt.objects.update(updated=LONG_AGO)
    reconcile()
    attempt = Attempt.objects.get()
    assert attempt.state == AttemptState.OPEN
    assert SandboxObject.objects.filter(kind="checkout.session").count() == 1
    assert start.start(order.token).session_id == attempt.stripe_id


@pytest.mark.parametrize("fault", ["timeout_before", "timeout_after"])
def test_after_stripe_forgot_the_key_the_session_is_looked_for(fault):
    item = make_item()
    order = shop.draft(item)
    with faults.inject(fault, path=SESSIONS, times=9), pytest.raises(Refused):
        start.start(order.token)
    Attempt.objects.update(created=timezone.now() - timedelta(hours=23, minutes=30), updated=LONG_AGO)
    SandboxRequest.objects.all().delete()
    reconcile()
    made = SandboxObject.objects.filter(kind="checkout.session")
    attempt = Attempt.objects.get()
    if fault == "timeout_after":
        assert (attempt.state, attempt.stripe_id) == (AttemptState.OPEN, made.get().stripe_id)
        assert start.start(order.token).url == attempt.url
    else:
        assert (attempt.state, made.count(), status_of(order)) == (AttemptState.FAILED, 0, OrderStatus.DRAFT)
        assert shop.counts(item) == (10, 0, 0)


def test_a_stored_failure_is_not_asked_for_for_ever():
    order = shop.draft(make_item())
    with faults.inject("timeout_after", path=SESSIONS, times=9), pytest.raises(Refused):
        start.start(order.token)
    SandboxRequest.objects.filter(status=200).update(status=500, body='{"error": {"type": "api_error"}}')
    for _ in range(2):
        Attempt.objects.update(updated=LONG_AGO)
        reconcile()
    attempt = Attempt.objects.get()
    assert attempt.state == AttemptState.OPEN
    assert attempt.stripe_id == SandboxObject.objects.get(kind="checkout.session").stripe_id
    assert reconcile()["attempts"] == 0


def test_an_overdue_page_is_closed_on_stripes_word():
    item = make_item()
    order, page = shop.at_payment_page(item)
    Attempt.objects.update(expires_at=LONG_AGO)
    reconcile()
    assert (status_of(order), shop.counts(item)) == (OrderStatus.EXPIRED, (10, 0, 0))
    assert paying.store.get("USD", "checkout.session", page.session_id).data["status"] == "expired"


def test_an_overdue_page_that_was_paid_is_paid():
    order, page = shop.at_payment_page(make_item())
    shop.pay(order, page)
    Attempt.objects.update(expires_at=LONG_AGO)
    with faults.inject("timeout_before", path="/v1/events", times=99):
        reconcile()
    assert status_of(order) == OrderStatus.PAID


def test_a_delayed_payment_that_failed_is_noticed():
    order, page = shop.at_payment_page(make_item())
    intent = paying.pay("USD", page.session_id, cards.by_token("pm_usBankAccount"), email=shop.BUYER)
    shop.deliver()
    paying.settle_delayed("USD", intent.stripe_id, succeeds=False)
    Attempt.objects.update(updated=timezone.now() - timedelta(hours=2))
    with faults.inject("timeout_before", path="/v1/events", times=99):
        reconcile()
    assert (status_of(order), Attempt.objects.get().state) == (OrderStatus.DRAFT, AttemptState.FAILED)


def test_a_restored_backup_knows_the_money_again():
    item = make_item()
    order, page = shop.at_payment_page(item)
    shop.pay(order, page)
    shop.deliver()
    for model in (OutboxMail, StripeEvent, Payment, Attempt, Hold, Redemption):
        model.objects.all().delete()
    StockMovement.objects.filter(kind="sale").delete()
    Stock.objects.update(on_hand=10, held=0, sold=0)
    order.lines.all().delete()
    Order.objects.all().delete()
    for row in SandboxObject.objects.filter(kind="payment_intent"):
        SandboxObject.objects.filter(pk=row.pk).update(data=row.data | {"created": 1}, created=LONG_AGO.timestamp())
    shop.at_payment_page(item)  # the first order after the restore makes the account known
    reconcile()
    payment = Payment.objects.get()
    assert (payment.order, payment.disposition) == (None, "review")
    assert Incident.objects.filter(kind="unmatched_payment", payment=payment).count() == 1
    assert audit()["ok"]
    StripeEvent.objects.update(received=LONG_AGO)
    reconcile()
    assert set(StripeEvent.objects.filter(type="payment_intent.succeeded").values_list("state", flat=True)) == {"done"}


def test_refunds_without_an_answer_are_asked_for_again_and_made_once():
    order, page = shop.at_payment_page(make_item())
    shop.pay(order, page)
    shop.deliver()
    row = Refund.objects.create(payment=Payment.objects.get(), order=order, amount=700, idempotency_key="key-1")
    with faults.inject("timeout_after", path="/v1/refunds", method="post", times=9):
        Refund.objects.update(updated=LONG_AGO)
        reconcile()
    row.refresh_from_db()
    assert row.state == "succeeded"  # without an answer, but Stripe's list of events told
    Refund.objects.update(
        state="requested", stripe_id=None, updated=LONG_AGO, created=timezone.now() - timedelta(hours=24)
    )
    SandboxRequest.objects.all().delete()
    reconcile()
    row.refresh_from_db()
    assert row.state == "succeeded"
    assert SandboxObject.objects.filter(kind="refund").count() == 1
    assert audit()["ok"]


def test_one_that_is_broken_does_not_stop_the_others():
    item = make_item()
    code = Discount.objects.create(name="Welcome", code="WELCOME10", percent_off=10)
    shop.at_payment_page(item, discounts=[code])
    fine, _ = shop.at_payment_page(item)
    Attempt.objects.update(expires_at=LONG_AGO)
    Discount.objects.update(uses=0)  # giving the use back would make it negative
    counts = reconcile()
    assert (status_of(fine), counts["overdue"]) == (OrderStatus.EXPIRED, 1)
    assert counts["failed"] >= 1
    assert Incident.objects.get(kind="reconcile_stuck").detail.startswith("IntegrityError")
    assert Beat.last("reconcile") is not None  # it ran to its end


def test_checking_one_order_asks_about_all_of_it():
    order, page = shop.at_payment_page(make_item())
    shop.pay(order, page)
    module.check_order(order)
    assert status_of(order) == OrderStatus.PAID
    refund_at_stripe(order, 300)
    module.check_order(order)
    assert Refund.objects.get().amount == 300


def test_the_command_says_what_it_did_and_fails_when_something_is_left():
    order, page = shop.at_payment_page(make_item())
    shop.pay(order, page)
    out = StringIO()
    call_command("reconcile", "--once", stdout=out)
    assert re.fullmatch(r"reconciled: \d listed events\n", out.getvalue())
    assert status_of(order) == OrderStatus.PAID
    with faults.inject("timeout_before", times=999), pytest.raises(SystemExit) as ended:
        call_command("reconcile", stdout=StringIO())
    assert ended.value.code == 1


def test_a_delayed_payment_that_fails_after_its_page_was_overdue_can_be_tried_again():
    order, page = shop.at_payment_page(make_item())
    intent = paying.pay("USD", page.session_id, cards.by_token("pm_usBankAccount"), email=shop.BUYER)
    Attempt.objects.update(expires_at=LONG_AGO)
    with faults.inject("timeout_before", path="/v1/events", times=99):
        reconcile()
    assert Attempt.objects.get().state == AttemptState.PROCESSING
    paying.settle_delayed("USD", intent.stripe_id, succeeds=False)
    shop.deliver()
    assert status_of(order) == OrderStatus.DRAFT

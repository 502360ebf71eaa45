"""Each invariant is broken once, and the audit says which."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from checkout.audit import audit
from checkout.models import (
    Attempt,
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
from checkout.sandbox import faults
from products import stock
from products.models import Stock, StockMovement
from products.tests.factories import make_item

from . import shop

pytestmark = pytest.mark.django_db
LONG_AGO = timezone.now() - timedelta(minutes=11)


@pytest.fixture
def sold():
    """A paid order with a discount, its money at Stripe and its mail sent; and another at the payment page."""
    item = make_item()
    code = Discount.objects.create(name="Welcome", code="WELCOME10", percent_off=10)
    order, started = shop.at_payment_page(item, quantity=2, discounts=[code])
    shop.pay(order, started)
    shop.deliver()
    shop.at_payment_page(item)
    order.refresh_from_db()
    return order


def breached() -> set[str]:
    return {name for name, found in audit()["invariants"].items() if not found["ok"]}


def test_a_shop_in_order_has_no_breach(sold):
    assert audit() == {
        "ok": True,
        "invariants": {f"I{number}": {"ok": True, "breaches": []} for number in range(1, 11)},
        "stripe": "read",
    }


@pytest.mark.parametrize("figures", [{"on_hand": 3}, {"sold": 1}, {"held": 0}, {"held": 5}])
def test_i1_stock_without_its_ledger(sold, figures):
    Stock.objects.update(**figures)
    assert breached() == {"I1"}


def test_i1_a_hold_nobody_counts(sold):
    Hold.objects.filter(state="held").update(quantity=2)
    assert breached() == {"I1"}


def test_i1_a_first_count_and_a_return_are_part_of_the_ledger(sold):
    stock.adjust(item_id=sold.lines.get().item_id, quantity=5, reason="Delivery")
    assert breached() == set()
    StockMovement.objects.filter(kind="restock").first().delete()
    assert breached() == {"I1"}


def test_i2_money_at_stripe_that_is_not_here(sold):
    Order.objects.filter(pk=sold.pk).update(status="expired")
    OutboxMail.objects.all().delete()
    Redemption.objects.all().delete()
    Discount.objects.update(uses=0)
    Payment.objects.all().delete()
    assert breached() == {"I2"}


def test_i2_money_here_that_is_not_at_stripe(sold):
    Payment.objects.update(payment_intent_id="pi_invented")
    assert breached() == {"I2"}


def test_i3_paid_without_a_payment_of_the_exact_total(sold):
    Payment.objects.update(currency="EUR")
    assert breached() == {"I3"}


def test_i3_a_payment_that_made_nothing_paid(sold):
    Order.objects.filter(pk=sold.pk).update(status="cancelled")
    assert "I3" in breached()


def test_i4_surplus_that_stays(sold):
    surplus = Payment.objects.get()
    Payment.objects.update(disposition="surplus")
    assert breached() == {"I3", "I4"}
    Incident.objects.create(kind="double_payment", subject="x", payment=surplus)
    assert breached() == {"I3"}


def test_i5_a_refund_at_stripe_that_is_not_here(sold):
    from checkout.gateway import refunds
    from checkout.gateway.accounts import account_for

    payment = Payment.objects.get()
    refunds.create(
        account_for("USD"),
        payment_intent_id=payment.payment_intent_id,
        amount=100,
        idempotency_key="elsewhere",
        metadata={},
    )
    assert breached() == {"I5"}


def test_i5_a_refund_here_that_is_not_at_stripe(sold):
    Refund.objects.create(payment=Payment.objects.get(), order=sold, amount=100, stripe_id="re_x", state="succeeded")
    assert breached() == {"I5"}


def test_i5_more_refunded_than_paid(sold):
    Refund.objects.create(payment=Payment.objects.get(), order=sold, amount=10**6, idempotency_key="k")
    assert breached() == {"I5"}


@pytest.mark.parametrize("changes", [{"uses": 0}, {"uses": 2}])
def test_i6_a_discount_counted_wrongly(sold, changes):
    Discount.objects.update(**changes)
    assert breached() == {"I6"}


def test_i7_an_event_nobody_acted_on(sold):
    StripeEvent.objects.update(state="new", received=LONG_AGO)
    assert breached() == {"I7"}
    for event_id in StripeEvent.objects.values_list("event_id", flat=True):
        Incident.objects.create(kind="event_stuck", subject=event_id)
    assert breached() == set()


def test_i8_an_attempt_without_an_answer(sold):
    Attempt.objects.filter(state="open").update(state="unknown", created=LONG_AGO)
    assert breached() == {"I8"}


def test_i9_a_paid_order_without_its_mail(sold):
    OutboxMail.objects.all().delete()
    assert breached() == {"I9"}


def test_i9_two_mails_for_one_order(sold):
    OutboxMail.objects.create(order=sold, kind="paid", dedupe_key="again", to=sold.email)
    assert breached() == {"I9"}


def test_i10_a_promise_changed_afterwards(sold):
    Order.objects.filter(pk=sold.pk).update(snapshot=sold.snapshot | {"total": 1})
    assert breached() == {"I10"}


def test_stripe_that_does_not_answer_is_no_breach(sold):
    with faults.inject("timeout_before", times=99):
        found = audit()
    assert (found["ok"], found["stripe"]) == (True, "unreachable")


def test_the_command_prints_json_and_ends_with_1_on_a_breach(sold):
    out = StringIO()
    call_command("audit", stdout=out)
    assert json.loads(out.getvalue())["ok"] is True
    Payment.objects.update(currency="EUR")
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("audit", stdout=out)
    assert ended.value.code == 1
    assert json.loads(out.getvalue())["invariants"]["I3"]["breaches"] == [
        f"order {sold.number}: paid, without one payment of its exact total"
    ]
    assert sold.token not in out.getvalue()

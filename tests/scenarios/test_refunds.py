"""Money that goes back, is disputed, or is not what was ordered."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from checkout import refund
from checkout.models import Attempt, Payment, Refund
from checkout.refusals import Refused
from checkout.sandbox import keys
from checkout.sandbox.models import SandboxObject
from checkout.sandbox.resources import refunds as stripe_side
from checkout.tests import shop
from products.tests.factories import make_item

from .given import (
    Purchase,
    bank_decides,
    bank_disputes,
    dashboard_refund,
    deliver,
    event,
    incidents,
    some_minutes_later,
    stripe_refunds,
)

pytestmark = pytest.mark.django_db


def paid(**wishes) -> tuple[Purchase, Payment]:
    purchase = Purchase(**wishes)
    purchase.pays(wishes.pop("card", "pm_card_visa"))
    shop.deliver()
    assert purchase.was_paid_once()
    return purchase, Payment.objects.get(order=purchase.order)


def ask(payment: Payment, amount: int | None, key: str = "", actor: str = "anna") -> Refund:
    return refund.refund(
        payment.pk, amount=amount, reason="Came back", actor=actor, key=key or refund.form_key(payment)
    )


def test_s24_refunds_made_at_stripe_are_written_down_one_by_one():
    purchase, payment = paid()
    for amount in (500, 300):
        dashboard_refund(payment.payment_intent_id, amount)
        shop.deliver()
        shop.deliver_again()
    rows = Refund.objects.order_by("amount").values_list("amount", "origin", "state")
    assert list(rows) == [(300, "stripe", "succeeded"), (500, "stripe", "succeeded")]
    assert purchase.status == "paid"
    assert shop.counts(purchase.item) == (9, 0, 1)  # not put back: nobody knows whether anything came back
    assert "refund_made_at_stripe" in incidents()
    assert len(stripe_refunds()) == 2


@pytest.mark.django_db(transaction=True)
def test_s25_two_managers_and_a_double_click_refund_once():
    _, payment = paid()
    key = refund.form_key(payment)

    def click(actor: str) -> object:
        try:
            return ask(payment, None, key, actor).pk
        except Refused as refused:
            return refused.status
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(click, ["anna", "anna", "ben", "ben"]))
    row = Refund.objects.get()
    assert set(answers) <= {row.pk, 409, 503}
    assert row.pk in answers
    assert [one.data["amount"] for one in stripe_refunds()] == [1999]
    with pytest.raises(Refused):
        ask(payment, 1)


def test_s25_no_more_goes_back_than_came_in():
    _, payment = paid()
    ask(payment, 1500)
    with pytest.raises(Refused):
        ask(payment, 500)
    ask(payment, 499)
    assert sorted(one.data["amount"] for one in stripe_refunds()) == [499, 1500]


def test_s26_a_refund_that_fails_later_can_be_made_again():
    purchase = Purchase()
    purchase.pays("pm_card_refundFail")
    shop.deliver()
    payment = Payment.objects.get()
    ask(payment, None)
    shop.deliver()
    assert Refund.objects.get().state == "succeeded"
    SandboxObject.objects.filter(kind="refund").update(due_at=1)
    stripe_side.finish_due()
    shop.deliver()
    assert Refund.objects.get().state == "failed"
    assert "refund_failed" in incidents()
    assert refund.refundable(payment) == 1999
    ask(payment, None)
    assert len(stripe_refunds()) == 2


@pytest.mark.parametrize("won", [True, False])
def test_s27_while_the_bank_disputes_nothing_is_refunded(won: bool):
    purchase, payment = paid()
    dispute = bank_disputes(payment.payment_intent_id)
    shop.deliver()
    payment.refresh_from_db()
    assert payment.disputed
    assert "dispute" in " ".join(incidents())
    with pytest.raises(Refused):
        ask(payment, None)
    bank_decides(dispute, won=won)
    shop.deliver()
    shop.deliver_again()
    payment.refresh_from_db()
    assert not payment.disputed
    assert refund.refundable(payment) == (1999 if won else 0)
    assert purchase.status == "paid"
    assert shop.counts(purchase.item) == (9, 0, 1)
    assert stripe_refunds() == []


@pytest.mark.parametrize(
    "change",
    [{"currency": "EUR"}, {"livemode": True}, {"total": 2999}, {"total": 1000}],
    ids=["currency", "livemode", "underpaid", "overpaid"],
)
def test_s28_s29_what_is_not_as_ordered_is_never_paid(change: dict):
    purchase = Purchase()
    purchase.pays()
    if change == {"livemode": True}:
        for row in SandboxObject.objects.filter(kind="payment_intent"):
            row.data |= change
            row.save()
    else:
        type(purchase.order).objects.update(**change)
    shop.deliver()
    shop.deliver_again()
    some_minutes_later()
    assert purchase.status == "pending"
    assert shop.payments(purchase.order) == ["review"]
    assert "payment_review" in incidents()
    assert stripe_refunds() == []
    assert shop.counts(purchase.item) == (10, 1, 0)


def test_s28_an_account_cannot_speak_for_another():
    """Signed with the secret of EUR, about a session of USD."""
    purchase = Purchase()
    purchase.pays()
    body = event("checkout.session.completed").body
    body["data"]["object"]["currency"] = "eur"
    assert shop.receive(body, "EUR") in (200, 503)
    assert purchase.status == "pending"
    assert Payment.objects.count() == 0
    assert deliver("checkout.session.completed") == [200]
    assert purchase.was_paid_once()


def test_s29_a_difference_of_one_cent_is_not_accepted_silently():
    purchase = Purchase()
    purchase.pays()
    Attempt.objects.update(amount=1998)
    shop.deliver()
    assert purchase.status == "pending"
    assert shop.payments(purchase.order) == ["review"]


def test_s28_each_account_keeps_its_own_money():
    euro = Purchase(item=make_item(price="5", currency="EUR"))
    euro.pays()
    shop.deliver()
    assert Payment.objects.get().keypair == "EUR"
    assert set(SandboxObject.objects.values_list("account", flat=True)) == {"EUR"}
    assert keys.secret_key("EUR") != keys.secret_key("USD")

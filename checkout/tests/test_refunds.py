"""Money goes back once, never more than came in, and a failed way back opens it again."""

import pytest
from django.core import mail

from checkout import disputes, refund, returning
from checkout.audit import audit
from checkout.gateway import refunds
from checkout.gateway.accounts import account_for
from checkout.models import Discount, Incident, Payment, Refund, StripeEvent, Tax
from checkout.refusals import Refused
from checkout.sandbox import charging, faults, paying
from checkout.sandbox.models import SandboxEvent, SandboxObject
from checkout.sandbox.resources import refunds as sandbox_refunds
from products.models import StockMovement
from products.tests.factories import make_item

from . import shop

pytestmark = pytest.mark.django_db


def paid(card: str = "pm_card_visa", **wishes):
    item = wishes.pop("item", None) or make_item()
    order, page = shop.at_payment_page(item, **wishes)
    shop.pay(order, page, card)
    shop.deliver()
    order.refresh_from_db()
    return order, Payment.objects.get(order=order)


def give_back(payment: Payment, amount: int | None = None, **wishes) -> Refund:
    key = wishes.pop("key", None) or refund.form_key(payment)
    return refund.refund(payment.pk, amount=amount, reason="", actor="anna", key=key, **wishes)


def made_at_stripe() -> int:
    return SandboxObject.objects.filter(kind="refund").count()


def test_everything_or_a_part_goes_back_and_the_buyer_is_told():
    _, payment = paid()
    first = give_back(payment, 500)
    rest = give_back(payment)
    assert [(one.amount, one.state, one.actor) for one in (first, rest)] == [
        (500, "succeeded", "anna"),
        (1499, "succeeded", "anna"),
    ]
    assert refund.refundable(payment) == 0
    told = [message for message in mail.outbox if "Refund" in message.subject]
    assert ["$14.99" in message.body for message in told] == [False, True]
    for message in told:
        assert "$5.00" in message.body
        assert "$5.00" in message.alternatives[0].content
    shop.deliver()
    assert Refund.objects.count() == 2
    assert audit()["ok"]


def test_a_double_click_and_two_managers_refund_once():
    _, payment = paid()
    key = refund.form_key(payment)  # both look at the same page
    assert give_back(payment, 500, key=key).pk == give_back(payment, 500, key=key).pk
    assert made_at_stripe() == 1
    with pytest.raises(Refused, match="meanwhile"):
        give_back(payment, 500, key=f"{key}-typed-by-hand")


@pytest.mark.parametrize("amount", [0, -5, 2000])
def test_not_more_than_is_left_and_not_nothing(amount):
    _, payment = paid()
    with pytest.raises(Refused):
        give_back(payment, amount)
    assert made_at_stripe() == 0


def test_an_answer_that_was_lost_is_asked_for_again_with_the_same_key():
    _, payment = paid()
    with faults.inject("timeout_after", path="/v1/refunds", method="post", times=9):
        row = give_back(payment, 500)
    assert row.state == "requested"
    assert refund.refundable(payment) == 1499
    refund.execute(row.pk)
    row.refresh_from_db()
    assert (row.state, made_at_stripe()) == ("succeeded", 1)


def test_lines_come_back_at_what_was_paid_for_them():
    Tax.objects.create(name="City tax", percentage="8.5", is_default=True)
    code = Discount.objects.create(name="Welcome", code="WELCOME10", percent_off=10)
    item = make_item(price="3.33")
    order, payment = paid(item=item, quantity=3, discounts=[code])
    line = order.lines.get()
    parts = []
    for _ in range(3):
        parts.append(returning.worth(order, {line.pk: 1}))
        give_back(payment, parts[-1], lines={line.pk: 1}, restock=True)
    assert sum(parts) == order.total
    assert shop.counts(item) == (10, 0, 3)
    assert StockMovement.objects.filter(kind="return").count() == 3
    assert audit()["ok"]
    with pytest.raises(Refused, match="still come back"):
        returning.check(order, {line.pk: 1}, restock=False)


def test_without_restock_the_shelf_stays_as_it_is():
    item = make_item()
    order, payment = paid(item=item)
    give_back(payment, 100, lines={order.lines.get().pk: 1})
    assert shop.counts(item) == (9, 0, 1)


def test_refunds_in_the_dashboard_get_their_rows_and_staff_is_told():
    item = make_item()
    order, payment = paid(item=item)
    for number, amount in enumerate((300, 400)):
        refunds.create(
            account_for("USD"),
            payment_intent_id=payment.payment_intent_id,
            amount=amount,
            idempotency_key=f"dashboard-{number}",
            metadata={},
        )
    shop.deliver()
    shop.deliver_again()
    assert list(Refund.objects.values_list("amount", "origin", "state")) == [
        (300, "stripe", "succeeded"),
        (400, "stripe", "succeeded"),
    ]
    assert Incident.objects.filter(kind="refund_made_at_stripe", order=order).count() == 2
    assert shop.counts(item) == (9, 0, 1)
    assert audit()["ok"]


def test_a_refund_that_fails_later_can_be_made_again():
    _, payment = paid("pm_card_refundFail")
    row = give_back(payment)
    assert (row.state, refund.refundable(payment)) == ("succeeded", 0)
    sandbox_refunds.finish("USD", row.stripe_id)
    shop.deliver()
    row.refresh_from_db()
    assert (row.state, refund.refundable(payment)) == ("failed", 1999)
    assert Incident.objects.filter(kind="refund_failed").count() == 1
    assert audit()["ok"]


def test_old_news_of_a_refund_does_not_undo_what_is_known():
    _, payment = paid()
    row = give_back(payment)
    found = dict(SandboxObject.objects.get(kind="refund").data)
    refund._apply(payment.pk, payment.order_id, [found | {"status": "failed"}])
    refund._apply(payment.pk, payment.order_id, [found | {"status": "pending"}])
    row.refresh_from_db()
    assert row.state == "failed"


def test_a_refund_that_stripe_refuses_is_over_and_told():
    _, payment = paid()
    SandboxObject.objects.filter(kind="charge").update(private={"card": "pm_card_visa"})
    charge = SandboxObject.objects.get(kind="charge")
    SandboxObject.objects.filter(pk=charge.pk).update(data=charge.data | {"disputed": True})
    assert give_back(payment).state == "failed"
    assert Incident.objects.filter(kind="refund_rejected").count() == 1


class TestDisputes:
    def test_while_it_is_open_nothing_is_refunded(self):
        order, payment = paid("pm_card_createDispute")
        payment.refresh_from_db()
        assert (payment.disputed, payment.dispute_status, payment.dispute_amount) == (True, "needs_response", 1999)
        assert Incident.objects.filter(kind="dispute", order=order).count() == 1
        with pytest.raises(Refused, match="disputes"):
            give_back(payment)

    @pytest.mark.parametrize(("won", "kept", "kinds"), [(True, 0, 0), (False, 1999, 1)])
    def test_won_or_lost_it_is_over(self, won, kept, kinds):
        _, payment = paid("pm_card_createDispute")
        row = SandboxObject.objects.get(kind="dispute")
        paying.store.atomically(lambda: charging.close_dispute(row, won=won))
        shop.deliver()
        payment.refresh_from_db()
        assert (payment.disputed, payment.dispute_amount) == (False, kept)
        assert Incident.objects.filter(kind="dispute_lost").count() == kinds
        assert refund.refundable(payment) == 1999 - kept
        disputes._apply(payment.pk, payment.order_id, [row.data | {"status": "needs_response"}])
        payment.refresh_from_db()
        assert payment.disputed is False  # old news

    def test_it_may_overtake_the_payment(self):
        order, page = shop.at_payment_page(make_item())
        shop.pay(order, page, "pm_card_createDispute")
        for event in SandboxEvent.objects.order_by("-pk"):
            assert shop.receive(event.body, event.account) == 200
        order.refresh_from_db()
        assert order.status == "paid"
        assert Payment.objects.get().disputed
        assert StripeEvent.objects.exclude(state="done").count() == 0


def test_the_news_of_a_refund_may_overtake_the_payment():
    order, page = shop.at_payment_page(make_item())
    intent = shop.pay(order, page)
    refunds.create(
        account_for("USD"), payment_intent_id=intent.stripe_id, amount=300, idempotency_key="early", metadata={}
    )
    for event in SandboxEvent.objects.order_by("-pk"):
        assert shop.receive(event.body, event.account) == 200
    order.refresh_from_db()
    assert (order.status, Refund.objects.get().amount) == ("paid", 300)
    assert audit()["ok"]

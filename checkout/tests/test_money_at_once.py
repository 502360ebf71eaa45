"""Refunds and repairs at the same moment, on the database that can show them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from checkout import refund
from checkout.audit import audit
from checkout.models import Attempt, OutboxMail, Payment, Refund, StripeEvent
from checkout.reconcile import reconcile
from checkout.sandbox.models import SandboxObject
from products.tests.factories import make_item

from . import shop
from .test_at_once import together

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def paid() -> Payment:
    order, page = shop.at_payment_page(make_item())
    shop.pay(order, page)
    shop.deliver()
    return Payment.objects.get(order=order)


def ask(payment: Payment, amount: int, key: str):
    return lambda: refund.refund(payment.pk, amount=amount, reason="", actor="anna", key=key)


def test_one_form_sent_by_many_refunds_once():
    payment = paid()
    key = refund.form_key(payment)
    answers = together(*[ask(payment, 500, key)] * 8)
    assert {answer.pk for answer in answers if isinstance(answer, Refund)} == {Refund.objects.get().pk}
    assert SandboxObject.objects.filter(kind="refund").count() == 1


def test_many_repairs_at_once_end_like_one():
    item = make_item()
    orders = [shop.at_payment_page(item) for _ in range(4)]
    for order, page in orders[:3]:
        shop.pay(order, page)
    Attempt.objects.update(expires_at=timezone.now() - timedelta(minutes=5))
    together(*[reconcile] * 4)
    reconcile()
    assert Payment.objects.count() == 3
    assert shop.counts(item) == (7, 0, 3)
    assert OutboxMail.objects.filter(kind="paid").count() == 3
    assert StripeEvent.objects.exclude(state="done").count() == 0
    assert audit()["ok"]

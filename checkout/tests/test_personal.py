"""Whose an order was is forgotten; what was sold, and for how much, is not."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import CharField, EmailField, JSONField, TextField
from django.utils import timezone

from checkout import personal
from checkout.audit import audit
from checkout.models import Attempt, Order, OutboxMail, StockAlert, StripeEvent
from checkout.tests.shop import at_payment_page, deliver, draft, pay
from products.tests.factories import make_item

pytestmark = pytest.mark.django_db(transaction=True)
BUYER = "bea.buyer@example.com"


@pytest.fixture
def bought() -> Order:
    """Really paid, with its events and its mail."""
    order, started = at_payment_page(make_item("Blue Heron", on_hand=5), email=BUYER)
    pay(order, started)
    deliver()
    order.refresh_from_db()
    assert order.email
    return order


def everything() -> str:
    """Every text in the shop's own tables."""
    found = []
    for model in (Order, OutboxMail, Attempt, StripeEvent, StockAlert):
        for row in model._base_manager.values():
            found.append(repr(row))
    return " ".join(found)


def test_nothing_says_whose_it_was_and_the_money_still_adds_up(bought: Order) -> None:
    email, street = bought.email, "Linden Lane 12"
    Order.objects.filter(pk=bought.pk).update(shipping_address={"name": "Bea", "line1": street})
    assert email in everything()
    assert street in everything()
    call_command("forget", email=email.upper(), stdout=StringIO())
    assert email not in everything()
    assert street not in everything()
    bought.refresh_from_db()
    assert (bought.email, bought.visitor, bought.status) == ("", "", "paid")
    assert bought.payments.get().amount == bought.total
    assert bought.mails.filter(kind="paid").count() == 1
    assert audit()["ok"]


def test_one_order_by_its_number(bought: Order) -> None:
    call_command("forget", order=bought.number, stdout=StringIO())
    bought.refresh_from_db()
    assert bought.email == ""
    with pytest.raises(CommandError, match="no such order"):
        call_command("forget", order="X")


def test_who_is_paying_just_now_is_not_forgotten() -> None:
    order, _started = at_payment_page(make_item("Blue Heron"), email=BUYER)
    Order.objects.filter(pk=order.pk).update(email=BUYER)
    with pytest.raises(CommandError, match="still being paid"):
        call_command("forget", email=BUYER)
    order.refresh_from_db()
    assert order.email == BUYER


def test_a_mail_that_waits_is_not_sent_to_nobody(bought: Order) -> None:
    OutboxMail.objects.update(sent_at=None)
    personal.erase(Order.objects.all())
    assert not OutboxMail.objects.filter(sent_at=None).exists()


def test_after_the_days_that_were_chosen(bought: Order) -> None:
    assert personal.forget_by_age(30)["orders forgotten"] == 0
    Order.objects.update(paid_at=timezone.now() - timedelta(days=31))
    assert "orders forgotten" not in personal.forget_by_age(None)
    assert personal.forget_by_age(30)["orders forgotten"] == 1
    assert personal.forget_by_age(30)["orders forgotten"] == 0


def test_events_are_emptied_when_stripe_forgets_them_too(bought: Order) -> None:
    assert personal.forget_by_age(None)["events emptied"] == 0
    count = StripeEvent.objects.update(received=timezone.now() - timedelta(days=31))
    assert personal.forget_by_age(None)["events emptied"] == count
    assert set(StripeEvent.objects.values_list("body", flat=True)) == {"{}"}


def test_an_event_that_waits_keeps_its_words(bought: Order) -> None:
    StripeEvent.objects.update(received=timezone.now() - timedelta(days=31), state="new")
    assert personal.forget_by_age(None)["events emptied"] == 0


def test_baskets_nobody_came_back_to_are_dropped_and_sold_orders_never(bought: Order) -> None:
    old = draft(make_item("Crane"))
    draft(make_item("Stork"))
    Order.objects.exclude(pk=bought.pk).filter(pk=old.pk).update(created=timezone.now() - timedelta(days=91))
    Order.objects.filter(pk=bought.pk).update(created=timezone.now() - timedelta(days=900))
    assert personal.forget_by_age(None)["baskets dropped"] == 1
    assert not Order.objects.filter(pk=old.pk).exists()
    assert Order.objects.count() == 2


# Looked at one by one: texts that are about goods, states or Stripe's objects. A new field must be put here or erased.
NOT_PERSONAL = {
    "Order": "token number status currency keypair language snapshot snapshot_hash",
    "OutboxMail": "kind dedupe_key",
    "Attempt": "state kind keypair idempotency_key params_hash snapshot_hash stripe_id payment_intent_id error "
    "close_as",
    "StripeEvent": "keypair event_id type state error",
    "StockAlert": "language",
}
ERASED = {
    "Order": "email visitor tracking buyer_note shipping_address",
    "OutboxMail": "to error",
    "Attempt": "url client_secret params",
    "StripeEvent": "body",
    "StockAlert": "email",
}


@pytest.mark.parametrize("model", [Order, OutboxMail, Attempt, StripeEvent, StockAlert])
def test_every_text_is_known_to_be_personal_or_not(model) -> None:
    kinds = CharField | TextField | EmailField | JSONField
    texts = {field.name for field in model._meta.fields if isinstance(field, kinds)}
    name = model.__name__
    assert texts == set(f"{NOT_PERSONAL[name]} {ERASED[name]}".split())

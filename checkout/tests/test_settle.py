"""From payment page to paid: in whatever order the news comes, one payment, one stock move, one mail."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core import mail

from checkout import close, settle, start
from checkout.gateway import client
from checkout.gateway.signals import stripe_answered
from checkout.models import Attempt, Discount, Incident, Order, OutboxMail, Payment, Refund, StripeEvent
from checkout.refusals import Refused
from checkout.sandbox import cards, delivery, faults, keys, paying
from checkout.sandbox.models import SandboxEvent
from checkout.sandbox.resources import sessions as sandbox_sessions
from checkout.states import AttemptState, OrderStatus
from products.models import StockMovement
from products.tests.factories import make_item

from . import shop

pytestmark = pytest.mark.django_db


def assert_paid_once(order: Order, item) -> None:
    order.refresh_from_db()
    assert order.status == OrderStatus.PAID
    assert order.number
    assert order.email == shop.BUYER
    assert shop.payments(order) == ["applied"]
    assert shop.counts(item) == (9, 0, 1)
    assert StockMovement.objects.filter(kind="sale").count() == 1
    assert OutboxMail.objects.filter(order=order, kind="paid").count() == 1
    assert len(mail.outbox) == 1


@pytest.fixture
def bought():
    item = make_item()
    order, started = shop.at_payment_page(item)
    assert shop.counts(item) == (10, 1, 0)
    shop.pay(order, started)
    return item, order, started


def test_the_event_comes_before_the_redirect(bought):
    item, order, started = bought
    shop.deliver()
    settle.settle_order(order.token, session_id=started.session_id)
    assert_paid_once(order, item)


def test_the_redirect_comes_before_the_event(bought):
    item, order, started = bought
    settle.settle_order(order.token, session_id=started.session_id)
    assert_paid_once(order, item)
    shop.deliver()
    assert_paid_once(order, item)


def test_looking_again_settles_without_any_event(bought):
    item, order, _ = bought
    settle.settle_order(order.token)
    assert_paid_once(order, item)


def test_every_event_comes_three_times(bought):
    item, order, _ = bought
    shop.deliver()
    assert set(shop.deliver_again() + shop.deliver_again()) == {200}
    assert_paid_once(order, item)
    assert StripeEvent.objects.exclude(state="done").count() == 0


def both_events() -> list[SandboxEvent]:
    """Of its payment, as Stripe mostly sends them: the intent's first."""
    kinds = ("payment_intent.succeeded", "checkout.session.completed")
    return [SandboxEvent.objects.get(type=kind) for kind in kinds]


@pytest.mark.parametrize("turned", [False, True], ids=["intent_first", "session_first"])
def test_a_payments_first_event_asks_stripe_once_and_its_second_not_at_all(bought, turned):
    item, order, _ = bought
    asked: list[str] = []
    with listening(asked):
        counts = []
        for event in reversed(both_events()) if turned else both_events():
            assert shop.receive(event.body, event.account) == 200
            counts.append(len(asked))
    assert counts == [1, 1], asked
    assert set(StripeEvent.objects.values_list("state", flat=True)) == {"done"}
    assert (order.payments.count(), shop.counts(item)) == (1, (9, 0, 1))


def test_the_second_event_brings_the_name_of_a_session_whose_making_was_not_answered(bought):
    _, order, started = bought
    Attempt.objects.update(stripe_id=None, state="unknown")
    for event in both_events():
        assert shop.receive(event.body, event.account) == 200
    assert order.attempts.get().stripe_id == started.session_id
    assert order.payments.count() == 1


@contextmanager
def listening(asked: list[str]) -> Iterator[None]:
    """Names of the calls to Stripe."""

    def note(operation: str, **kwargs: object) -> None:
        asked.append(operation)

    stripe_answered.connect(note)
    try:
        yield
    finally:
        stripe_answered.disconnect(note)


def test_a_forged_return_settles_nothing(bought):
    item, order, _ = bought
    other, _ = shop.at_payment_page(item)
    settle.settle_order(other.token, session_id=order.attempts.get().stripe_id)
    settle.settle_order(other.token, session_id="cs_test_invented")
    other.refresh_from_db()
    assert other.status == OrderStatus.PENDING
    assert shop.payments(other) == []


def test_a_declined_card_leaves_the_page_open():
    item = make_item()
    order, started = shop.at_payment_page(item)
    shop.pay(order, started, "pm_card_chargeDeclined")
    shop.deliver()
    order.refresh_from_db()
    assert order.status == OrderStatus.PENDING
    assert shop.counts(item) == (10, 1, 0)
    shop.pay(order, started)
    shop.deliver()
    assert_paid_once(order, item)


def test_stock_is_released_only_when_stripe_says_expired():
    item = make_item()
    order, started = shop.at_payment_page(item)
    Attempt.objects.update(expires_at="2020-01-01T00:00Z")
    assert shop.counts(item) == (10, 1, 0)
    paying.store.atomically(lambda: paying.expire(paying.open_session(order.keypair, started.session_id)))
    shop.deliver()
    order.refresh_from_db()
    assert order.status == OrderStatus.EXPIRED
    assert shop.counts(item) == (10, 0, 0)
    with pytest.raises(Refused) as caught:
        start.start(order.token)
    assert caught.value.code == "order_closed"


def test_an_order_is_reopened_and_changed_only_after_its_page_is_shut():
    item = make_item()
    order, started = shop.at_payment_page(item)
    close.reopen(order.token)
    order.refresh_from_db()
    assert order.status == OrderStatus.DRAFT
    assert shop.counts(item) == (10, 0, 0)
    again = start.start(order.token)
    assert again.session_id != started.session_id
    assert shop.counts(item) == (10, 1, 0)


def test_reopening_a_paid_page_settles_it_instead(bought):
    item, order, _ = bought
    with pytest.raises(Refused) as caught:
        close.reopen(order.token)
    assert caught.value.code == "order_closed"
    assert_paid_once(order, item)


def test_starting_twice_gives_the_same_page():
    order, started = shop.at_payment_page(make_item())
    assert start.start(order.token) == started
    assert Attempt.objects.count() == 1


def test_the_last_unit_is_promised_once():
    item = make_item("Last print", on_hand=1)
    shop.at_payment_page(item)
    late = shop.draft(item)
    with pytest.raises(Refused) as caught:
        start.start(late.token)
    assert (caught.value.status, caught.value.code) == (409, "sold_out")
    assert "Last print" in caught.value.message
    late.refresh_from_db()
    assert late.status == OrderStatus.DRAFT
    assert shop.counts(item) == (1, 1, 0)


@pytest.mark.parametrize("fault", ["timeout_before", "timeout_after", "reset_after", "500", "html", "429"])
def test_an_unknown_outcome_is_asked_again_and_opens_one_session(fault):
    item = make_item()
    order = shop.draft(item)
    with faults.inject(fault, path="/v1/checkout/sessions", method="post", times=9), pytest.raises(Refused) as caught:
        start.start(order.token)
    assert (caught.value.status, caught.value.code) == (503, "payment_unavailable")
    assert Attempt.objects.get().state == AttemptState.UNKNOWN
    assert shop.counts(item) == (10, 1, 0)
    started = start.start(order.token)
    assert Attempt.objects.get().stripe_id == started.session_id
    assert sandbox_sessions.listing.objects("USD", "checkout.session").count() == 1


def test_a_refused_session_gives_everything_back():
    item = make_item()
    order = shop.draft(item)
    OrderLine = order.lines.model
    OrderLine.objects.filter(order=order).update(name="x")
    with faults.inject("429", path="/v1/checkout/sessions", times=9), pytest.raises(Refused):
        start.start(order.token)
    attempt = Attempt.objects.get()
    Attempt.objects.update(params=attempt.params | {"payment_method_types": ["card"]})
    with pytest.raises(Refused):
        start.start(order.token)
    order.refresh_from_db()
    assert order.status == OrderStatus.DRAFT
    assert shop.counts(item) == (10, 0, 0)
    assert Attempt.objects.get().state == AttemptState.FAILED
    assert Incident.objects.filter(kind="payment_page_rejected").count() == 1


def test_a_delayed_payment_is_paid_when_the_money_comes():
    item = make_item()
    order, started = shop.at_payment_page(item)
    intent = paying.pay("USD", started.session_id, cards.by_token("pm_usBankAccount"), email=shop.BUYER)
    shop.deliver()
    order.refresh_from_db()
    assert (order.status, Attempt.objects.get().state) == (OrderStatus.PENDING, AttemptState.PROCESSING)
    assert len(mail.outbox) == 0
    paying.settle_delayed("USD", intent.stripe_id, succeeds=True)
    shop.deliver()
    assert_paid_once(order, item)


def test_a_delayed_payment_that_fails_gives_the_stock_back():
    item = make_item()
    order, started = shop.at_payment_page(item)
    intent = paying.pay("USD", started.session_id, cards.by_token("pm_usBankAccount"), email=shop.BUYER)
    shop.deliver()
    paying.settle_delayed("USD", intent.stripe_id, succeeds=False)
    shop.deliver()
    order.refresh_from_db()
    assert order.status == OrderStatus.DRAFT
    assert shop.counts(item) == (10, 0, 0)


def test_a_price_that_changed_is_told_before_anything_is_charged():
    item = make_item("Map", price="10.00")
    order = shop.draft(item)
    item.price = 12
    item.save()
    with pytest.raises(Refused) as caught:
        start.start(order.token)
    assert caught.value.code == "price_changed"
    start.start(order.token)
    order.refresh_from_db()
    assert order.total == 1200


def test_a_price_edited_while_the_page_is_open_changes_nothing(bought):
    item, order, _ = bought
    item.price = 99
    item.save()
    shop.deliver()
    assert_paid_once(order, item)
    assert order.total == 1999
    assert order.lines.get().unit_amount == 1999


def test_a_second_payment_is_refunded_once(bought):
    item, order, _ = bought
    shop.deliver()
    Attempt.objects.update(state=AttemptState.EXPIRED)
    first = Attempt.objects.get()
    key = "second-attempt"
    meta = first.params["metadata"] | {"attempt": key}
    params = first.params | {"metadata": meta, "payment_intent_data": {"metadata": meta}}
    second = Attempt.objects.create(
        order=order,
        keypair="USD",
        idempotency_key=key,
        params=params,
        params_hash="",
        snapshot_hash="",
        amount=order.total,
        expires_at=first.expires_at,
    )
    opened = start.open_at_stripe(second)
    paying.pay("USD", opened.stripe_id, cards.by_token("pm_card_visa"), email=shop.BUYER)
    shop.deliver()
    shop.deliver_again()
    assert sorted(shop.payments(order)) == ["applied", "surplus"]
    refund = Refund.objects.get()
    assert (refund.amount, refund.state) == (1999, "succeeded")
    assert shop.counts(item) == (9, 0, 1)
    assert Incident.objects.filter(kind="double_payment").count() == 1


def test_a_wrong_amount_is_reviewed_and_never_paid(bought):
    item, order, _ = bought
    Attempt.objects.update(amount=2999)
    shop.deliver()
    order.refresh_from_db()
    assert order.status == OrderStatus.PENDING
    assert shop.payments(order) == ["review"]
    assert Incident.objects.filter(kind="payment_review").count() == 1


def test_late_money_on_a_closed_order_takes_the_stock_again_or_goes_back():
    first, second = make_item(on_hand=1), make_item(on_hand=1)
    orders = [shop.at_payment_page(item) for item in (first, second)]
    for order, started in orders:
        shop.pay(order, started)
        settle.release(order.attempts.get().pk, AttemptState.EXPIRED, then=OrderStatus.EXPIRED)
    shop.at_payment_page(second)  # somebody else has it now
    shop.deliver()
    assert [shop.payments(order) for order, _ in orders] == [["applied"], ["surplus"]]
    assert shop.counts(first) == (0, 0, 1)
    assert Refund.objects.get().order == orders[1][0]


@pytest.mark.parametrize(
    ("currency", "price", "amount"), [("USD", "19.99", 1999), ("EUR", "5", 500), ("JPY", "500", 500)]
)
def test_each_currency_is_paid_on_its_own_account(currency, price, amount):
    order, started = shop.at_payment_page(make_item(price=price, currency=currency))
    row = paying.open_session(currency, started.session_id)
    assert (row.account, row.data["amount_total"], row.data["currency"]) == (currency, amount, currency.lower())
    assert started.publishable_key == keys.publishable_key(currency)
    assert row.data["metadata"]["order"] == order.token


def test_discount_and_taxes_stand_on_stripes_page_by_name():
    from checkout.models import Tax

    Tax.objects.create(name="City tax", percentage="8.5", inclusive=False, is_default=True)
    code = Discount.objects.create(name="Welcome", code="WELCOME10", percent_off=10, max_redemptions=1)
    item = make_item(price="10.00")
    order, started = shop.at_payment_page(item, quantity=3, discounts=[code])
    row = paying.open_session("USD", started.session_id)
    assert (order.subtotal, order.discount, order.tax, order.total) == (3000, 300, 230, 2930)
    assert row.data["amount_total"] == 2930
    code.refresh_from_db()
    assert code.uses == 1
    with pytest.raises(Refused) as caught:
        start.start(shop.draft(item, discounts=[code]).token)
    assert caught.value.code == "discount_refused"


def test_an_order_that_costs_nothing_is_paid_without_stripe():
    gift = Discount.objects.create(name="Gift", code="GIFT", percent_off=100)
    item = make_item()
    order, started = shop.at_payment_page(item, discounts=[gift], email=shop.BUYER)
    assert started.session_id is None
    assert order.status == OrderStatus.PAID
    assert shop.counts(item) == (9, 0, 1)


def test_below_stripes_minimum_nothing_is_held():
    item = make_item(price="0.30")
    with pytest.raises(Refused) as caught:
        start.start(shop.draft(item).token)
    assert (caught.value.status, caught.value.code) == (422, "amount_too_small")
    assert shop.counts(item) == (10, 0, 0)


def test_what_is_not_an_event_is_refused(bought):
    raw = json.dumps({"id": "evt_1", "type": "x", "data": {"object": {"currency": "usd"}}}).encode()
    good = delivery.signature(raw, keys.webhook_secret("USD"))
    from checkout.inbox import receive

    assert receive(raw, good) == 200
    assert receive(raw, "") == 400
    assert receive(raw, "t=abc,v1=00") == 400
    assert receive(raw, delivery.signature(raw, keys.webhook_secret("EUR"))) == 400
    assert receive(raw + b" ", good) == 400
    assert receive(raw, delivery.signature(raw, keys.webhook_secret("USD"), moment=2_000_000_000_0)) == 400
    for body in (b"[]", b"{}", b"null", b"\xff\xfe", b'{"data": {"object": []}}'):
        assert receive(body, delivery.signature(body, keys.webhook_secret("USD"))) == 400
    assert StripeEvent.objects.count() == 0


def test_events_of_another_shop_are_not_kept():
    body = {"id": "evt_2", "type": "checkout.session.completed", "data": {"object": {"id": "cs_x", "currency": "usd"}}}
    assert shop.receive(body, "USD") == 200
    assert StripeEvent.objects.count() == 0


def test_an_event_of_ours_without_its_order_comes_again(bought):
    _, order, _ = bought
    Order.objects.filter(pk=order.pk).update(token="restored-from-a-backup")
    shop.deliver()
    assert set(StripeEvent.objects.values_list("state", flat=True)) == {"unmatched"}
    assert Payment.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_stripe_is_never_asked_inside_a_transaction():
    from django.db import transaction

    order = shop.draft(make_item())
    with transaction.atomic(), pytest.raises(client.InsideTransaction):
        client.refuse_transaction()
    with transaction.atomic(), pytest.raises(RuntimeError):
        start.start(order.token)

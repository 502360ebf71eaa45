"""Things that happen at the same moment. Only PostgreSQL can show them: SQLite lets one writer in at a time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.utils import timezone

from checkout import alerts, basket, inbox, locks, settle, start
from checkout.models import Attempt, Discount, Order, OutboxMail, Redemption, StockAlert
from checkout.refusals import Refused
from checkout.sandbox import delivery, keys
from checkout.sandbox.models import SandboxEvent
from products import stock
from products.tests.factories import make_item

from . import shop

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def together(*works: Callable[[], object]) -> list[object]:
    """Runs each in a thread of its own, all let go at once; results or exceptions in order."""
    gate = Barrier(len(works))

    def run(work: Callable[[], object]) -> object:
        try:
            gate.wait(20)
            return work()
        except Refused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def test_event_and_redirect_at_once_settle_once():
    item = make_item()
    order, started = shop.at_payment_page(item)
    shop.pay(order, started)
    bodies = [(event.body, event.account) for event in SandboxEvent.objects.all()]

    def redirect() -> None:
        settle.settle_order(order.token, session_id=started.session_id)

    def event(body: dict, account: str) -> Callable[[], int]:
        return lambda: shop.receive(body, account)

    answers = together(redirect, *[event(*one) for one in bodies], *[event(*one) for one in bodies])
    assert {answer for answer in answers if answer is not None} <= {200, 503}
    assert set(shop.deliver_again()) == {200}
    order.refresh_from_db()
    assert order.status == "paid"
    assert shop.payments(order) == ["applied"]
    assert shop.counts(item) == (9, 0, 1)
    assert OutboxMail.objects.filter(order=order, sent_at__isnull=False).count() == 1


def sell_to_everybody() -> tuple[int, int]:
    """(payment pages opened, polite refusals) when 16 buyers want 4 units at once."""
    item = make_item(on_hand=4)
    tokens = [shop.draft(item).token for _ in range(16)]
    answers = together(*[lambda token=token: start.start(token) for token in tokens])
    refused = [one for one in answers if isinstance(one, Refused)]
    assert {one.code for one in refused} <= {"sold_out"}
    return len(answers) - len(refused), len(refused)


def test_the_last_units_are_promised_once_each():
    assert sell_to_everybody() == (4, 12)


def test_without_locks_the_same_test_oversells(settings):
    settings.UNSAFE_NO_LOCKS = True
    assert max(sell_to_everybody()[0] for _ in range(5)) > 4


def test_many_clicks_on_pay_open_one_page():
    order = shop.draft(make_item())
    answers = together(*[lambda: start.start(order.token)] * 8)
    assert {one.session_id for one in answers if isinstance(one, start.Started)} == {Attempt.objects.get().stripe_id}
    assert Order.objects.get().status == "pending"


def spend_a_code(buyers: int = 100, at_once: int = 20) -> tuple[int, int]:
    """(uses held, polite refusals) when so many buyers pay with a code that five may use."""
    item = make_item(on_hand=1000)
    code = Discount.objects.create(name="Five", code="FIVE", percent_off=10, max_redemptions=5)
    tokens = [shop.draft(item).token for _ in range(buyers)]

    def buy(token: str) -> object:
        try:
            basket.apply_code(token=token, code="five")
            return start.start(token)
        except Refused as refusal:
            return refusal

    def buy_some(number: int) -> list[object]:
        return [buy(token) for token in tokens[number::at_once]]

    parts = together(*[lambda number=number: buy_some(number) for number in range(at_once)])
    refused = [one for part in parts for one in part if isinstance(one, Refused)]
    assert {one.code for one in refused} <= {"discount_refused"}
    held = Redemption.objects.filter(discount=code, state="held").count()
    Redemption.objects.all().delete()
    Order.discounts.through.objects.all().delete()
    code.delete()
    return held, len(refused)


def test_a_code_for_five_is_used_five_times():
    assert spend_a_code() == (5, 95)


def test_without_locks_the_same_code_is_used_more_often(settings):
    settings.UNSAFE_NO_LOCKS = True
    assert max(spend_a_code()[0] for _ in range(3)) > 5


def test_one_signature_is_read_by_many_at_once():
    body = b'{"id": "evt_x", "type": "ping", "data": {"object": {"currency": "usd"}}}'
    header = delivery.signature(body, keys.webhook_secret("USD"))
    assert together(*[lambda: inbox.receive(body, header)] * 4) == [200] * 4


def test_ticks_at_once_tell_each_person_once():
    item = make_item(on_hand=0)
    people = [f"a{number}@example.com" for number in range(6)]
    StockAlert.objects.bulk_create(
        StockAlert(item=item, email=person, confirmed_at=timezone.now()) for person in people
    )
    stock.adjust(item_id=item.pk, quantity=1, reason="Delivery")
    told = together(*[alerts.tell_due] * 6)
    assert sum(map(int, told)) == len(people)
    assert sorted(OutboxMail.objects.values_list("to", flat=True)) == people


def test_wishes_their_end_and_the_telling_at_once():
    item = make_item(on_hand=0)
    wish = partial(alerts.ask, item=item, variant=None, email="a@example.com", language="en")
    for _ in range(4):
        together(wish, wish, alerts.tell_due, partial(alerts.drop, alerts.of("a@example.com")))
        assert StockAlert.objects.count() <= 1
        assert OutboxMail.objects.filter(alert=None).count() == 0
        StockAlert.objects.update(confirmed_at=timezone.now())


def test_telling_waits_for_an_end_that_is_under_way():
    """Else the mail would be queued between the two steps that delete the mails and the alert."""
    item = make_item(on_hand=1)
    StockAlert.objects.create(item=item, email="a@example.com", confirmed_at=timezone.now())
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            locks.lock_alerts(StockAlert.objects.all())
            told = pool.submit(lambda: (alerts.tell_due(), connection.close())[0])
            assert wait([told], timeout=1).not_done
            StockAlert.objects.all().delete()
        assert told.result(20) == 0
    assert not OutboxMail.objects.exists()

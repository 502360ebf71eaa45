"""Deliveries: retries, claims, and giving up."""

import threading
import time
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.utils import timezone

from checkout.sandbox import alarm, delivery, housekeeping
from checkout.sandbox.apps import refuse_beside_live_keys
from checkout.sandbox.models import DeliveryStatus, SandboxDelivery


def one_event(ask) -> None:
    ask("POST", "/v1/payment_intents", {"amount": 500, "currency": "usd"})


@pytest.mark.django_db
def test_a_refused_delivery_comes_again_later(ask):
    one_event(ask)
    assert delivery.deliver_due(receive=lambda body, signature: 500) == 0
    assert delivery.deliver_due(receive=lambda body, signature: 200) == 0
    row = SandboxDelivery.objects.get()
    assert (row.status, row.attempts, row.last_answer) == (DeliveryStatus.WAITING, 1, "HTTP 500")
    assert delivery.deliver_due(timezone.now() + timedelta(seconds=11), receive=lambda body, signature: 200) == 1
    row.refresh_from_db()
    assert (row.status, row.attempts) == (DeliveryStatus.DELIVERED, 2)


@pytest.mark.django_db
def test_a_shop_that_breaks_does_not_break_the_courier(ask, caplog):
    one_event(ask)

    def broken(body: bytes, signature: str) -> int:
        raise RuntimeError("out of order")

    assert delivery.deliver_due(receive=broken) == 0
    assert SandboxDelivery.objects.get().last_answer == "RuntimeError: out of order"


@pytest.mark.django_db
def test_after_three_days_it_gives_up(ask):
    one_event(ask)
    with time_machine.travel(time.time() + 3 * 86_400):
        delivery.deliver_due(receive=lambda body, signature: 503)
    assert SandboxDelivery.objects.get().status == DeliveryStatus.GAVE_UP


@pytest.mark.django_db
def test_what_a_dead_worker_held_is_delivered_after_its_claim(ask):
    one_event(ask)
    row = SandboxDelivery.objects.get()
    assert delivery._claim(row)
    assert not delivery._claim(SandboxDelivery(pk=row.pk, due_at=row.due_at, attempts=0))
    assert delivery.deliver_due(receive=lambda body, signature: 200) == 0
    with time_machine.travel(time.time() + 61):
        assert delivery.deliver_due(receive=lambda body, signature: 200) == 1


@pytest.mark.django_db
def test_housekeeping_expires_sessions_and_tells_the_shop(make_session, inbox):
    make_session(expires_at=int(time.time()) + 1860)
    assert not alarm.rings()
    with time_machine.travel(time.time() + 1900):
        housekeeping.after_request()
    assert [event["type"] for event in inbox] == ["checkout.session.expired"]


@pytest.mark.django_db
def test_tick_counts_what_it_did(ask, inbox):
    one_event(ask)
    assert housekeeping.run() == {"expired": 0, "refunds": 0, "delivered": 1}


def test_many_workers_deliver_each_copy_once(ask, transactional_db):
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("SQLite in memory is not for threads: set DATABASE_URL to PostgreSQL")
    for _ in range(30):
        one_event(ask)
    received: list[bytes] = []

    def receive(body: bytes, signature: str) -> int:
        received.append(body)
        return 200

    def work() -> None:
        try:
            delivery.deliver_due(receive=receive)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(received) == len(set(received)) == 30


@pytest.mark.parametrize("name", ["secret_key", "publishable_key"])
@pytest.mark.parametrize("value", ["sk_live_1", "rk_live_1", "pk_live_1"])
def test_the_sandbox_refuses_to_stand_beside_live_keys(name, value):
    with pytest.raises(ImproperlyConfigured, match="EUR") as caught:
        refuse_beside_live_keys({"EUR": {name: value, "webhook_secrets": []}})
    assert value not in str(caught.value)

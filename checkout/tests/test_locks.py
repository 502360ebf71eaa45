"""Trouble with the database: a procedure begins again from nothing, and in the end a visitor is asked to come back."""

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from checkout import locks
from checkout.models import Attempt, Order
from checkout.refusals import Refused


class Busy:
    """A procedure that meets a lock so many times."""

    def __init__(self, times: int) -> None:
        self.times, self.calls = times, 0

    def __call__(self) -> str:
        self.calls += 1
        if self.calls <= self.times:
            raise OperationalError("deadlock detected")
        return "done"


def test_a_deadlock_is_tried_again_from_the_beginning():
    busy = Busy(2)
    assert locks.retried(lambda: busy())() == "done"
    assert busy.calls == 3


def test_in_the_end_the_visitor_is_asked_to_come_back():
    with pytest.raises(Refused) as caught:
        locks.retried(lambda: Busy(9)())()
    assert (caught.value.status, caught.value.retry_after) == (503, 5)


def test_a_lock_outside_a_transaction_is_a_mistake(transactional_db):
    order = Order.objects.create()
    with pytest.raises(RuntimeError):
        locks.lock_order(order.pk)


def tried(order: Order) -> Attempt:
    return Attempt.objects.create(order=order, idempotency_key="one", amount=1, params={}, expires_at=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_an_attempt_is_locked_with_its_own_order_only():
    order, other = Order.objects.create(), Order.objects.create()
    attempt = tried(order)
    with pytest.raises(RuntimeError):
        locks.lock_named(order.token, "one")
    with locks.transaction():
        assert locks.lock_named(order.token, "one") == (order, attempt)
        with pytest.raises(Attempt.DoesNotExist):
            locks.lock_named(other.token, "one")
        with pytest.raises(Order.DoesNotExist):
            locks.lock_named("-", "one")


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_rows_locked_by_their_names_are_locked():
    order = Order.objects.create()
    tried(order)
    with locks.transaction(), CaptureQueriesContext(connection) as queries:
        locks.lock_named(order.token, "one")
    assert [query["sql"].count("FOR NO KEY UPDATE") for query in queries] == [1, 1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_a_database_that_is_away_is_no_fault_of_the_page(monkeypatch, accept):
    client = Client(raise_request_exception=False)
    order = Order.objects.create()

    def away(*args, **kwargs):
        raise OperationalError("the connection was closed")

    monkeypatch.setattr(Order.objects.__class__, "filter", away)
    answer = client.get(f"/order/{order.token}", headers={"accept": accept})
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert b"the connection was closed" not in answer.content


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_waiting_is_bounded_on_postgresql():
    with locks.transaction(), connection.cursor() as cursor:
        found = {}
        for name in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"):
            cursor.execute(f"SHOW {name}")
            found[name] = cursor.fetchone()[0]
    assert found == {
        "lock_timeout": "3s",
        "statement_timeout": "10s",
        "idle_in_transaction_session_timeout": "10s",
    }


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_restarted_postgresql_costs_one_more_try():
    order = Order.objects.create()

    @locks.retried
    def look() -> int:
        with locks.transaction():
            return locks.lock_order(order.pk).pk

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    other.close()
    assert look() == order.pk

"""Rows by kept statements are the rows that the ORM would write."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from checkout.models import Attempt, Order
from products import written

pytestmark = pytest.mark.django_db


def attempt(order: Order, key: str) -> Attempt:
    return Attempt(
        order=order,
        keypair="EUR",
        idempotency_key=key,
        params={"name": "Ünïcode", "lines": [1, None, True]},
        params_hash="a",
        snapshot_hash="b",
        amount=1999,
        expires_at=timezone.now(),
    )


def test_a_new_row_is_what_save_writes():
    order = Order(visitor="somebody", currency="EUR")
    written.insert(order)
    theirs, ours = attempt(order, "by save"), attempt(order, "by insert")
    theirs.state = "failed"  # one live attempt for an order
    theirs.save()
    written.insert(ours)
    found = Attempt.objects.get(idempotency_key="by insert")
    assert found == ours
    assert not ours._state.adding
    same = [field.attname for field in Attempt._meta.concrete_fields if field.name not in ("id", "created", "updated")]
    assert {name: getattr(found, name) for name in same} == {name: getattr(ours, name) for name in same}
    assert found.params == Attempt.objects.get(idempotency_key="by save").params
    assert found.created == ours.created
    assert Order.objects.get(pk=order.pk).token == order.token


def test_named_fields_are_set_and_no_others():
    order = Order.objects.create(visitor="somebody", language="de")
    values = {"email": "a@example.com", "snapshot": {"lines": []}, "frozen_at": timezone.now(), "number": None}
    assert written.update(Order, order.pk, values) == 1
    found = Order.objects.get(pk=order.pk)
    assert {name: getattr(found, name) for name in values} == values
    assert (found.visitor, found.language) == ("somebody", "de")
    assert written.update(Order, 0, values) == 0


def test_what_the_database_refuses_cannot_be_committed():
    order = Order.objects.create()
    with pytest.raises(IntegrityError), transaction.atomic():
        written.insert(Order(token=order.token))
    assert Order.objects.count() == 1


@pytest.mark.parametrize("returns", [True, pytest.param(False, marks=pytest.mark.sqlite)])  # False: before 3.35
def test_a_row_that_is_there_is_left_as_it_is(returns, monkeypatch):
    monkeypatch.setattr(connection.features, "can_return_columns_from_insert", returns)
    order = Order(visitor="the first")
    assert written.insert_new(order)
    assert not written.insert_new(Order(token=order.token, visitor="the second"))
    assert Order.objects.get().visitor == "the first"
    assert order.pk == Order.objects.get().pk

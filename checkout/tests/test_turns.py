"""Purchases of one process work one at a time, and nobody waits for one that waits for somebody else."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.test import Client

from checkout import turns
from checkout.turns import Turns
from products.tests.factories import make_item
from tests.support.interleaving import meanwhile

LONG = 20  # seconds: a test that takes as long has failed


@contextmanager
def threads(*works: Callable[[], None]) -> Iterator[None]:
    """Each in a thread that has reached its wait, or its end, before the next begins."""
    running = [threading.Thread(target=work) for work in works]
    for one in running:
        one.start()
        time.sleep(0.05)
    yield
    for one in running:
        one.join(LONG)
        assert not one.is_alive()


def test_one_works_and_the_others_follow_in_the_order_they_came() -> None:
    line, said = Turns(patience=LONG), list[object]()

    def work(name: int) -> None:
        with line.turn():
            said.append((name, line.working))

    with line.turn(), threads(*(lambda name=name: work(name) for name in range(5))):
        assert said == []
        with line.outside():  # whoever came first is let in by it, and lets the next in
            time.sleep(0.3)
    assert said == [(name, 1) for name in range(5)]
    assert line.working == 0


def test_who_is_back_goes_before_those_who_have_not_begun() -> None:
    line, said, go = Turns(patience=LONG), list[str](), threading.Event()

    def away() -> None:
        with line.turn():
            with line.outside():
                go.wait(LONG)
            said.append("back")

    def begin() -> None:
        with line.turn():
            said.append("new")

    with threads(away), line.turn(), threads(begin):
        go.set()
        time.sleep(0.1)
        with line.outside():
            time.sleep(0.2)
    assert said == ["back", "new"]
    assert line.working == 0


def test_who_has_waited_long_goes_on_without_a_turn() -> None:
    line, said = Turns(patience=0.1), list[int]()

    def work() -> None:
        with line.turn():
            said.append(line.working)

    with line.turn(), threads(work, work):
        time.sleep(0.5)
        assert len(said) == 2  # though the first one still works
    assert said[0] == 2
    assert line.working == 0
    with line.turn():
        assert line.working == 1


def test_an_error_ends_a_turn() -> None:
    line = Turns()
    with pytest.raises(ValueError, match="nothing"), line.turn(), line.outside():
        raise ValueError("nothing")
    assert line.working == 0


def test_outside_without_a_turn_changes_nothing() -> None:
    line = Turns()
    with line.outside():
        assert line.working == 0
    assert line.working == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", ["session", "intent"])
def test_a_purchase_has_a_turn_but_not_while_stripe_is_asked(way: str) -> None:
    item, now = make_item(), lambda: turns.purchases.working
    with (
        meanwhile("checkout.start.freezing._store", now) as working,
        meanwhile("checkout.gateway.client._patiently", now) as asking,
    ):
        answer = Client(headers={"accept": "application/json"}).post(f"/buy/{item.pk}", {"pay_with": way})
    assert answer.status_code == 200
    assert (working, asking, now()) == ([1], [0], 0)

"""While Stripe hangs, not every thread of the server may hang with it."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from checkout.gateway import gate
from checkout.gateway.errors import Unavailable


@contextmanager
def calls_out(door: gate.Gate, count: int) -> Iterator[threading.Event]:
    """So many calls are under way and get no answer until the event is set, or the block ends."""
    answer, inside = threading.Event(), threading.Semaphore(0)

    def call() -> None:
        with door.turn():
            inside.release()
            answer.wait(10)

    with ThreadPoolExecutor(count) as pool:
        for _ in range(count):
            pool.submit(call)
        for _ in range(count):
            inside.acquire(timeout=10)
        try:
            yield answer
        finally:
            answer.set()


def fail(door: gate.Gate, *, after: float) -> None:
    with door.turn():
        time.sleep(after)
        raise Unavailable("no answer")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "PATIENCE", 0.1)


def test_in_fair_weather_a_call_waits_for_its_turn() -> None:
    door = gate.Gate(1)
    with calls_out(door, 1) as answer:
        threading.Timer(0.2, answer.set).start()
        with door.turn():
            assert answer.is_set()


def test_when_every_call_hangs_the_next_is_refused(quick: None) -> None:
    door = gate.Gate(2)
    with calls_out(door, 2):
        start = time.monotonic()
        with pytest.raises(Unavailable), door.turn():
            pass
        assert time.monotonic() - start < 1


def test_after_a_call_in_vain_one_at_a_time_tries_until_one_succeeds(quick: None) -> None:
    door = gate.Gate(3)
    with pytest.raises(Unavailable):
        fail(door, after=0.15)
    with calls_out(door, 1), pytest.raises(Unavailable), door.turn():
        pass
    with calls_out(door, 3):  # that one had its answer: all places are open again
        pass


def test_a_quick_error_closes_nothing(quick: None) -> None:
    door = gate.Gate(2)
    with pytest.raises(Unavailable):
        fail(door, after=0)
    with calls_out(door, 2):
        pass


def test_after_too_many_requests_calls_go_one_by_one() -> None:
    door = gate.Gate(4, per_second=20)
    door.pace()
    door.slow_down()
    start = time.monotonic()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: door.pace(), range(8)))
    assert 0.3 < time.monotonic() - start < 2

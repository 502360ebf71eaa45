"""SQLite's writers stand in line; the line is never what keeps anybody from writing."""

import fcntl
import os
import threading
import time

import pytest
from django.db import connection

from checkout import turns

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.sqlite,  # another database has many writers
]


def test_one_at_a_time_and_everybody_comes_to_their_turn():
    inside, most, served = [0], [0], []

    def write(number: int) -> None:
        with turns.turn():
            inside[0] += 1
            most[0] = max(most[0], inside[0])
            time.sleep(0.002)
            inside[0] -= 1
        served.append(number)

    threads = [threading.Thread(target=write, args=[number]) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (most[0], sorted(served)) == (1, list(range(20)))


def test_a_turn_within_a_turn_waits_for_nobody():
    start = time.monotonic()
    with turns.turn(), turns.turn():
        pass
    assert time.monotonic() - start < turns.PATIENCE / 2


def test_another_process_that_keeps_its_turn_holds_nobody_up_for_ever(tmp_path, monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE", 0.05)
    monkeypatch.setitem(connection.settings_dict, "NAME", str(tmp_path / "shop.sqlite3"))
    monkeypatch.setattr(connection, "is_in_memory_db", lambda: False)
    other = os.open(tmp_path / "shop.sqlite3-turn", os.O_RDWR | os.O_CREAT)
    fcntl.flock(other, fcntl.LOCK_EX)
    start = time.monotonic()
    with turns.turn():
        assert 0.04 < time.monotonic() - start < 2
    os.close(other)
    start = time.monotonic()
    with turns.turn():
        assert time.monotonic() - start < 0.04

"""Purchases take turns: of those in one process one works, the next when it is done or while it waits for Stripe.

Purchases that share a processor are all done together, at the end, and so they come back from Stripe together: a rush
stays one. One after the other each is done as soon as it can be, and they come back as far apart as they went. Of
twenty buyers on PostgreSQL half waited 28 ms for the shop in place of 74 (p95 after the first rush: 40 in place of
137); with two or three working at a time it was 36 and 50 ms.
"""

import functools
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
PATIENCE = 0.5  # seconds; who has waited as long for a turn, behind one that waits for a lock, goes on without


class Turns:
    """Of one process; its threads share it. Who has come first goes first, who is back from outside before all."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self.working = 0
        self._patience = patience
        self._lock = threading.Lock()
        self._line: deque[threading.Event] = deque()
        self._mine = threading.local()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """A turn in this thread, which must not have one."""
        self._begin(back=False)
        self._mine.is_on = True
        try:
            yield
        finally:
            self._mine.is_on = False
            self._end()

    @contextmanager
    def outside(self) -> Iterator[None]:
        """This thread waits for somebody else: its turn, if it has one, is another's meanwhile."""
        if not getattr(self._mine, "is_on", False):
            yield
            return
        self._end()
        try:
            yield
        finally:
            self._begin(back=True)

    def _begin(self, *, back: bool) -> None:
        with self._lock:
            if not self.working:
                self.working = 1
                return
            called = threading.Event()
            (self._line.appendleft if back else self._line.append)(called)
        if called.wait(self._patience):
            return
        with self._lock:
            if not called.is_set():
                self._line.remove(called)
                self.working += 1

    def _end(self) -> None:
        """The place goes to the next in line; two may work for as long as somebody had lost patience."""
        with self._lock:
            if self._line and self.working == 1:
                self._line.popleft().set()
            else:
                self.working -= 1


purchases = Turns()
outside = purchases.outside


def in_turn(work: Callable[P, R]) -> Callable[P, R]:
    """A procedure that begins with a turn of its thread's."""

    @functools.wraps(work)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        with purchases.turn():
            return work(*args, **kwargs)

    return wrapper

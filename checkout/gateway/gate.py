"""How many calls to Stripe may be under way at once. While Stripe hangs, threads stay free to serve pages.

In fair weather a call waits for its turn. When every call that is out has waited long, or one has just failed so,
further calls are refused at once: the buyer is told to come back instead of holding one of the server's few threads.
When Stripe finds that there are too many calls, they go on one by one for a while.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from .errors import Unavailable

PATIENCE = 1.5  # seconds: Stripe mostly answers within half of one
PROBE_FOR = 30.0  # seconds after a call that hung in vain during which one call at a time tries again

PACED_FOR = 30.0  # seconds


class Gate:
    """Of one process; its threads share it."""

    def __init__(self, places: int, per_second: float = 20) -> None:
        self._places = max(1, places)
        self._interval = 1 / per_second
        self._paced_until = 0.0
        self._next = 0.0
        self._changed = threading.Condition()
        self._out: list[float] = []
        self._probing_until = 0.0

    @contextmanager
    def turn(self) -> Iterator[None]:
        """A place for one call. Raises errors.Unavailable while Stripe hangs and every place is taken."""
        start = self._enter()
        try:
            yield
        except Unavailable:
            if time.monotonic() - start > PATIENCE:  # a quick error holds nobody up
                self._probing_until = time.monotonic() + PROBE_FOR
            raise
        else:
            self._probing_until = 0.0
        finally:
            with self._changed:
                self._out.remove(start)
                self._changed.notify()

    def slow_down(self) -> None:
        """Stripe has said that it is too much."""
        self._paced_until = time.monotonic() + PACED_FOR

    def pace(self) -> None:
        """Waits, after slow_down, until the next call may go."""
        now = time.monotonic()
        if now > self._paced_until:
            return
        with self._changed:
            mine = max(now, self._next)
            self._next = mine + self._interval
        time.sleep(mine - now)

    def _enter(self) -> float:
        with self._changed:
            while len(self._out) >= (1 if self._probing else self._places):
                patience = PATIENCE - (time.monotonic() - max(self._out))
                if self._probing or patience <= 0:
                    raise Unavailable("earlier calls are still waiting for an answer")
                self._changed.wait(patience)
            start = time.monotonic()
            self._out.append(start)
            return start

    @property
    def _probing(self) -> bool:
        return time.monotonic() < self._probing_until

"""What can go wrong between the shop and Stripe, seen from Stripe's door."""

import threading
import time
from dataclasses import dataclass
from typing import Literal

How = Literal[
    "drop",  # the connection is reset without an answer
    "hang",  # no answer for `seconds`, then the connection is reset
    "500",
    "401",  # the key is refused, and named as Stripe names it
    "429",
    "html",  # a proxy's error page with status 502
    "slow",  # the right answer, after `seconds`
]


@dataclass
class Fault:
    """`done`: the work is done before things go wrong. `times` calls whose address contains `path` are met."""

    how: How
    done: bool = False
    path: str = ""
    method: str = ""
    times: int = 1
    seconds: float = 0.0
    hits: int = 0

    def meets(self, method: str, path: str) -> bool:
        return self.hits < self.times and self.path in path and self.method in ("", method)


class Weather:
    """The faults to come and the calls that came; shared by the server's threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._calls: list[tuple[str, str, float]] = []

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._faults.append(fault)

    def calm(self) -> None:
        with self._lock:
            self._faults.clear()
            self._calls.clear()

    def clear_faults(self) -> None:
        with self._lock:
            self._faults.clear()

    def meet(self, method: str, path: str) -> Fault | None:
        """Notes the call; the fault that it meets, counted."""
        with self._lock:
            self._calls.append((method, path, time.time()))
            fault = next((one for one in self._faults if one.meets(method, path)), None)
            if fault is not None:
                fault.hits += 1
            return fault

    def calls(self) -> list[tuple[str, str, float]]:
        """(method, path, Unix time) of every call since the last calm."""
        with self._lock:
            return list(self._calls)

"""Bad weather on request: the next calls to a path fail as a network or Stripe itself can fail.

    with faults.inject("timeout_after", path="/v1/checkout/sessions"):
        ...

The state belongs to the process and is thread-safe; the transport of the SDK asks for it.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal, get_args

Kind = Literal[
    "timeout_before",  # no answer, and nothing was done
    "timeout_after",  # no answer, but the work is done
    "reset",  # connection reset, nothing was done
    "reset_after",  # connection reset, but the work is done
    "500",  # an error answer, nothing was done
    "429",  # too many requests
    "html",  # a proxy's error page with status 502
    "slow",  # the answer comes after `seconds`
]


@dataclass
class Fault:
    """What goes wrong and how often; `hits` counts the calls it met."""

    kind: Kind
    path: str = ""
    method: str = ""
    times: int = 1
    seconds: float = 0.0
    hits: int = field(default=0, init=False)

    def meets(self, method: str, path: str) -> bool:
        return self.hits < self.times and self.path in path and self.method in ("", method)


_faults: list[Fault] = []
_lock = threading.Lock()


@contextmanager
def inject(kind: Kind, *, path: str = "", method: str = "", times: int = 1, seconds: float = 0.0) -> Iterator[Fault]:
    """The next `times` calls whose URL contains `path` (and whose method is `method`) fail, within this block."""
    if kind not in get_args(Kind):
        raise ValueError(f"no such fault: {kind}")
    fault = Fault(kind, path, method.upper(), times, seconds)
    with _lock:
        _faults.append(fault)
    try:
        yield fault
    finally:
        with _lock:
            _faults.remove(fault)


def take(method: str, url: str) -> Fault | None:
    """The fault that meets this call, counted; None for fair weather."""
    if not _faults:
        return None
    with _lock:
        for fault in _faults:
            if fault.meets(method.upper(), url):
                fault.hits += 1
                return fault
    return None

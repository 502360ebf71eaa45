"""Buyers: plain HTTP, each from an address of its own, any number at the same moment."""

import json
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any, TypeVar
from urllib.parse import urlencode

T = TypeVar("T")
NO_ANSWER = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """`status` NO_ANSWER: the shop was not there, or went away."""

    status: int
    body: bytes
    seconds: float
    retry_after: str | None = None

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """Of a refusal."""
        try:
            return self.json["error"]["code"]
        except (ValueError, KeyError, TypeError):
            return ""


def address(number: int) -> str:
    """A buyer's own IP address, of the network set aside for benchmarks (RFC 2544)."""
    return f"198.18.{number // 250 % 250}.{number % 250 + 1}"


def ask(
    port: int,
    path: str,
    form: dict[str, object] | None = None,
    *,
    buyer: int = 0,
    timeout: float = 60,
    accept: str = "application/json",
) -> Answer:
    """One request on a connection of its own; POST when there is a form."""
    headers = {"Accept": accept, "X-Forwarded-For": address(buyer), "Connection": "close"}
    body = None
    if form is not None:
        body = urlencode(form)
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    start = time.perf_counter()
    connection = HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("POST" if form is not None else "GET", path, body, headers)
        response = connection.getresponse()
        content = response.read()
    except (OSError, HTTPException) as error:
        return Answer(NO_ANSWER, repr(error).encode(), time.perf_counter() - start)
    finally:
        connection.close()
    return Answer(response.status, content, time.perf_counter() - start, response.headers.get("Retry-After"))


def together(works: Sequence[Callable[[], T]]) -> list[T]:
    """Each in a thread of its own, all let go at once; results in order. An exception in one is raised at the end."""
    gate = threading.Barrier(len(works))
    results: list[Any] = [None] * len(works)
    errors: list[BaseException] = []

    def run(index: int) -> None:
        try:
            gate.wait(60)
            results[index] = works[index]()
        except BaseException as error:  # noqa: BLE001 - raised below, in the test's thread
            errors.append(error)

    threads = [threading.Thread(target=run, args=[index], daemon=True) for index in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(180)
    if errors:
        raise errors[0]
    return results

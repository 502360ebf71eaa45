"""The one door to Stripe: a client per account, explicit time-outs and retries, never inside a transaction."""

import functools
import random
import time
from collections.abc import Callable, Mapping
from typing import Any

import requests
import stripe
from django.conf import settings
from django.db import connection

from .. import turns
from .accounts import Account
from .errors import translated
from .gate import Gate
from .sandbox_transport import SandboxHTTPClient
from .signals import timed

API_VERSION = "2026-10-28.endive"
CONNECT_SECONDS = 3.05
READ_SECONDS = 4.2  # with two retries and their pauses a hanging Stripe costs less than 15 s
RETRIES = 2
RATE_TRIES = 3
CALLS_A_SECOND = 20  # of all processes, after “too many requests”: Stripe allows 25 at one address

stripe.enable_telemetry = False


class InsideTransaction(RuntimeError):
    """A call to Stripe while the database waits: locks would be held for as long as Stripe likes."""


def refuse_transaction() -> None:
    """Raises InsideTransaction, in production too. A test case's own outer transaction does not count."""
    if connection.in_atomic_block and not all(vars(block).get("_from_testcase") for block in connection.atomic_blocks):
        raise InsideTransaction("Stripe must not be asked inside a database transaction")


class _Transport(stripe.RequestsClient):
    """The library's own, with a session for each thread that keeps its connections; all accounts share it.

    Which proxy leads to Stripe is read from the environment once for each session: requests reads all of the
    environment anew for each call, which is a quarter of what a call costs (0.5 ms).
    """

    def request(self, *args: Any, **kwargs: Any) -> tuple[Any, int, Mapping[str, str]]:
        if getattr(self._thread_local, "session", None) is None:
            session = requests.Session()
            session.trust_env = False
            session.proxies.update(requests.utils.get_environ_proxies(settings.STRIPE_API_BASE))
            self._thread_local.session = session
        return super().request(*args, **kwargs)


@functools.cache
def _transport(sandbox: bool) -> stripe.HTTPClient:
    if sandbox:
        return SandboxHTTPClient()
    return _Transport(timeout=(CONNECT_SECONDS, READ_SECONDS))


@functools.cache
def _gate() -> Gate:
    return Gate(places=settings.GUNICORN_THREADS - 1, per_second=CALLS_A_SECOND / settings.WEB_CONCURRENCY)


@functools.lru_cache(maxsize=64)
def _client(secret_key: str, api_base: str, sandbox: bool) -> stripe.StripeClient:
    return stripe.StripeClient(
        secret_key,
        stripe_version=API_VERSION,
        base_addresses={"api": api_base},
        max_network_retries=RETRIES,
        http_client=_transport(sandbox),
    )


def call(account: Account, service: str, method: str, *args: Any, **kwargs: Any) -> dict[str, Any]:
    """`client.v1.<service>.<method>(…)` on that account, as plain JSON data.

    Raises errors.Unavailable (outcome unknown) or errors.Rejected (nothing was done).
    """
    target: Any = _of(account).v1
    for name in service.split("."):
        target = getattr(target, name)
    # as it was sent: turning the library's objects back into plain data costs as much as making them
    return _asked(f"{service}.{method}", lambda: getattr(target, method)(*args, **kwargs).last_response.data)


def ask(account: Account, operation: str, method: str, path: str, **params: Any) -> dict[str, Any]:
    """That path by GET or POST, as plain JSON data: for what every payment asks. The library's objects, which call()
    makes on the way, are two thirds of what a question costs here. `operation`: its name in the figures.

    Raises what call() raises.
    """
    client = _of(account)
    return _asked(operation, lambda: client.raw_request(method, path, **params).data)


def _of(account: Account) -> stripe.StripeClient:
    refuse_transaction()
    return _client(account.secret_key, settings.STRIPE_API_BASE, settings.STRIPE_SANDBOX)


def _asked(operation: str, question: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    with turns.outside(), _gate().turn(), timed(operation), translated():
        return _patiently(question)


def _patiently(question: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """“Too many requests” is tried again after a random pause; the library itself does not."""
    for tries in range(1, RATE_TRIES + 1):
        _gate().pace()
        try:
            return question()
        except stripe.RateLimitError:
            _gate().slow_down()
            if tries == RATE_TRIES:
                raise
            time.sleep(random.uniform(0.1, 0.25) * 2**tries)  # noqa: S311
    raise AssertionError("unreachable")

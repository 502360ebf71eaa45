"""The suites' hand on Stripe's process."""

import json
import tempfile
import time
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from checkout.sandbox import keys

from .faults import How
from .processes import PYTHON, Group, environment, free_port


class Stripe:
    """A running Stripe at `url`, to be used by one shop."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder = folder
        self.group = Group(
            [PYTHON, "-m", "tests.live.stripe_server", str(self.port)],
            environment(
                DJANGO_SETTINGS_MODULE="storefront.settings.test",
                DATABASE_URL=f"sqlite:///{folder / 'stripe.sqlite3'}",
            ),
            folder / "stripe.log",
        )

    def start(self) -> None:
        self.group.start()
        self.group.await_answer(self.port, "/control/events")

    def control(self, verb: str, **given: Any) -> Any:
        """One verb of tests/live/bank.py, or fault, calls, clear_faults, deliver_to."""
        status, body = self._ask("POST", f"/control/{verb}", json.dumps(given), {})
        if status != 200:
            raise AssertionError(f"{verb}: {body.decode(errors='replace')}")
        return json.loads(body)

    def fault(
        self, how: How, *, done: bool = False, path: str = "", method: str = "", times: int = 1, seconds: float = 0.0
    ) -> None:
        self.control("fault", how=how, done=done, path=path, method=method, times=times, seconds=seconds)

    def api(self, method: str, path: str, account: str = "USD", **fields: object) -> dict[str, Any]:
        """As somebody at Stripe's dashboard would: with the account's own key."""
        headers = {"Authorization": f"Bearer {keys.secret_key(account)}"}
        status, body = self._ask(method, path, urlencode(fields), headers)
        found = json.loads(body)
        if status != 200:
            raise AssertionError(f"{method} {path}: {status} {found}")
        return found

    def calls(self, part: str, method: str = "") -> list[tuple[str, str, float]]:
        """The calls that came whose path contains `part`."""
        return [
            (verb, path, moment)
            for verb, path, moment in self.control("calls")
            if part in path and method in ("", verb)
        ]

    def await_delivery(self, seconds: float = 60) -> None:
        """Until the shop has accepted every event; so many seconds without progress are too many."""
        least, end = 0, time.monotonic() + seconds
        while left := self.control("undelivered"):
            if not least or left < least:
                least, end = left, time.monotonic() + seconds
            if time.monotonic() > end:
                raise AssertionError(f"{left} events are still not accepted, and {seconds} s brought no progress")
            time.sleep(0.05)

    def _ask(self, method: str, path: str, body: str, headers: dict[str, str]) -> tuple[int, bytes]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()


def temporary_folder(name: str) -> Path:
    return Path(tempfile.mkdtemp(prefix=f"storefront-{name}-"))

"""Stripe as a process of its own: the sandbox behind a door that fails on request, and a courier of webhooks.

    python -m tests.live.stripe_server PORT DATABASE-FILE

`/v1/…` is the API; `/control/<verb>` is for the suites (tests/live/bank.py). It ends with the process that started it.
"""

import json
import os
import socket
import struct
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402

from checkout.sandbox import api  # noqa: E402

from . import bank, courier  # noqa: E402
from .faults import Fault, Weather  # noqa: E402

RESET = struct.pack("ii", 1, 0)  # SO_LINGER: close with RST
ERRORS = {
    "500": (500, "application/json", '{"error": {"type": "api_error", "message": "An unknown error occurred."}}'),
    "401": (
        401,
        "application/json",
        '{"error": {"type": "invalid_request_error", "message": "Invalid API Key provided: sk_test_sand****_usd"}}',
    ),
    "429": (
        429,
        "application/json",
        '{"error": {"type": "invalid_request_error", "code": "rate_limit", "message": "Too many requests."}}',
    ),
    "html": (502, "text/html", "<html><body>Bad gateway</body></html>"),
}
weather = Weather()


class Door(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if self.path.startswith("/control/"):
            self._control(self.path.removeprefix("/control/"), json.loads(body or "{}"))
        else:
            self._api(body)

    do_POST = do_DELETE = do_GET  # noqa: N815 - the names are the standard library's

    def finish(self) -> None:
        super().finish()
        connections.close_all()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: thousands of lines that nobody reads."""

    def _api(self, body: str) -> None:
        fault = weather.meet(self.command, self.path)
        if fault is None:
            self._answer(*api.handle(self.command, self.path, self.headers, body))
            return
        answer = None
        if fault.done or fault.how == "slow":
            answer = api.handle(self.command, self.path, self.headers, body)
        self._fail(fault, answer)

    def _fail(self, fault: Fault, answer: tuple[int, dict[str, str], str] | None) -> None:
        if fault.how in ("hang", "slow"):
            time.sleep(fault.seconds)
        if fault.how == "slow" and answer is not None:
            self._answer(*answer)
        elif fault.how in ERRORS:
            status, kind, text = ERRORS[fault.how]
            self._answer(status, {"Content-Type": kind}, text)
        else:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            self.close_connection = True
            self.connection.close()

    def _control(self, verb: str, given: dict[str, Any]) -> None:
        try:
            found = self._own(verb, given)
            self._answer(200, {"Content-Type": "application/json"}, json.dumps(found))
        except Exception as error:  # noqa: BLE001 - the suite must be told, whatever it was
            self._answer(400, {"Content-Type": "text/plain"}, f"{type(error).__name__}: {error}")

    def _own(self, verb: str, given: dict[str, Any]) -> Any:
        if verb == "fault":
            return weather.add(Fault(**given))
        if verb == "calls":
            return weather.calls()
        if verb == "clear_faults":
            return weather.clear_faults()
        if verb == "deliver_to":
            return courier.deliver_to(**given)
        if verb == "reset":
            weather.calm()
            courier.deliver_to(url="")
        return bank.VERBS[verb](**given)

    def _answer(self, status: int, headers: dict[str, str], text: str) -> None:
        body = text.encode()
        try:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:  # whoever asked was killed meanwhile
            self.close_connection = True


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that was killed while it spoke is no news."""
        if not isinstance(sys.exception() if hasattr(sys, "exception") else sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


if __name__ == "__main__":
    call_command("migrate", "sandbox", verbosity=0, interactive=False)
    threading.Thread(target=_end_with, args=[os.getppid()], daemon=True).start()
    Server(("127.0.0.1", int(sys.argv[1])), Door).serve_forever()

"""The real SDK's way into the sandbox: its HTTP client hands the request over instead of sending it."""

import json
import time
from collections.abc import Mapping
from typing import Any, NoReturn

import stripe
from requests.structures import CaseInsensitiveDict

from checkout.sandbox import api, faults


class SandboxHTTPClient(stripe.HTTPClient):
    """Answers in the calling thread, with that thread's database connection; keeps no state, so threads may share it.

    Raises what the SDK's RequestsClient would raise for the same accident.
    """

    name = "sandbox"

    def request(
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None, *, _usage: Any = None
    ) -> tuple[str, int, Mapping[str, str]]:
        fault = faults.take(method, url)
        if fault is not None and fault.kind in _EARLY:
            return _EARLY[fault.kind]()
        if fault is not None and fault.kind == "slow":
            time.sleep(fault.seconds)
        status, answer_headers, text = api.handle(method, url, headers or {}, _encoded(post_data))
        if fault is not None and fault.kind in _AFTERWARDS:
            _AFTERWARDS[fault.kind]()
        return text, status, CaseInsensitiveDict(answer_headers)

    def close(self) -> None:
        """There is no connection to close."""


def _encoded(post_data: Any) -> str:
    return post_data.decode() if isinstance(post_data, bytes) else post_data or ""


def _lost(reason: str) -> NoReturn:
    message = (
        "Unexpected error communicating with Stripe.  If this problem persists, let us know at support@stripe.com."
    )
    raise stripe.APIConnectionError(f"{message}\n\n(Network error: {reason})", should_retry=True)


def _timeout() -> NoReturn:
    _lost("ReadTimeout: HTTPSConnectionPool(host='api.stripe.com', port=443): Read timed out.")


def _reset() -> NoReturn:
    _lost("ConnectionError: ('Connection aborted.', ConnectionResetError(104, 'Connection reset by peer'))")


def _failure(status: int, message: str, code: str = "") -> tuple[str, int, Mapping[str, str]]:
    error = {"type": "api_error" if status >= 500 else "invalid_request_error", "message": message}
    if code:
        error["code"] = code
    return json.dumps({"error": error}), status, CaseInsensitiveDict({"Request-Id": "req_sandbox_fault"})


def _html() -> tuple[str, int, Mapping[str, str]]:
    return "<html><body>Bad gateway</body></html>", 502, CaseInsensitiveDict({"Content-Type": "text/html"})


_EARLY = {
    "timeout_before": _timeout,
    "reset": _reset,
    "500": lambda: _failure(500, "An unknown error occurred."),
    "429": lambda: _failure(429, "Request rate limit exceeded.", "rate_limit"),
    "html": _html,
}
_AFTERWARDS = {"timeout_after": _timeout, "reset_after": _reset}

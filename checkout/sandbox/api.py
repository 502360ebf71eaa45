"""The front door: a request as the SDK sends it in, an answer as Stripe gives it out."""

import json
import logging
import re
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from django.db import DatabaseError

from . import events, expand, idempotency, keys, params, store
from .call import Call
from .errors import Refusal, unauthorized
from .resources import accounts
from .routes import ROUTES

logger = logging.getLogger(__name__)
TROUBLE = {"error": {"type": "api_error", "message": "An unknown error occurred."}}
Handler = Callable[..., dict | Refusal]
_ROUTES = [(method, re.compile(f"^{path}/?$"), handler) for method, path, handler in ROUTES]


def handle(method: str, url: str, headers: Mapping[str, str], body: str) -> tuple[int, dict[str, str], str]:
    """Answers one request: (HTTP status, headers, JSON text). Never raises for what the caller sent.

    `url` may be absolute or a path, with or without a prefix before /v1/; `body` is form-encoded.
    """
    headers = {name.lower(): value for name, value in headers.items()}
    request_id = store.new_id("req_", 14)
    answer_headers = {
        "Content-Type": "application/json",
        "Request-Id": request_id,
        "Stripe-Version": events.API_VERSION,
    }
    key = headers.get("idempotency-key")
    if key:
        answer_headers["Idempotency-Key"] = key
    token = events.request_of.set({"id": request_id, "idempotency_key": key})
    try:
        (status, text), replayed = _answer(method.upper(), url, headers, body)
    except Refusal as refusal:
        status, text, replayed = refusal.status, _json(refusal.body), False
    except DatabaseError:
        # A busy or absent database is Stripe having trouble: 500, and the caller may repeat the request.
        logger.exception("the payment sandbox could not answer %s %s", method, urlsplit(url).path)
        status, text, replayed = 500, _json(TROUBLE), False
    finally:
        events.request_of.reset(token)
    if replayed:
        answer_headers["Idempotent-Replayed"] = "true"
    return status, answer_headers, text


def _answer(method: str, url: str, headers: Mapping[str, str], body: str) -> tuple[idempotency.Answer, bool]:
    account = _account(headers)
    _check_version(headers.get("stripe-version"))
    parts = urlsplit(url)
    path = "/v1/" + parts.path.partition("/v1/")[2]
    handler, ids = _route(method, path)
    given = params.decode(body if method == "POST" else parts.query)
    paths = given.pop("expand", [])
    call = Call(account=account, params=given)

    def work() -> idempotency.Answer:
        result = handler(call, *ids)
        if isinstance(result, Refusal):  # a refusal whose effects stay: a declined card
            return result.status, _json(result.body)
        return 200, _json(expand.expanded(account, result, paths))

    key = headers.get("idempotency-key")
    if method == "POST" and key:
        fingerprint = idempotency.fingerprint(method, path, {**given, "expand": paths})
        return idempotency.once(account, key, fingerprint, work)
    return (work() if method == "GET" else store.atomically(work)), False


def _account(headers: Mapping[str, str]) -> str:
    scheme, _, key = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key:
        raise unauthorized("You did not provide an API key. Provide it in the Authorization header (Bearer auth).")
    account = keys.account_of_secret(key)
    if account is None and keys.account_of_publishable(key):
        raise unauthorized(
            "This API call cannot be made with a publishable API key. Please use a secret API key.",
            "secret_key_required",
        )
    if account is None or not accounts.exists(account):
        raise unauthorized(f"Invalid API Key provided: {key[:8]}{'*' * 12}{key[-4:]}")
    return account


def _check_version(version: str | None) -> None:
    if version not in (None, events.API_VERSION):
        raise Refusal(400, f"Invalid Stripe API version: {version}. The sandbox speaks {events.API_VERSION}.")


def _route(method: str, path: str) -> tuple[Handler, tuple[str, ...]]:
    for wanted, pattern, handler in _ROUTES:
        match = pattern.match(path)
        if match and wanted == method:
            return handler, match.groups()
    raise Refusal(404, f"Unrecognized request URL ({method}: {path}).")


def _json(data: object) -> str:
    return json.dumps(data, indent=2)

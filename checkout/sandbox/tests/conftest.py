"""Ways into the sandbox without the SDK."""

import json
from collections.abc import Callable
from urllib.parse import urlencode

import pytest

from checkout.sandbox import api, delivery, keys

from . import wishes


def flatten(value: object, prefix: str = "") -> list[tuple[str, str]]:
    """Nested parameters → Stripe's form fields."""
    if isinstance(value, dict):
        pairs = [(f"{prefix}[{key}]" if prefix else key, child) for key, child in value.items()]
    elif isinstance(value, list):
        pairs = [(f"{prefix}[{index}]", child) for index, child in enumerate(value)]
    else:
        return [(prefix, str(value))]
    return [field for key, child in pairs for field in flatten(child, key)]


@pytest.fixture
def ask() -> Callable[..., tuple[int, dict]]:
    """`ask("POST", "/v1/coupons", {...})` → (status, JSON), on the account of USD unless told otherwise."""

    def request(method: str, path: str, params: dict | None = None, *, currency: str = "USD", **headers: str):
        headers = {"Authorization": f"Bearer {keys.secret_key(currency)}"} | headers
        status, _headers, text = api.handle(method, path, headers, urlencode(flatten(params or {})))
        return status, json.loads(text)

    return request


@pytest.fixture
def make_session(ask) -> Callable[..., dict]:
    def make(*lines: dict, **more) -> dict:
        status, session = ask("POST", "/v1/checkout/sessions", wishes.session(*lines, **more))
        assert status == 200, session
        return session

    return make


@pytest.fixture
def inbox(monkeypatch) -> list[dict]:
    """What the shop receives: every delivered event, in place of its webhook."""
    received: list[dict] = []

    def receive(body: bytes, signature: str) -> int:
        received.append(json.loads(body))
        return 200

    monkeypatch.setattr(delivery, "_shop", lambda: receive)
    return received

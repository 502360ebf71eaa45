"""The real SDK against the sandbox."""

from collections.abc import Callable

import pytest
import stripe

from checkout.gateway.sandbox_transport import SandboxHTTPClient
from checkout.sandbox import keys


@pytest.fixture
def client_for() -> Callable[..., stripe.StripeClient]:
    """A client of the account of a currency."""

    def make(currency: str = "USD", **options) -> stripe.StripeClient:
        return stripe.StripeClient(keys.secret_key(currency), http_client=SandboxHTTPClient(), **options)

    return make


@pytest.fixture
def usd(client_for) -> stripe.StripeClient:
    return client_for("USD")

"""What can go wrong at Stripe, in the shop's words. No type of the SDK leaves the gateway."""

from collections.abc import Iterator
from contextlib import contextmanager

import stripe


class Unavailable(Exception):
    """Time-out, lost connection, 429 or 5xx: whether anything was done is not known. Repeat with the same key.

    `replayed`: it is Stripe's stored answer to that key, and will be the same next time.
    """

    def __init__(self, message: str = "", *, replayed: bool = False) -> None:
        super().__init__(message)
        self.replayed = replayed


class Rejected(Exception):
    """Stripe understood and said no; nothing was made. `code` is Stripe's own, for example amount_too_small; `param`
    names what it did not like."""

    def __init__(self, code: str, message: str, status: int, param: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.param = param


@contextmanager
def translated() -> Iterator[None]:
    """Turns the SDK's errors into the two above."""
    try:
        yield
    except (stripe.APIConnectionError, stripe.RateLimitError) as error:
        raise Unavailable(_described(error)) from None
    except stripe.StripeError as error:
        status = error.http_status or 0
        if isinstance(error, stripe.APIError) or status >= 500 or status in (0, 409):
            headers = {name.lower(): value for name, value in (error.headers or {}).items()}
            raise Unavailable(_described(error), replayed=headers.get("idempotent-replayed") == "true") from None
        param = getattr(error, "param", None) or ""
        raise Rejected(error.code or "", error.user_message or type(error).__name__, status, param) from None


def _described(error: stripe.StripeError) -> str:
    return f"{type(error).__name__} {error.http_status or ''} {error.request_id or ''}".strip()

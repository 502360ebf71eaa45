"""What a visitor is told when something cannot be done: a code for programs, a sentence for people, a status."""


class Refused(Exception):
    """`status` is HTTP's; `retry_after` seconds, where waiting helps."""

    def __init__(self, code: str, message: str, status: int, *, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.retry_after = retry_after


def not_found() -> Refused:
    """One answer for everything unknown, draft, expired or private: it tells nothing."""
    return Refused("not_found", "There is nothing here.", 404)


def bad_request(message: str) -> Refused:
    return Refused("bad_request", message, 400)


def sold_out(name: str, available: int) -> Refused:
    """`available`: how many could still be had."""
    left = f"only {available} left" if available > 0 else "sold out"
    return Refused("sold_out", f"“{name}” is {left}.", 409)


def currency_mismatch(currency: str) -> Refused:
    return Refused("currency_mismatch", f"This order is in {currency}. Start another order for other currencies.", 409)


def order_closed() -> Refused:
    return Refused("order_closed", "This order can no longer be changed.", 409)


def busy() -> Refused:
    return Refused("busy", "The order is being changed. Please try again.", 503, retry_after=2)


def price_changed(name: str) -> Refused:
    return Refused("price_changed", f"The price of “{name}” has changed. Please look at the order again.", 409)


def amount_too_small(minimum: str) -> Refused:
    return Refused("amount_too_small", f"The total is below {minimum}, the least that can be paid.", 422)


def amount_too_large(maximum: str) -> Refused:
    return Refused("amount_too_large", f"The total is above {maximum}, the most that can be paid at once.", 422)


def discount_refused() -> Refused:
    return Refused("discount_refused", "This code cannot be used for this order.", 400)


def payment_unavailable() -> Refused:
    message = "The payment page cannot be opened right now. Nothing was charged; please try again in a minute."
    return Refused("payment_unavailable", message, 503, retry_after=30)


def too_many_requests(message: str, retry_after: int = 60) -> Refused:
    return Refused("too_many_requests", message, 429, retry_after=retry_after)

"""What a visitor is told when something cannot be done: a code for programs, a sentence for people, a status."""

from django.utils.translation import gettext, ngettext


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
    return Refused("not_found", gettext("There is nothing here."), 404)


def bad_request(message: str) -> Refused:
    return Refused("bad_request", message, 400)


def variant_needed(name: str, names: list[str]) -> Refused:
    """The item is sold in variants only; the message names them, so that the next try can be right."""
    message = gettext("Choose which “%(name)s” you want: %(variants)s.")
    return Refused("variant_needed", message % {"name": name, "variants": "; ".join(names)}, 400)


def sold_out(name: str, available: int) -> Refused:
    """`available`: how many could still be had."""
    if available <= 0:
        return Refused("sold_out", gettext("“%(name)s” is sold out.") % {"name": name}, 409)
    message = ngettext("“%(name)s”: only %(number)d left.", "“%(name)s”: only %(number)d left.", available)
    return Refused("sold_out", message % {"name": name, "number": available}, 409)


def no_longer_for_sale(name: str) -> Refused:
    return Refused("sold_out", gettext("“%(name)s” is no longer for sale.") % {"name": name}, 409)


def currency_mismatch(currency: str) -> Refused:
    message = gettext("This order is in %(currency)s. Start another order for other currencies.")
    return Refused("currency_mismatch", message % {"currency": currency}, 409)


def order_closed() -> Refused:
    return Refused("order_closed", gettext("This order can no longer be changed."), 409)


def busy() -> Refused:
    return Refused("busy", gettext("The order is being changed. Please try again."), 503, retry_after=2)


def price_changed(name: str) -> Refused:
    message = gettext("The price of “%(name)s” has changed. Please look at the order again.")
    return Refused("price_changed", message % {"name": name}, 409)


def amount_too_small(minimum: str) -> Refused:
    message = gettext("The total is below %(minimum)s, the least that can be paid.")
    return Refused("amount_too_small", message % {"minimum": minimum}, 422)


def amount_too_large(maximum: str) -> Refused:
    message = gettext("The total is above %(maximum)s, the most that can be paid at once.")
    return Refused("amount_too_large", message % {"maximum": maximum}, 422)


def discount_refused() -> Refused:
    return Refused("discount_refused", gettext("This code cannot be used for this order."), 400)


def payment_unavailable() -> Refused:
    message = gettext("The payment page cannot be opened right now. Nothing was charged; please try again in a minute.")
    return Refused("payment_unavailable", message, 503, retry_after=30)


def download_expired() -> Refused:
    message = gettext(
        "This link has ended. What you bought is still yours: open your order’s page and have new links sent to you."
    )
    return Refused("download_expired", message, 410)


def download_withheld() -> Refused:
    message = gettext("The money for this was given back, so it can no longer be downloaded.")
    return Refused("download_withheld", message, 410)


def download_missing() -> Refused:
    message = gettext("The file cannot be found right now. The shop has been told; please try again later.")
    return Refused("download_missing", message, 503, retry_after=3600)


def downloads_busy() -> Refused:
    message = gettext("Many people are downloading at the moment. Please try again in a minute.")
    return Refused("busy", message, 503, retry_after=30)


def too_many_requests(message: str, retry_after: int = 60) -> Refused:
    return Refused("too_many_requests", message, 429, retry_after=retry_after)

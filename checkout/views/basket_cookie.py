"""Which orders stand in a visitor's basket: their tokens in a signed cookie, one order for each currency.

The number of things is in a second cookie that scripts can read, so that cached pages need not contain it.
"""

from collections.abc import Collection
from typing import Any

from django.http import HttpRequest, HttpResponse

from .. import basket
from ..models import Order
from ..states import OrderStatus

COOKIE = "basket"
COUNT = "basket_count"
SALT = "checkout.basket"
YEAR = 365 * 24 * 3600
MAX_ORDERS = 20


def tokens(request: HttpRequest) -> list[str]:
    """Tokens of the orders put into the basket, oldest first. A cookie that we did not sign is an empty basket."""
    value = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=YEAR)
    return [token for token in (value or "").split(".") if token][-MAX_ORDERS:]


def orders(request: HttpRequest, *, extra: tuple[str, ...] = ()) -> list[Order]:
    """The orders that are still to be paid, oldest first."""
    open_orders = Order.objects.filter(
        token__in=[*tokens(request), *extra], status__in=(OrderStatus.DRAFT, OrderStatus.PENDING)
    )
    return list(open_orders.order_by("pk"))


def remember(request: HttpRequest, response: HttpResponse, *, added: Collection[str] = ()) -> int:
    """Writes both cookies anew if there is a basket or orders are `added` to it; answers how many things it holds."""
    before = tokens(request)
    if not (before or added or COUNT in request.COOKIES):
        return 0
    found = orders(request, extra=tuple(added))
    count = basket.count_units(found)
    write(request, response, [order.token for order in found], count)
    return count


def write(request: HttpRequest, response: HttpResponse, found: list[str], count: int) -> None:
    """Both cookies, as far as they say something else now: the basket's tokens, oldest first, and its things."""
    kept = found[-MAX_ORDERS:]
    common: dict[str, Any] = {"max_age": YEAR, "samesite": "Lax", "secure": request.is_secure()}
    if kept:
        if kept != tokens(request):
            response.set_signed_cookie(COOKIE, ".".join(kept), salt=SALT, httponly=True, **common)
        if request.COOKIES.get(COUNT) != str(count):
            response.set_cookie(COUNT, str(count), **common)
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
        response.delete_cookie(COUNT, samesite="Lax")

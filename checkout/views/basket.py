"""The basket: a visitor's unpaid orders, one for each currency."""

from collections.abc import Collection

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext

from .. import basket, presenting, ratelimit, refusals, visitors
from ..refusals import Refused
from ..states import OrderStatus
from . import basket_cookie
from .buy import refuse_foreign_post
from .http import BASKET, SeeOther, params, route, wants_html, whole_id
from .undo import removed_line


@route("GET")
def basket_show(request: HttpRequest) -> HttpResponse:
    """All orders of the basket, each with its own Pay button."""
    views = [presenting.order_view(order) for order in basket_cookie.orders(request)]
    groups = [view for view in views if view.lines]
    response = render(
        request,
        "checkout/basket.html",
        {"groups": groups, "notice": _again_notice(request), "in_basket": True, "removed": removed_line(request, "")},
    )
    basket_cookie.remember(request, response)
    return response


@route("POST")
def basket_add(request: HttpRequest, item_id: str) -> HttpResponse:
    """Puts an item into the order of its currency, which is made if need be."""
    refuse_foreign_post(request)
    visitor = visitors.visitor_of(request)
    given = params(request)
    wanted = {
        "item_id": whole_id(item_id),
        "quantity": basket.parse_quantity(given.get("quantity", "1")),
        "variant": given.get("variant", ""),
    }
    token = _put(request, visitor, wanted)
    response: HttpResponse = HttpResponse()
    count = basket_cookie.remember(request, response, added=[token])
    cookies = response.cookies
    response = JsonResponse({"order_id": token, "count": count})
    if wants_html(request):
        response = SeeOther(BASKET)
    response.cookies = cookies
    visitors.remember(request, response, visitor)
    return response


@route("POST")
def basket_again(request: HttpRequest, token: str) -> HttpResponse:
    """Puts what was in an order into the basket once more, at today's prices; what is gone is left out, and told."""
    visitor = visitors.visitor_of(request)
    old = basket.order_by_token(token)
    ratelimit.check("again", visitor.identity, 10, 60)
    added: set[str] = set()
    missing = 0
    for line in old.lines.all():
        try:
            wanted = {"item_id": line.item_id, "quantity": line.quantity, "variant": line.variant}
            added.add(_put(request, visitor, wanted, known=added))
        except Refused:
            missing += 1
    response = SeeOther(f"{BASKET}?again={missing}")
    basket_cookie.remember(request, response, added=sorted(added))
    visitors.remember(request, response, visitor)
    return response


def _again_notice(request: HttpRequest) -> str:
    missing = request.GET.get("again", "")
    if not (missing.isascii() and missing.isdigit() and len(missing) < 4):
        return ""
    if missing == "0":
        return gettext("Everything from that order is in your basket again, at today’s prices.")
    return gettext("What can still be had is in your basket again, at today’s prices. Something is no longer there.")


def _put(request: HttpRequest, visitor: visitors.Visitor, wanted: dict, known: Collection[str] = ()) -> str:
    """Into the first order of the basket that takes it; answers its token."""
    currency = basket.currency_of(wanted["item_id"], wanted["variant"])
    mine = basket_cookie.orders(request, extra=tuple(known))
    fitting = [order for order in mine if order.currency in ("", currency)]
    for order in sorted(fitting, key=lambda one: (one.status != OrderStatus.DRAFT, one.currency == "")):
        try:
            basket.put(token=order.token, **wanted)
        except Refused as refused:
            if refused.code != refusals.order_closed().code:  # it is being paid: another order takes the item
                raise
        else:
            return order.token
    ratelimit.check("order_new", visitor.identity, 60, 3600)
    basket.require_available(**wanted)
    order = basket.new_order(visitor=visitor.owner, language=get_language() or "en")
    basket.put(token=order.token, **wanted)
    return order.token

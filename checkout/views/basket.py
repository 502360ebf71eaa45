"""The basket: a visitor's unpaid orders, one for each currency."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language

from .. import basket, presenting, ratelimit, refusals, visitors
from ..refusals import Refused
from ..states import OrderStatus
from . import basket_cookie
from .buy import refuse_foreign_post
from .http import BASKET, SeeOther, params, route, wants_html, whole_id


@route("GET")
def basket_show(request: HttpRequest) -> HttpResponse:
    """All orders of the basket, each with its own Pay button."""
    views = [presenting.order_view(order) for order in basket_cookie.orders(request)]
    groups = [view for view in views if view.lines]
    response = render(request, "checkout/basket.html", {"groups": groups, "notice": "", "in_basket": True})
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
    count = basket_cookie.remember(request, response, added=token)
    cookies = response.cookies
    response = JsonResponse({"order_id": token, "count": count})
    if wants_html(request):
        response = SeeOther(BASKET)
    response.cookies = cookies
    visitors.remember(request, response, visitor)
    return response


def _put(request: HttpRequest, visitor: visitors.Visitor, wanted: dict) -> str:
    """Into the first order of the basket that takes it; answers its token."""
    currency = basket.currency_of(wanted["item_id"], wanted["variant"])
    known = [order for order in basket_cookie.orders(request) if order.currency in ("", currency)]
    for order in sorted(known, key=lambda one: (one.status != OrderStatus.DRAFT, one.currency == "")):
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

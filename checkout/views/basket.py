"""The basket: a visitor's unpaid orders, one for each currency."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext

from .. import adding, basket, presenting, ratelimit, visitors
from ..refusals import Refused
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
    done = adding.add(
        basket_cookie.tokens(request),
        visitor=visitor,
        language=get_language() or "en",
        item_id=whole_id(item_id),
        variant=given.get("variant", ""),
        quantity=basket.parse_quantity(given.get("quantity", "1")),
    )
    response: HttpResponse = JsonResponse({"order_id": done.token, "count": done.count})
    if wants_html(request):
        response = SeeOther(BASKET)
    basket_cookie.write(request, response, done.tokens, done.count)
    visitors.remember(request, response, visitor)
    return response


@route("POST")
def basket_again(request: HttpRequest, token: str) -> HttpResponse:
    """Puts what was in an order into the basket once more, at today's prices; what is gone is left out, and told."""
    visitor = visitors.visitor_of(request)
    old = basket.order_by_token(token)
    ratelimit.check("again", visitor.identity, 10, 60)
    mine = basket_cookie.tokens(request)
    missing = 0
    for line in old.lines.all():
        try:
            done = adding.add(
                mine,
                visitor=visitor,
                language=get_language() or "en",
                item_id=line.item_id,
                variant=line.variant,
                quantity=line.quantity,
            )
            mine = done.tokens
        except Refused:
            missing += 1
    response = SeeOther(f"{BASKET}?again={missing}")
    basket_cookie.remember(request, response, added=mine)
    visitors.remember(request, response, visitor)
    return response


def _again_notice(request: HttpRequest) -> str:
    missing = request.GET.get("again", "")
    if not (missing.isascii() and missing.isdigit() and len(missing) < 4):
        return ""
    if missing == "0":
        return gettext("Everything from that order is in your basket again, at today’s prices.")
    return gettext("What can still be had is in your basket again, at today’s prices. Something is no longer there.")

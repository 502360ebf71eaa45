"""To the payment page: for one item, or for a whole order."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import get_language

from .. import basket, ratelimit, refusals, start, visitors
from ..refusals import Refused
from ..states import OrderStatus
from .http import SeeOther, params, route, wants_html, whole_id


def refuse_foreign_post(request: HttpRequest) -> None:
    """Raises Refused (403) for a POST from another site's page: here no token in the URL protects the visitor."""
    if visitors.is_foreign_post(request):
        raise Refused("forbidden", "This request came from another site and was refused.", 403)


@route("GET", "POST", effect=True)
def buy(request: HttpRequest, item_id: str) -> HttpResponse:
    """Buys one item right away."""
    refuse_foreign_post(request)
    visitor = visitors.visitor_of(request)
    ratelimit.check("buy", visitor.identity, 30, 60)
    given = params(request)
    order = basket.order_for_purchase(
        visitor=visitor,
        item_id=whole_id(item_id),
        quantity=basket.parse_quantity(given.get("quantity", "1")),
        variant=given.get("variant", ""),
        language=get_language() or "en",
    )
    if order.status == OrderStatus.DRAFT:
        ratelimit.check_holds(visitor)
    response = _answer(request, start.start(order_token=order.token))
    visitors.remember(request, response, visitor)
    return response


@route("GET", "POST", effect=True)
def order_buy(request: HttpRequest, token: str) -> HttpResponse:
    """Pays a whole order."""
    order = basket.order_by_token(token)
    visitor = visitors.visitor_of(request)
    if order.status == OrderStatus.DRAFT:
        if not order.lines.exists():
            raise refusals.bad_request("There is nothing in this order.")
        ratelimit.check_holds(visitor)
    response = _answer(request, start.start(order_token=token))
    visitors.remember(request, response, visitor)
    return response


def _answer(request: HttpRequest, started: start.Started) -> HttpResponse:
    if wants_html(request):
        return SeeOther(started.url)
    return JsonResponse(
        {
            "session_id": started.session_id,
            "url": started.url,
            "publishable_key": started.publishable_key,
            "order_id": started.order_id,
        }
    )

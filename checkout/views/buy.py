"""To the payment page: for one item, or for a whole order."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import get_language, gettext

from .. import basket, ratelimit, refusals, start, turns, visitors
from ..models import CheckoutSettings, Order
from ..models.site_settings import FrontEnd
from ..refusals import Refused
from ..states import OrderStatus
from .http import SeeOther, order_path, params, route, wants_html, whole_id


def refuse_foreign_post(request: HttpRequest) -> None:
    """Raises Refused (403) for a POST from another site's page: here no token in the URL protects the visitor."""
    if visitors.is_foreign_post(request):
        raise Refused("forbidden", gettext("This request came from another site and was refused."), 403)


@route("GET", "POST", effect=True)
@turns.in_turn
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
    response = to_payment(request, order, given)
    visitors.remember(request, response, visitor)
    return response


@route("GET", "POST", effect=True)
@turns.in_turn
def order_buy(request: HttpRequest, token: str) -> HttpResponse:
    """Pays a whole order."""
    order, visitor = check_payable(request, token)
    response = to_payment(request, order, params(request))
    visitors.remember(request, response, visitor)
    return response


def check_payable(request: HttpRequest, token: str) -> tuple[Order, visitors.Visitor]:
    """Raises Refused: 404, 400 (nothing in it), 429 (too many unpaid orders of this visitor hold units)."""
    order = basket.order_by_token(token)
    visitor = visitors.visitor_of(request)
    if order.status == OrderStatus.DRAFT:
        if not order.lines.exists():
            raise refusals.bad_request(gettext("There is nothing in this order."))
        ratelimit.check_holds(visitor)
    return order, visitor


def to_payment(request: HttpRequest, order: Order, given: dict[str, str]) -> HttpResponse:
    """The way to Stripe's page or to the shop's own, as the site's setting says to people.

    Programs get a Checkout Session. `pay_with` names another way: "shop" (the setting), "session" or "intent".
    """
    token = order.token
    way = given.get("pay_with") or ("shop" if wants_html(request) else FrontEnd.SESSION)
    if way not in ("shop", *FrontEnd.values):
        raise refusals.bad_request(gettext("pay_with is shop, session or intent."))
    if way == "shop":
        way = CheckoutSettings.for_request(request).payment_front_end
    if way == FrontEnd.INTENT:
        intent = start.start_intent(token, order)
        page = order_path(token) if intent.client_secret is None else f"/order/pay/{token}"
        started = start.Started(token, None, f"{settings.BASE_URL}{page}", intent.publishable_key)
    else:
        started = start.start(token, order)
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

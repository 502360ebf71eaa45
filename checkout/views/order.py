"""An order: made, filled, shown."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext

from products import languages

from .. import basket, presenting, ratelimit, refusals, settle, visitors
from ..models import Order
from ..states import OrderStatus
from . import basket_cookie
from .buy import refuse_foreign_post
from .http import BASKET, SeeOther, order_path, params, route, wants_html, whole_id
from .undo import removed_line


@route("GET", "POST", effect=True)
def order_new(request: HttpRequest) -> HttpResponse:
    """An empty order."""
    refuse_foreign_post(request)
    visitor = visitors.visitor_of(request)
    ratelimit.check("order_new", visitor.identity, 60, 3600)
    order = basket.new_order(visitor=visitor.owner, language=get_language() or "en")
    response: HttpResponse = JsonResponse({"order_id": order.token})
    if wants_html(request):
        response = SeeOther(order_path(order.token))
    visitors.remember(request, response, visitor)
    return response


@route("GET", "POST", effect=True)
def order_put(request: HttpRequest, token: str) -> HttpResponse:
    """Adds units of an item."""
    given = params(request)
    basket.order_by_token(token)
    basket.put(
        token=token,
        item_id=whole_id(given.get("item_id")),
        quantity=basket.parse_quantity(given.get("quantity", "1")),
        variant=given.get("variant", ""),
    )
    return _changed(request, token, given)


@route("POST")
def order_set(request: HttpRequest, token: str) -> HttpResponse:
    """Sets a line's quantity; 0 removes it."""
    given = params(request)
    basket.order_by_token(token)
    item_id, variant = whole_id(given.get("item_id")), given.get("variant", "")
    before = basket.quantity_of(token=token, item_id=item_id, variant=variant)
    quantity = basket.parse_quantity(given.get("quantity", ""), 0)
    basket.set_quantity(token=token, item_id=item_id, quantity=quantity, variant=variant)
    removed = {"removed": item_id, "quantity": before, "variant": variant}
    return _changed(request, token, given, removed if before and not quantity else {})


@route("POST")
def order_discount(request: HttpRequest, token: str) -> HttpResponse:
    """Applies a code; an empty one takes the code off."""
    given = params(request)
    basket.order_by_token(token)
    code = given.get("code", "").strip()
    if code:
        visitor = visitors.visitor_of(request)
        ratelimit.check("discount", visitor.identity, 10, 60)
        basket.apply_code(token=token, code=code)
    else:
        basket.remove_code(token=token)
    return _changed(request, token, given)


@route("POST")
def order_shipping(request: HttpRequest, token: str) -> HttpResponse:
    """Chooses how the order is sent: `rate` is the id of one of its shipping rates."""
    given = params(request)
    basket.order_by_token(token)
    rate = given.get("rate", "")
    if not (rate.isascii() and rate.isdigit() and len(rate) < 19):
        raise refusals.bad_request(gettext("Say which way it is sent: rate is a whole number."))
    basket.choose_shipping(token=token, rate_id=int(rate))
    return _changed(request, token, given)


@route("POST")
def order_note(request: HttpRequest, token: str) -> HttpResponse:
    """The buyer's note to the shop."""
    given = params(request)
    basket.order_by_token(token)
    basket.write_note(token=token, note=given.get("note", ""))
    return _changed(request, token, given)


@route("GET")
def order_show(request: HttpRequest, token: str) -> HttpResponse:
    """The order as a page or as JSON."""
    order = basket.order_by_token(token)
    if not wants_html(request):
        return JsonResponse(presenting.order_json(order))
    returned = request.GET.get("return") == "1"
    if returned and order.status == OrderStatus.PENDING:
        settle.settle_order(order_token=token)  # "check again" asks Stripe again, a few seconds apart
        order = basket.order_by_token(token)
    # a basket speaks as the visitor does now; what was promised or paid stays in the language it was said in
    language = (get_language() if order.status == OrderStatus.DRAFT else None) or order.language
    with translation.override(languages.supported(language)):
        response = render(
            request,
            "checkout/order.html",
            {
                **presenting.order_context(order, notice=_notice(request, order), confirming=returned),
                "removed": removed_line(request, f"/order/put/{token}"),
                "cancelled": request.GET.get("cancelled") == "1" and order.status == OrderStatus.PENDING,
            },
        )
        response["Content-Language"] = translation.get_language() or language
    basket_cookie.remember(request, response)
    return response


def _notice(request: HttpRequest, order: Order) -> str:
    if request.GET.get("links") != "sent" or not order.downloads.exists():
        return ""
    if not order.email:
        return gettext("The links below hold again.")
    return gettext("New links are on their way to %(address)s. They stand below, too.") % {"address": order.email}


def _changed(request: HttpRequest, token: str, given: dict[str, str], removed: dict | None = None) -> HttpResponse:
    """The order after a change; a browser goes back to the page it came from, and may undo what it `removed`."""
    response: HttpResponse
    if wants_html(request):
        back = BASKET if given.get("next") == "basket" else order_path(token)
        response = SeeOther(f"{back}?{urlencode(removed)}" if removed else back)
    else:
        response = JsonResponse(presenting.order_json(basket.order_by_token(token)))
    if token in basket_cookie.tokens(request):
        basket_cookie.remember(request, response)
    return response

"""Paying on the shop's own page: the order's Payment Intent, and the page with Stripe's Payment Element."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language

from .. import basket, intent_params, presenting, quoting, refusals, shipping, start, turns, visitors
from ..refusals import Refused
from .buy import check_payable
from .http import SeeOther, order_path, route, wants_html


@route("POST")
@turns.in_turn
def order_intent(request: HttpRequest, token: str) -> HttpResponse:
    """The order's intent, for the page's script or for a program with a page of its own."""
    order, visitor = check_payable(request, token)
    response = _as_json(start.start_intent(token, order))
    visitors.remember(request, response, visitor)
    return response


@route("GET", effect=True)
@turns.in_turn
def order_pay(request: HttpRequest, token: str) -> HttpResponse:
    """The page. An order that is not to be paid (any more) is shown instead."""
    order, visitor = check_payable(request, token)
    try:
        intent = start.start_intent(token, order)
    except Refused as refused:
        if refused.code == refusals.order_closed().code and wants_html(request):
            return SeeOther(order_path(token))
        raise
    response = _as_json(intent) if not wants_html(request) else _page(request, intent)
    visitors.remember(request, response, visitor)
    return response


def _as_json(intent: start.StartedIntent) -> HttpResponse:
    return JsonResponse(
        {
            "client_secret": intent.client_secret,
            "payment_intent_id": intent.payment_intent_id,
            "publishable_key": intent.publishable_key,
            "amount": intent.amount,
            "currency": intent.currency,
            "order_id": intent.order_id,
        }
    )


def _page(request: HttpRequest, intent: start.StartedIntent) -> HttpResponse:
    if intent.client_secret is None:
        return SeeOther(order_path(intent.order_id))
    order = basket.order_by_token(intent.order_id)
    rate = quoting.quote_order(order).shipping_rate
    language = get_language() or "en"
    context = presenting.order_context(order) | {
        "countries": shipping.country_names(rate.countries, language) if rate else [],
        "amount": intent.amount,
        "return_url": intent_params.return_url(),
        "declined": "declined" in request.GET,
    }
    return render(request, "checkout/pay.html", context)

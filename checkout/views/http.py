"""What every route of the checkout shares: representations, refusals, parameters, headers."""

import functools
import json
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.csrf import csrf_exempt

from .. import refusals, visitors
from ..refusals import Refused

BASKET = "/basket/"
View = Callable[..., HttpResponse]
TITLES = {
    400: gettext_lazy("That did not work"),
    403: gettext_lazy("Refused for safety"),
    405: gettext_lazy("That did not work"),
    409: gettext_lazy("Something has changed"),
    410: gettext_lazy("The link is too old"),
    422: gettext_lazy("This sum cannot be paid"),
    429: gettext_lazy("Please wait a little"),
    503: gettext_lazy("Please try again in a moment"),
}


class SeeOther(HttpResponseRedirect):
    """303: the browser goes on with GET, whatever it came with."""

    status_code = 303


def route(*methods: str, effect: bool = False) -> Callable[[View], View]:
    """A route of the checkout. `effect`: its GET changes something, so that HEAD and prefetch answer 204 instead.

    No CSRF token is asked for: the order's token in the URL is the secret.
    """

    def decorate(view: View) -> View:
        @csrf_exempt
        @functools.wraps(view)
        def wrapper(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            try:
                response = _dispatch(view, request, methods, effect, kwargs)
            except Refused as refused:
                response = refusal(request, refused, token=kwargs.get("token", ""))
            if "Cache-Control" not in response:  # a file's own is stricter still
                response["Cache-Control"] = "no-store"
            response["X-Robots-Tag"] = "noindex"
            response["Vary"] = "Accept, Cookie"
            return response

        return wrapper

    return decorate


def _dispatch(view: View, request: HttpRequest, methods: tuple[str, ...], effect: bool, kwargs: dict) -> HttpResponse:
    allowed = (*methods, "HEAD") if "GET" in methods else methods
    if request.method not in allowed:
        message = gettext("This address answers %(methods)s only.") % {"methods": " / ".join(methods)}
        response = refusal(request, Refused("method_not_allowed", message, 405))
        response["Allow"] = ", ".join(allowed)
        return response
    if effect and (request.method == "HEAD" or visitors.is_prefetch(request)):
        return HttpResponse(status=204)
    return view(request, **kwargs)


def wants_html(request: HttpRequest) -> bool:
    """A person reads the answer. Programs get JSON unless they name HTML."""
    return "text/html" in request.headers.get("Accept", "").lower()


def refusal(request: HttpRequest, refused: Refused, *, token: str = "") -> HttpResponse:
    """The refusal as a page or as JSON. `token`: the order to lead back to."""
    if not wants_html(request):
        body = {"error": {"code": refused.code, "message": refused.message}}
        response: HttpResponse = JsonResponse(body, status=refused.status)
    elif refused.status == 404:
        response = render(request, "404.html", {"title_of_error": refused.message}, status=404)
    else:
        context = {"title": TITLES.get(refused.status, TITLES[400]), "text": refused.message}
        if token:
            context |= {"action_url": order_path(token), "action_label": gettext("Back to the order")}
            if request.method == "POST" and request.POST.get("next") == "basket":
                context |= {"action_url": BASKET, "action_label": gettext("Back to the basket")}
        response = render(request, "checkout/message.html", context, status=refused.status)
    if refused.retry_after is not None:
        response["Retry-After"] = str(refused.retry_after)
    return response


def order_path(token: str) -> str:
    """The order's page."""
    return f"/order/{token}"


def params(request: HttpRequest) -> dict[str, str]:
    """Parameters from the query, then the form or JSON body, which wins. Raises Refused (400)."""
    found: dict[str, Any] = {**request.GET.dict()}
    if request.method == "POST":
        found |= _json(request) if request.content_type == "application/json" else request.POST.dict()
    return {name: _text(value) for name, value in found.items()}


def whole_id(text: str | None) -> int:
    """An item's id as somebody wrote it. Raises Refused (400)."""
    if text and len(text) < 20 and text.isascii() and text.isdigit():
        return int(text)
    raise refusals.bad_request(gettext("Say which item: item_id is a whole number."))


def _json(request: HttpRequest) -> dict[str, Any]:
    try:
        body = json.loads(request.body or b"{}")
    except (ValueError, RecursionError):
        raise refusals.bad_request(gettext("The body is not valid JSON.")) from None
    if not isinstance(body, dict):
        raise refusals.bad_request(gettext("The body must be a JSON object."))
    return body


def _text(value: object) -> str:
    """Parameters are text, whole numbers from JSON included."""
    if value is None:
        return ""
    if isinstance(value, bool | list | dict):
        raise refusals.bad_request(gettext("Parameters are texts and numbers."))
    text = str(value)
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise refusals.bad_request(gettext("A parameter has characters that are not text."))
    return text

"""Error pages in the shop's look, or as JSON for programs. Neither tells what was asked for nor why it failed."""

import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template import loader
from django.utils.translation import gettext_lazy

MESSAGES = {
    400: ("bad_request", gettext_lazy("The request could not be understood.")),
    403: ("forbidden", gettext_lazy("This request was refused for safety. Go back, reload the page and try again.")),
    404: ("not_found", gettext_lazy("There is nothing here.")),
    413: ("too_large", gettext_lazy("That is more than the shop takes at once.")),
    429: ("too_many_requests", gettext_lazy("That was too often. Please wait a minute and try again.")),
    500: ("server_error", gettext_lazy("Something broke on our side. Please try again in a moment.")),
    503: ("busy", gettext_lazy("The shop is very busy. Please try again.")),
}
# On these routes no Accept header, or */*, means JSON.
JSON_ROUTES = ("/buy/", "/order/", "/basket/add/", "/back-in-stock/", "/stripe/")


def wants_json(request: HttpRequest) -> bool:
    """Whether a program reads the answer: it names JSON and not HTML, or asks an order route without naming HTML."""
    accept = request.headers.get("Accept", "")
    if "text/html" in accept:
        return False
    return "application/json" in accept or request.path.startswith(JSON_ROUTES)


def answer(request: HttpRequest, status: int) -> HttpResponse:
    """The shop's page, or JSON, for one of the statuses in MESSAGES."""
    code, message = MESSAGES[status]
    if wants_json(request):
        return JsonResponse({"error": {"code": code, "message": message}}, status=status)
    if status >= 500:  # neither the database nor a context processor may be needed
        return HttpResponse(loader.get_template("500.html").render({"code": status}), status=status)
    template = f"{status}.html" if status != 413 else "400.html"
    return render(request, template, {"title_of_error": message}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: most often a page that was open for very long."""
    return answer(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, 404)


def too_many(request: HttpRequest, seconds: int = 60) -> HttpResponse:
    """For views that limit tries; `seconds` goes into Retry-After."""
    response = answer(request, 429)
    response["Retry-After"] = str(seconds)
    return response


def locked_out(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
    """After too many wrong passwords from one address (axes)."""
    return too_many(request, int(settings.AXES_COOLOFF_TIME * 3600))


def too_large(request: HttpRequest) -> HttpResponse:
    return answer(request, 413)


def server_error(request: HttpRequest) -> HttpResponse:
    """A database that is busy, restarted or away is no fault of the page: 503, and come again."""
    if not isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return answer(request, 500)
    response = answer(request, 503)
    response["Retry-After"] = "5"
    return response

"""Stripe's events come in here; one address for every account."""

from django.http import HttpRequest, HttpResponse, UnreadablePostError

from .. import inbox
from .http import route

MAX_BODY = 256 * 1024  # bytes; Stripe's events are far smaller


@route("POST")
def stripe_webhook(request: HttpRequest) -> HttpResponse:
    """Status only: 2xx when the event is stored."""
    try:
        if int(request.headers.get("Content-Length") or 0) > MAX_BODY:
            return HttpResponse(status=400)
        body = request.body
    except (ValueError, UnreadablePostError):
        return HttpResponse(status=400)
    if len(body) > MAX_BODY:
        return HttpResponse(status=400)
    return HttpResponse(status=inbox.receive(body, request.headers.get("Stripe-Signature", "")))

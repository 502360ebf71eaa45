"""Addresses for machines that run the shop: /tick/ does the periodic work, /metrics tells Prometheus how it is.

Each has a token of its own in the settings. Without the setting there is no such address; with a wrong token the answer
is the same 404, and too many of those are refused.
"""

import hmac

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from checkout import ratelimit
from checkout.refusals import Refused

from . import periodic
from .alone import Busy
from .errors import not_found, too_many
from .metrics import counters, gauges

WRONG_TOKENS = 10  # a minute, from one address
TICKS = 6  # a minute


@csrf_exempt
@require_POST
def tick(request: HttpRequest) -> HttpResponse:
    """For hosts without cron: what `manage.py tick` does, and what it said. 409 while another is at work."""
    if refused := _refusal(request, settings.TICK_TOKEN):
        return refused
    try:
        ratelimit.check("tick", "everybody", TICKS, 60)
    except Refused as refusal:
        return too_many(request, refusal.retry_after or 60)
    said: list[str] = []
    try:
        well = periodic.tick(said.append)
    except Busy:
        return JsonResponse({"error": {"code": "busy", "message": "Another tick is at work."}}, status=409)
    text = "\n".join(said) + "\n"
    return HttpResponse(text, status=200 if well else 500, content_type="text/plain; charset=utf-8")


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    if refused := _refusal(request, settings.METRICS_TOKEN):
        return refused
    text = "\n".join([*counters.lines(), *gauges.lines()]) + "\n"
    return HttpResponse(text, content_type="text/plain; version=0.0.4; charset=utf-8")


def _refusal(request: HttpRequest, expected: str) -> HttpResponse | None:
    """None for `Authorization: Bearer <expected>`."""
    scheme, _, given = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    right = hmac.compare_digest(given.strip().encode(), expected.encode())
    if expected and right and scheme.lower() == "bearer":
        return None
    if expected:
        try:
            ratelimit.check("machine", request.META.get("REMOTE_ADDR", ""), WRONG_TOKENS, 60)
        except Refused as refusal:
            return too_many(request, refusal.retry_after or 60)
    return not_found(request, Exception())

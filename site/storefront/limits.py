"""Limits that no single view can set: how large a request may be, how often a password may be asked for."""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from checkout import ratelimit
from checkout.refusals import Refused

from .errors import too_large, too_many

# Each sends a mail to an address that somebody typed.
ASKS_FOR_PASSWORD = re.compile(r"/(?:admin|django-admin)/password_reset/?\Z")
PASSWORDS_AN_HOUR = 10


class LimitMiddleware:
    """Refuses before anything is read or parsed. What an address may take stands in settings.MAX_BODY."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in ("GET", "HEAD"):
            return self.get_response(request)
        length = request.META.get("CONTENT_LENGTH") or "0"
        most = next(size for prefix, size in settings.MAX_BODY.items() if request.path_info.startswith(prefix))
        if not length.isdecimal() or int(length) > most:
            return too_large(request)
        if ASKS_FOR_PASSWORD.match(request.path_info):
            try:
                ratelimit.check("password", request.META.get("REMOTE_ADDR", ""), PASSWORDS_AN_HOUR, 3600)
            except Refused as refused:
                return too_many(request, refused.retry_after or 3600)
        return self.get_response(request)

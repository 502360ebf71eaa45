"""Every request has an id (in its answer and in its log lines) and is counted for /metrics."""

import re
import secrets
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from . import metrics
from .logs import request_id

ID = re.compile(r"[\w-]{8,64}")


def begin(given: str) -> str:
    """The id of the request that this thread answers from now on. `given`: X-Request-ID as it came."""
    name = given if ID.fullmatch(given) else secrets.token_hex(8)
    request_id.set(name)  # until this thread's next request: Django logs 404 and 500 after the last middleware
    return name


class RequestMiddleware:
    """Outside of everything that may fail. A proxy's own id is kept, so that its log and ours can be laid together."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name = begin(request.META.get("HTTP_X_REQUEST_ID", ""))
        vars(request)["id"] = name
        began = time.perf_counter()
        response = self.get_response(request)
        metrics.count_request(response.status_code, time.perf_counter() - began)
        response["X-Request-ID"] = name
        return response

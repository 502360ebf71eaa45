"""/healthz: the process answers. /readyz: it should get traffic. Both answer whatever the Host header says."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from checkout.models import Beat, StripeEvent
from checkout.states import EventState

METHODS = ("GET", "HEAD")


def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    state = readiness()
    ready = state["database"] == "ok" and state["migrations"] == "ok"
    return JsonResponse(state, status=200 if ready else 503)


def readiness() -> dict[str, Any]:
    """`database` and `migrations`: "ok" or what is wrong; the age in seconds; an ISO 8601 time, or null if unknown."""
    state: dict[str, Any] = {
        "database": "unreachable",
        "migrations": "unknown",
        "oldest_unprocessed_event_seconds": None,
        "last_reconcile": None,
    }
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        state["database"] = "ok"
        missing = _known_migrations() - set(MigrationRecorder(connection).applied_migrations())
        state["migrations"] = f"{len(missing)} missing" if missing else "ok"
        if not missing:
            state["oldest_unprocessed_event_seconds"] = _oldest_event()
            state["last_reconcile"] = _last_reconcile()
    except DatabaseError:
        connection.close()  # the next request begins with a connection of its own
    return state


@cache
def _known_migrations() -> frozenset[tuple[str, str]]:
    """Those in the code; it cannot change while the process lives. Squashed ones count through their successors."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return frozenset(loader.graph.nodes)


def _oldest_event() -> int | None:
    waiting = StripeEvent.objects.filter(state__in=[EventState.NEW, EventState.UNMATCHED]).order_by("received")
    received = waiting.values_list("received", flat=True).first()
    return int((timezone.now() - received).total_seconds()) if received else None


def _last_reconcile() -> str | None:
    at = Beat.objects.filter(name="reconcile").values_list("at", flat=True).first()
    return at.isoformat() if at else None


class HealthMiddleware:
    """First in line: a host's checks come with any Host header, by plain http, before the shop is ready."""

    answers: dict[str, Callable[[HttpRequest], HttpResponse]] = {"/healthz": healthz, "/readyz": readyz}

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.answers.get(request.path_info.removesuffix("/"))
        if answer is None:
            return self.get_response(request)
        response = answer(request) if request.method in METHODS else HttpResponse(status=405, headers={"Allow": "GET"})
        response["Cache-Control"] = "no-store"
        return response

"""A bought file, by its signed link."""

import functools
import threading
import weakref
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from .. import basket, downloads, refusals, renewing
from ..models import OrderDownload
from ..refusals import Refused
from .http import SeeOther, order_path, refusal, route, wants_html


@functools.cache
def _places() -> threading.BoundedSemaphore:
    """Slow lines hold a thread each until they have the whole file; one thread of the process always serves pages."""
    return threading.BoundedSemaphore(max(1, settings.GUNICORN_THREADS - 1))


@route("GET")
def download(request: HttpRequest, signed: str) -> HttpResponse:
    """The file, or a page that says why not and what to do."""
    try:
        found = downloads.by_link(signed)
        return _sent(found, count=request.method == "GET")
    except Refused as refused:
        if refused.status not in (404, 410) or not wants_html(request):
            return refusal(request, refused)
        return _page(request, refused)


def _page(request: HttpRequest, refused: Refused) -> HttpResponse:
    """What became of the link, and the way to new ones. It does not lead to the order: a link opens a file alone."""
    context = {"title": gettext("This link no longer works"), "text": refused.message}
    if refused.status == 404:
        context["title"] = gettext("This link does not work")
        context["text"] = gettext(
            "Perhaps it was cut off on its way. Open it from the mail once more, or have new links sent to you from "
            "your order’s page."
        )
    context |= {"action_url": "/order/find/", "action_label": gettext("Find your order")}
    return render(request, "checkout/message.html", context, status=refused.status)


def _sent(found: OrderDownload, *, count: bool) -> HttpResponse:
    if not _places().acquire(blocking=False):
        raise refusals.downloads_busy()
    try:
        response = downloads.fetch(found, count=count)
    except BaseException:
        _places().release()
        raise
    _when_over(response, _places().release)
    return response


def _when_over(response: HttpResponse, work: Callable[[], None]) -> None:
    """Once: when the file was sent whole or the buyer went away, or when nobody holds the answer any more."""
    close, over = response.close, weakref.finalize(response, work)

    def closed() -> None:
        try:
            close()
        finally:
            over()

    response.close = closed  # type: ignore[method-assign]


@route("POST")
def downloads_renew(request: HttpRequest, token: str) -> HttpResponse:
    """New links for the buyer."""
    renewing.renew(basket.order_by_token(token))
    if wants_html(request):
        return SeeOther(f"{order_path(token)}?links=sent")
    return HttpResponse(status=204)

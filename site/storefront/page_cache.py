"""Stored pages for visitors without a session: the response's bytes, given out before any other middleware is reached.

A rendered page takes twenty times the CPU of a bare view; a stored one about as much as the bare view. Pages are kept
under the generation (products/generation.py), so whatever changes what a page shows makes all of them anew.

A page can be stored because it is the same for everybody: it sets no cookie, has no CSRF token and no basket count
(that is in a cookie which scripts read). What varies is in the key.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from products import generation, languages

from .page_store import LARGEST, STORED, Key, MemoryStore, Page, Stored, make_store

# Routes (their names in urls.py) whose pages are the same for everybody. Nothing else is ever stored.
ROUTES = frozenset(("item", "page", "search", "suggest", "feed", "robots", "wagtail_serve"))
# What these pages read from the query. With any other parameter a page is made for the one request, so nobody can fill
# the store with invented ones.
PARAMETERS = frozenset(("page", "sort", "q", "p", "min", "max", "currency", "stock", "tag"))
# What advertisers append and no page reads: left out, before the page is made too.
TRACKING = ("utm_", "gclid", "gbraid", "wbraid", "fbclid", "msclkid", "mc_cid", "mc_eid", "ref_src", "srsltid")
LONGEST_QUERY = 300
# Every use is confirmed here (a 304 of 0.3 ms), because a change must be seen within a second, in a CDN too.
CACHE_CONTROL = "public, max-age=0, must-revalidate"
REFUSED = re.compile(r";q=0(\.0*)?$")  # a content coding the visitor names to exclude it
STORED_VARY = frozenset(("accept-encoding", "accept-language"))


class PageCacheMiddleware:
    """Answers with a stored page, or stores the page that the rest of the shop makes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.store = make_store()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if self.store is None:
            return self.get_response(request)
        if _is_personal(request):
            return _private(request, self.get_response(request))
        key = key_of(request)
        if key is None:
            return self.get_response(request)
        page, state = self.store.get(key), "hit"
        coding = coding_of(request.META.get("HTTP_ACCEPT_ENCODING", ""))
        if page is None:
            state, method = "miss", request.method
            request.method = "GET"  # what answers HEAD is stored too
            response = self.get_response(request)
            request.method = method
            if not _is_storable(request, response):
                return response
            page = _page(response)
        fresh = coding not in page.bodies
        body = page.body(coding)
        if fresh or state == "miss":
            self.store.put(key, page)
        if isinstance(self.store, MemoryStore):  # of another store each process has a copy, and keeps nothing beside it
            request.META[STORED] = Stored(self.store, page, coding)
        return _answer(request, page, body, coding, state)


def _is_personal(request: HttpRequest) -> bool:
    """Somebody who may see something else than everybody: logged in, a program with a key, a preview."""
    meta = request.META
    return (
        request.method not in ("GET", "HEAD")
        or "HTTP_AUTHORIZATION" in meta
        or ("HTTP_COOKIE" in meta and settings.SESSION_COOKIE_NAME in request.COOKIES)
        or getattr(request, "is_dummy", False)  # Wagtail's mark on the requests it makes up for previews
    )


def _private(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """What an editor sees of a public page is for nobody else, whatever stands between."""
    if _route(request) in ROUTES and not response.has_header("Cache-Control"):
        response["Cache-Control"] = "private, no-cache"
    return response


def _route(request: HttpRequest) -> str | None:
    return request.resolver_match.url_name if request.resolver_match else None


def key_of(request: HttpRequest) -> Key | None:
    """What the page is stored under; None when it must be made for this request."""
    query = normal(request.META.get("QUERY_STRING", ""))
    if query is None:
        return None
    try:
        origin = f"{request.scheme}://{request.get_host()}"
    except DisallowedHost:  # the rest of the shop says so
        return None
    if query != request.META.get("QUERY_STRING", ""):
        request.META["QUERY_STRING"] = query
    return Key(generation.current(), origin, languages.language_of(request), request.path, query)


@lru_cache(maxsize=1024)
def normal(query: str) -> str | None:
    """The query as every visitor writes it who means the same; None if it has a parameter that pages do not read."""
    if not query:
        return ""
    if len(query) > LONGEST_QUERY:
        return None
    pairs = [pair for pair in parse_qsl(query, keep_blank_values=True) if not pair[0].startswith(TRACKING)]
    return urlencode(sorted(pairs)) if all(name in PARAMETERS for name, _value in pairs) else None


@lru_cache(maxsize=256)
def coding_of(accepted: str) -> str:
    """The shortest content coding that the visitor takes: "br", "gzip" or "" for none."""
    offers = [offer for offer in accepted.replace(" ", "").lower().split(",") if not REFUSED.search(offer)]
    taken = {offer.partition(";")[0] for offer in offers}
    return next((coding for coding in ("br", "gzip") if coding in taken), "")


def _is_storable(request: HttpRequest, response: HttpResponseBase) -> bool:
    """A plain 200 of a public route that depends on nothing but the key."""
    if response.status_code != 200 or response.streaming or _route(request) not in ROUTES:
        return False
    said = response.get("Cache-Control", "")
    varies = {name.strip().lower() for name in response.get("Vary", "").split(",") if name.strip()}
    return not (
        response.cookies
        or "CSRF_COOKIE_NEEDS_UPDATE" in request.META
        or any(word in said for word in ("no-store", "private", "no-cache"))
        or response.has_header("Content-Encoding")
        or not varies <= (STORED_VARY | {"cookie"} if _only_language_cookie(request) else STORED_VARY)
        or len(response.content) > LARGEST  # type: ignore[attr-defined]  # not streaming
    )


def _only_language_cookie(request: HttpRequest) -> bool:
    """The page depends on no cookie but the language's, which is in the key."""
    session = getattr(request, "session", None)
    return settings.LANGUAGE_COOKIE_NAME in request.COOKIES and not (session and session.accessed)


def _page(response: HttpResponseBase) -> Page:
    """The security headers and whatever else was set on the way are stored with it."""
    patch_vary_headers(response, ["Accept-Encoding"])
    response["Cache-Control"] = CACHE_CONTROL
    headers = {name: value for name, value in response.items() if name.lower() not in ("content-length", "etag")}
    return Page.of(headers, response.content)  # type: ignore[attr-defined]


def _answer(request: HttpRequest, page: Page, body: bytes, coding: str, state: str) -> HttpResponse:
    etag = page.tag(coding)
    headers = {**page.headers, "ETag": etag, "X-Page-Cache": state}
    if etag in request.META.get("HTTP_IF_NONE_MATCH", ""):
        headers.pop("Content-Type", None)
        return HttpResponse(status=304, headers=headers)
    if coding:
        headers["Content-Encoding"] = coding
    headers["Content-Length"] = str(len(body))
    return HttpResponse(b"" if request.method == "HEAD" else body, headers=headers)

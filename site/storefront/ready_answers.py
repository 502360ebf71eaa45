"""Stored pages once more, before Django is reached: the very headers and bytes it sent the last time.

Making a request and a response object, sending Django's signals and setting fourteen headers takes longer than
everything that depends on the request. So what Django answered from its store (storefront.page_cache) is kept whole
beside the page, and given out here while nothing has changed. Whatever is unusual goes on to Django, which decides.

No database is asked here: Django's handler is what tends its connections. When it is time to look whether the
catalogue has changed, a few times a second, the request takes the long way.
"""

import time
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import get_path_info

from products import generation, languages

from . import metrics, page_cache, requests
from .page_store import STORED, Key, MemoryStore, Stored
from .proxies import Peers

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
STATUSES = {200: "200 OK", 304: "304 Not Modified"}
OF_ONE_ANSWER = frozenset(("x-request-id", "x-page-cache"))


class ReadyAnswers:
    """WSGI middleware around Django's handler."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.store: MemoryStore | None = None  # known when the page cache has used it
        self.peers = Peers()
        self.personal = (settings.SESSION_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME)

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        began = time.perf_counter()
        if not self._is_usual(environ):
            return self.application(environ, start_response)
        key = self.key(environ)
        page = self.store.get(key) if self.store and key else None
        if page is None:
            return self._ask(environ, start_response)
        coding = page_cache.coding_of(environ.get("HTTP_ACCEPT_ENCODING", ""))
        status = 304 if page.tag(coding) in environ.get("HTTP_IF_NONE_MATCH", "") else 200
        headers = page.answers.get((coding, status))
        if headers is None:
            return self._ask(environ, start_response)
        self.peers.settle(environ)  # for the server's log
        name = requests.begin(environ.get("HTTP_X_REQUEST_ID", ""))
        start_response(STATUSES[status], [*headers, ("X-Request-ID", name)])
        metrics.count_request(status, time.perf_counter() - began)
        return [page.bodies[coding]] if status == 200 else []

    def _is_usual(self, environ: Environ) -> bool:
        """A plain look at a page by somebody without a session and without a language chosen by hand."""
        cookies = environ.get("HTTP_COOKIE", "")
        return (
            environ["REQUEST_METHOD"] == "GET"
            and "HTTP_AUTHORIZATION" not in environ
            and "HTTP_HOST" in environ
            and not environ.get("SCRIPT_NAME")
            and not (cookies and any(name in cookies for name in self.personal))
        )

    def key(self, environ: Environ) -> Key | None:
        """What the page cache will call this page, said from the same facts; None if only Django can tell."""
        serial = generation.seen()
        query = page_cache.normal(environ.get("QUERY_STRING", ""))
        if serial is None or query is None:
            return None
        origin = f"{self._scheme(environ)}://{environ['HTTP_HOST']}"  # of a host not allowed no page is ever stored
        path = get_path_info(environ)
        language = languages.language_for(path, environ.get("HTTP_ACCEPT_LANGUAGE", ""))
        return Key(serial, origin, language, path, query)

    def _scheme(self, environ: Environ) -> str:
        """As Django's request.scheme behind ProxyMiddleware."""
        said = environ.get("HTTP_X_FORWARDED_PROTO")
        if said is None or not self.peers.is_proxy(environ.get("REMOTE_ADDR", "")):
            return str(environ["wsgi.url_scheme"])
        return _said_scheme(said)

    def _ask(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Django's answer; if it was a stored page, its headers are kept."""
        sent: list[tuple[str, list[tuple[str, str]]]] = []

        def listen(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            sent.append((status, headers))
            return start_response(status, headers, *more)

        answer = self.application(environ, listen)
        stored: Stored | None = environ.get(STORED)
        if stored and sent:
            self._keep(stored, *sent[-1])
        return answer

    def _keep(self, stored: Stored, status: str, headers: list[tuple[str, str]]) -> None:
        code = int(status[:3])
        names = {name.lower() for name, _value in headers}
        if code not in STATUSES or "set-cookie" in names:
            return
        kept = [(name, value) for name, value in headers if name.lower() not in OF_ONE_ANSWER]
        stored.page.answers[stored.coding, code] = [*kept, ("X-Page-Cache", "hit")]
        self.store = stored.store


@lru_cache(maxsize=64)
def _said_scheme(said: str) -> str:
    name, secure = settings.SECURE_PROXY_SSL_HEADER
    return "https" if said.split(",", 1)[0].strip() == secure else "http"

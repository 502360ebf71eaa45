"""Stored pages given out before Django is reached: the same answer as Django's, and only to whom it would be given."""

import io
import time
from collections.abc import Iterator

import brotli
import hypothesis
import pytest
from django.conf import settings as django_settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from hypothesis import given
from hypothesis import strategies as st

from products import generation, stock
from products.models import ItemPage
from products.tests.factories import make_item
from storefront import page_cache, proxies
from storefront.metrics import counters
from storefront.ready_answers import ReadyAnswers

pytestmark = pytest.mark.django_db(transaction=True)
PROXY = "10.0.0.9"


class Visit:
    """One request through the WSGI application."""

    def __init__(self, shop: "Shop", path: str, query: str, more: dict[str, str]) -> None:
        before = shop.django_answers
        self.environ = environ(path, query, **more)
        self.body = b"".join(shop.application(self.environ, self._start))
        self.by_django = shop.django_answers > before

    def _start(self, status: str, headers: list[tuple[str, str]], *_: object) -> None:
        self.status, self.headers = status, dict(headers)
        assert len(headers) == len(self.headers), "a header is sent twice"


class Shop:
    def __init__(self) -> None:
        self.django, self.django_answers = WSGIHandler(), 0
        self.application = ReadyAnswers(self._count)

    def _count(self, environ, start_response):
        self.django_answers += 1
        return self.django(environ, start_response)

    def ask(self, path: str, query: str = "", **more: str) -> Visit:
        return Visit(self, path, query, more)


def environ(path: str, query: str = "", **more: str) -> dict:
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "HTTP_HOST": "testserver",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "203.0.113.9",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
    } | more


@pytest.fixture
def shop(settings, monkeypatch) -> Iterator[Shop]:
    settings.CACHES = {
        **settings.CACHES,
        "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    }
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    monkeypatch.setattr(generation, "LOOK_EVERY", 60)  # a slow machine may take a quarter of a second for a page
    return Shop()


def test_the_second_visitor_does_not_reach_django_and_gets_the_same(shop: Shop) -> None:
    make_item()
    first, second = shop.ask("/prints/"), shop.ask("/prints/")
    assert (first.by_django, second.by_django) == (True, False)
    assert (second.status, second.headers["X-Page-Cache"]) == ("200 OK", "hit")
    assert first.body == second.body
    assert first.headers.keys() == second.headers.keys()
    own = {"X-Page-Cache", "X-Request-ID"}
    assert {name for name in first.headers if first.headers[name] != second.headers[name]} == own


UNUSUAL = (
    {"HTTP_COOKIE": "basket=1; sessionid=x"},
    {"HTTP_COOKIE": "django_language=de"},
    {"HTTP_AUTHORIZATION": "Bearer x"},
    {"REQUEST_METHOD": "POST"},
    {"REQUEST_METHOD": "HEAD"},
    {"QUERY_STRING": "x=1"},
    {"HTTP_HOST": "evil.example"},
    {"HTTP_HOST": "localhost"},
    {"SCRIPT_NAME": "/shop"},
    {"HTTP_ACCEPT_LANGUAGE": "de"},
    {"HTTP_X_FORWARDED_PROTO": "https", "REMOTE_ADDR": PROXY},
)


def test_whoever_may_be_due_another_answer_is_asked_by_django(shop: Shop) -> None:
    make_item()
    assert not [shop.ask("/prints/") for _ in range(2)][1].by_django
    assert [more for more in UNUSUAL if not shop.ask("/prints/", **more).by_django] == []
    assert not shop.ask("/prints/").by_django


def test_other_cookies_other_proxies_and_advertisers_make_no_difference(shop: Shop) -> None:
    make_item()
    shop.ask("/prints/", "sort=name")
    for more in (
        {"HTTP_COOKIE": "basket_count=2"},
        {"QUERY_STRING": "utm_source=mail&sort=name&gclid=1"},
        {"HTTP_X_FORWARDED_PROTO": "https"},  # said by somebody who is no proxy of ours
        {"HTTP_X_FORWARDED_PROTO": "http", "REMOTE_ADDR": PROXY},
        {"HTTP_ACCEPT_LANGUAGE": "en-GB,en;q=0.5"},
    ):
        assert not shop.ask("/prints/", **{"QUERY_STRING": "sort=name"} | more).by_django, more


def test_what_a_stranger_says_of_the_scheme_is_not_stored_for_those_behind_a_proxy(shop: Shop) -> None:
    item = make_item()
    secure = {"HTTP_X_FORWARDED_PROTO": "https", "REMOTE_ADDR": PROXY}
    for _ in range(2):
        shop.ask(f"/item/{item.pk}", HTTP_X_FORWARDED_PROTO="https")
    behind = [shop.ask(f"/item/{item.pk}", **secure) for _ in range(2)]
    assert [one.by_django for one in behind] == [True, False]
    assert behind[1].environ["REMOTE_ADDR"] == PROXY  # it named no client
    assert behind[0].body == behind[1].body


def test_the_servers_log_has_the_client_and_not_the_proxy(shop: Shop) -> None:
    make_item()
    visits = [shop.ask("/prints/", REMOTE_ADDR=PROXY, HTTP_X_FORWARDED_FOR="198.51.100.7") for _ in range(2)]
    assert [one.by_django for one in visits] == [True, False]
    assert [one.environ["REMOTE_ADDR"] for one in visits] == ["198.51.100.7"] * 2


def test_each_language_and_each_coding_has_its_own(shop: Shop) -> None:
    make_item()
    for more in ({"HTTP_ACCEPT_LANGUAGE": "de"}, {}, {"HTTP_ACCEPT_ENCODING": "br"}):
        visits = [shop.ask("/search/", "q=item", **more) for _ in range(2)]
        assert [one.by_django for one in visits] == [True, False], more
        assert visits[1].headers["Content-Language"] == more.get("HTTP_ACCEPT_LANGUAGE", "en")
        assert visits[1].headers["Content-Length"] == str(len(visits[1].body))
    assert brotli.decompress(visits[1].body) == shop.ask("/search/", "q=item").body


def test_a_page_known_to_the_browser_is_not_sent_again(shop: Shop) -> None:
    make_item()
    tag = shop.ask("/prints/").headers["ETag"]
    visits = [shop.ask("/prints/", HTTP_IF_NONE_MATCH=tag) for _ in range(2)]
    assert [(one.by_django, one.status, one.body) for one in visits] == [
        (True, "304 Not Modified", b""),
        (False, "304 Not Modified", b""),
    ]
    assert visits[0].headers.keys() == visits[1].headers.keys()
    assert shop.ask("/prints/", HTTP_IF_NONE_MATCH='"other"').status == "200 OK"


def reprice(item: ItemPage) -> None:
    item.price = "77.77"
    item.save_revision().publish()


@pytest.mark.parametrize(
    ("change", "words"),
    [(reprice, b"77.77"), (lambda item: stock.hold(item_id=item.pk, quantity=10), b"Sold out")],
)
def test_a_change_is_seen_at_once(shop: Shop, change, words: bytes) -> None:
    item = make_item(on_hand=10)
    assert not any(words in shop.ask("/prints/").body for _ in range(3))
    change(item)
    assert words in shop.ask("/prints/").body


def test_when_it_is_time_to_look_for_changes_django_is_asked(shop: Shop, monkeypatch) -> None:
    make_item()
    assert not [shop.ask("/prints/") for _ in range(2)][1].by_django
    monkeypatch.setattr(generation, "LOOK_EVERY", 0)
    assert shop.ask("/prints/").by_django


def test_a_page_that_is_too_old_is_made_anew(shop: Shop, monkeypatch) -> None:
    make_item()
    assert not [shop.ask("/prints/") for _ in range(2)][1].by_django
    late = time.time() + 301
    monkeypatch.setattr(time, "time", lambda: late)
    again = shop.ask("/prints/")
    assert (again.by_django, again.headers["X-Page-Cache"]) == (True, "miss")


def test_nothing_else_is_kept(shop: Shop) -> None:
    make_item()
    for path in ("/healthz", "/basket/", "/no-such-page", "/admin/login/", "/order/find/"):
        assert all(shop.ask(path, HTTP_ACCEPT="text/html").by_django for _ in range(3)), path


def test_every_answer_has_an_id_and_is_counted(shop: Shop) -> None:
    make_item()
    shop.ask("/prints/")
    before = list(counters.lines())
    given = shop.ask("/prints/", HTTP_X_REQUEST_ID="from-the-proxy-1")
    assert (given.by_django, given.headers["X-Request-ID"]) == (False, "from-the-proxy-1")
    assert len({shop.ask("/prints/").headers["X-Request-ID"] for _ in range(3)}) == 3
    assert list(counters.lines()) != before


PATHS = st.sampled_from(
    ["/", "/prints/", "/de/prints/", "//prints", "/pr%ints", "/\xd0\xb4\xd0\xb0/", "/\xff", "", "x/y", "*"]
)
QUERIES = st.sampled_from(["", "q=a", "q=%D0%B4&page=2", "page=2&q=a", "utm_x=1", "x=1", "q=" + "a" * 400])
LANGUAGES = st.sampled_from(["", "de", "ru,en;q=0.1", "en-GB", "*", "xx", "de;q=0", ",,;q", "x" * 600])
SCHEMES = st.sampled_from([None, "https", "http", "https, http", " https ", ""])
HOSTS = st.sampled_from(["testserver", "testserver:80", "TESTSERVER", "localhost", "127.0.0.1:9"])


@hypothesis.settings(deadline=None, max_examples=300)
@given(path=PATHS, query=QUERIES, said=LANGUAGES, scheme=SCHEMES, host=HOSTS, peer=st.sampled_from(["1.2.3.4", PROXY]))
def test_whatever_is_asked_it_is_looked_up_as_django_would_store_it(path, query, said, scheme, host, peer) -> None:
    more = {"HTTP_ACCEPT_LANGUAGE": said, "HTTP_HOST": host, "REMOTE_ADDR": peer}
    more |= {} if scheme is None else {"HTTP_X_FORWARDED_PROTO": scheme}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(django_settings, "TRUSTED_PROXIES", ["10.0.0.0/8"])
        patch.setattr(generation, "LOOK_EVERY", 60)
        generation.current()
        ours = ReadyAnswers(lambda *_: []).key(environ(path, query, **more))
        theirs = proxies.ProxyMiddleware(page_cache.key_of)(WSGIRequest(environ(path, query, **more)))
    if path.startswith("/"):
        assert ours == theirs
    else:  # Django reads "" and "x/y" as "/" and "/xy"; what is not even an address may take the long way
        assert ours is None or not ours.path.startswith("/")

"""Stored pages: who gets one, what it varies by, what ends it, and that nobody can fill the store."""

import gzip
import time
from collections.abc import Callable, Iterator

import brotli
import pytest
from django.contrib.auth import get_user_model
from django.core.cache import caches
from django.test import Client
from wagtail.models import PageViewRestriction

from products import generation, stock
from products.models import ItemPage
from products.tests.factories import make_category, make_item, picture_for
from storefront.page_store import Key, MemoryStore, Page

pytestmark = pytest.mark.django_db(transaction=True)
BACKENDS = {
    "memory": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "file": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache"},
}


@pytest.fixture(params=BACKENDS)
def shop(request, settings, tmp_path) -> Iterator[Client]:
    """A visitor of a shop that stores pages."""
    location = {"LOCATION": str(tmp_path)} if request.param == "file" else {}
    settings.CACHES = {**settings.CACHES, "pages": {**BACKENDS[request.param], **location}}
    settings.PAGE_CACHE_MB = 1
    yield Client()
    caches["pages"].clear()


def state(response) -> str:
    return response.get("X-Page-Cache", "not stored")


def text(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def test_the_second_visitor_gets_the_stored_page_without_any_query(shop, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(generation, "LOOK_EVERY", 60)
    item = make_item("Field lines")
    first = shop.get(f"/item/{item.pk}")
    with django_assert_num_queries(0):
        second = shop.get(f"/item/{item.pk}")
    assert (state(first), state(second)) == ("miss", "hit")
    assert first.content == second.content
    own = ("X-Page-Cache", "X-Request-ID")
    kept = {name: value for name, value in first.items() if name not in own}
    assert kept == {name: value for name, value in second.items() if name not in own}


def test_a_stored_page_has_the_security_headers(shop):
    make_item()
    for _ in range(2):
        response = shop.get("/prints/")
        for header in ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "X-Frame-Options"):
            assert response[header], header


@pytest.mark.parametrize("path", ["/", "/prints/", "/item/{id}", "{url}", "/search/?q=item", "/robots.txt"])
def test_every_public_page_is_stored(shop, path):
    item = make_item()
    path = path.format(id=item.pk, url=item.url)
    assert [state(shop.get(path)) for _ in range(2)] == ["miss", "hit"]


CHANGES: dict[str, Callable[[ItemPage], object]] = {
    "sold out": lambda item: stock.hold(item_id=item.pk, quantity=10),
    "three left": lambda item: stock.hold(item_id=item.pk, quantity=7),
    "back": lambda item: stock.adjust(item_id=item.pk, quantity=-9, reason="counted"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_stock_count_that_pages_show_is_seen_at_once(shop, change):
    item = make_item(on_hand=10)
    words = {"sold out": "Sold out", "three left": "Only 3 left", "back": "Only 1 left"}[change]
    for path in (f"/item/{item.pk}", "/prints/"):
        assert words not in text(shop, path)
    CHANGES[change](item)
    for path in (f"/item/{item.pk}", "/prints/"):
        assert words in text(shop, path)


def test_a_publish_a_price_and_an_unpublish_are_seen_at_once(shop):
    item = make_item("Before", price="10.00")
    assert "Before" in text(shop, "/prints/")
    item.title = "After"
    item.save_revision().publish()
    assert "After" in text(shop, "/prints/")
    item.price = "12.34"
    item.save_revision().publish()
    assert "12.34" in text(shop, f"/item/{item.pk}")
    item.unpublish()
    assert shop.get(f"/item/{item.pk}").status_code == 404


def test_privacy_is_seen_at_once(shop):
    make_item("Secret")
    assert "Secret" in text(shop, "/prints/")
    PageViewRestriction.objects.create(page=make_category(), restriction_type="password", password="x")
    for _ in range(2):
        response = shop.get("/prints/")
        assert state(response) == "not stored"
        assert b"Secret" not in response.content


def test_an_editor_gets_pages_of_her_own(shop):
    make_item()
    shop.get("/prints/")
    user = get_user_model().objects.create_superuser("editor", "e@example.com", "pw")
    editor = Client()
    editor.force_login(user)
    response = editor.get("/prints/")
    assert state(response) == "not stored"
    assert response["Cache-Control"] == "private, no-cache"
    assert state(shop.get("/prints/")) == "hit"


def test_a_preview_is_neither_stored_nor_answered_from_the_store(shop):
    item = make_item("As published")
    assert "As published" in text(shop, item.url)
    item.title = "Only a draft"
    draft = item.save_revision().as_object()
    preview = draft.make_preview_request()
    assert b"Only a draft" in preview.content
    assert "As published" in text(shop, item.url)


@pytest.mark.parametrize("path", ["/basket/", "/order/find/", "/healthz", "/no-such-page", "/admin/login/"])
def test_nothing_else_is_stored(shop, path):
    make_item()
    assert [state(shop.get(path, headers={"accept": "text/html"})) for _ in range(2)] == ["not stored"] * 2


def test_only_reading_is_answered_from_the_store(shop):
    item = make_item()
    shop.get(item.url)
    assert state(shop.post(item.url)) == "not stored"
    assert state(shop.get(item.url, headers={"authorization": "Bearer x"})) == "not stored"


def test_a_page_known_to_the_browser_is_not_sent_again(shop):
    make_item()
    first = shop.get("/prints/")
    again = shop.get("/prints/", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert shop.get("/prints/", headers={"if-none-match": '"other"'}).status_code == 200


def test_head_has_the_headers_alone(shop):
    make_item()
    for _ in range(2):
        head, get = shop.head("/prints/"), shop.get("/prints/")
        assert head.content == b""
        assert head["Content-Length"] == get["Content-Length"] == str(len(get.content))


@pytest.mark.parametrize(
    ("accepted", "coding", "unpack"),
    [("gzip, deflate, br", "br", brotli.decompress), ("gzip;q=0.5", "gzip", gzip.decompress), ("br;q=0", "", bytes)],
)
def test_pages_are_sent_compressed_to_those_who_take_it(shop, accepted, coding, unpack):
    make_item()
    plain = shop.get("/prints/").content
    for _ in range(2):
        response = shop.get("/prints/", headers={"accept-encoding": accepted})
        assert response.get("Content-Encoding", "") == coding
        assert unpack(response.content) == plain
        assert "Accept-Encoding" in response["Vary"]


def test_each_host_has_its_own(shop, settings):
    make_item()
    shop.get("/prints/")
    assert state(shop.get("/prints/", headers={"host": "localhost"})) == "miss"
    assert shop.get("/prints/", headers={"host": "evil.example"}).status_code == 400


def test_advertisers_parameters_make_no_difference(shop):
    make_item()
    shop.get("/prints/?sort=name")
    assert state(shop.get("/prints/?utm_source=mail&sort=name&gclid=1")) == "hit"
    assert "utm_source" not in text(shop, "/prints/?sort=price&utm_source=x")


def test_invented_parameters_are_never_stored(shop):
    make_item()
    assert [state(shop.get(f"/prints/?x={number}")) for number in (1, 1)] == ["not stored"] * 2
    assert state(shop.get("/prints/?q=" + "a" * 400)) == "not stored"


def test_the_order_of_parameters_makes_no_difference(shop):
    make_item()
    shop.get("/search/?q=item&page=1")
    assert state(shop.get("/search/?page=1&q=item")) == "hit"


def key(path: str, query: str = "", generation: str = "g") -> Key:
    return Key(generation, "http://shop", "en", path, query)


def test_memory_is_bounded_and_searches_cannot_push_pages_out():
    store = MemoryStore(1)
    for number in range(20):
        store.put(key(f"/{number}"), Page.of({}, b"x" * 10_000))
    for number in range(1_000):
        store.put(key("/search/", f"q={number}"), Page.of({}, b"x" * 10_000))
    assert store.size <= 1024 * 1024
    assert store.get(key("/0")) is not None
    assert store.get(key("/search/", "q=1")) is None
    for number in range(1_000):
        store.put(key(f"/more/{number}"), Page.of({}, b"x" * 10_000))
    assert store.size <= 1024 * 1024
    assert store.get(key("/0")) is None


def test_a_new_generation_frees_the_memory_of_the_old():
    store = MemoryStore(1)
    store.put(key("/"), Page.of({}, b"x" * 10_000))
    store.put(key("/", generation="h"), Page.of({}, b"x"))
    assert store.size < 10_000


def test_a_page_gets_all_sizes_once_they_are_made(shop):
    """The first visitor is given one size at once; whoever comes later is not left with the page stored then."""
    item = make_item()
    picture_for(item)
    assert "image/avif" not in text(shop, item.url)
    until = time.monotonic() + 20
    while "image/avif" not in text(shop, item.url):
        assert time.monotonic() < until
        time.sleep(0.1)

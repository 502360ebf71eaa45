"""What browsers are told, what is refused before anybody reads it, and where nobody can be sent."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from products.tests.factories import make_home, make_item
from products.tests.people import client_of
from storefront.logs import redact

ROOT = Path(__file__).resolve().parents[1]
HEADERS = (
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Referrer-Policy",
    "Cross-Origin-Opener-Policy",
    "Permissions-Policy",
    "X-Request-ID",
)
HTML = {"accept": "text/html"}
ELSEWHERE = "evil.example"

pytestmark = pytest.mark.django_db


def missing(response: HttpResponse) -> list[str]:
    return [name for name in HEADERS if not response.headers.get(name)]


def policy(response: HttpResponse) -> dict[str, list[str]]:
    words = [part.split() for part in response.headers["Content-Security-Policy"].split(";")]
    return {name: values for name, *values in words}


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[str]:
    """Every address the shop knows, as a path in which each parameter is a 1, or an x."""
    for pattern in (resolver or get_resolver()).url_patterns:
        path = prefix + re.sub(r"\\([/.\-])", r"\1", str(pattern.pattern).lstrip("^").rstrip("$").replace(r"\Z", ""))
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, path)
        elif isinstance(pattern, URLPattern):
            path = re.sub(r"<(?:str|slug|path):[^>]+>", "x", path)
            path = re.sub(r"<[^<>:]+>(?![^(]*\))|<int:[^>]+>|<uuid:[^>]+>", "1", path)
            while "(" in path:
                path = re.sub(r"\((?:\?P<\w+>|\?:|\?!)?[^()]*\)[?*+]?", "1", path)
            yield "/" + re.sub(r"[?+*^$]", "", path)


# Every name under which a view of the shop, Django or Wagtail looks for where to go next, or one of ours might.
NEXT = (
    "next",
    "next_url",
    "url",
    "redirect",
    "redirect_to",
    "return",
    "return_url",
    "return_to",
    "success_url",
    "back",
)
LURE = dict.fromkeys(NEXT, f"https://{ELSEWHERE}/")


def leads_elsewhere(response: HttpResponse) -> bool:
    """To another host; browsers take a backslash for a slash."""
    location = response.headers.get("Location", "")
    return bool(re.match(r"\s*(?:(?:https?:)?[/\\]{2}(?!testserver(?:/|$))|javascript:)", location, re.IGNORECASE))


@pytest.mark.parametrize("who", ["superuser", "visitor"])
def test_every_address_has_every_header_and_sends_nobody_elsewhere(who: str) -> None:
    make_home()
    make_item("Blue Heron")
    someone = Client() if who == "visitor" else client_of(who)
    someone.raise_request_exception = False
    paths = sorted(set(routes()))
    assert len(paths) > 250
    for path in paths:
        if "logout" in path:
            continue
        office = path.startswith(("/admin/", "/django-admin/"))
        asked = [someone.get(path, LURE, headers=HTML | {"referer": LURE["next"]})]
        if who == "visitor" and not office:
            asked.append(someone.post(path, LURE, headers=HTML | {"referer": LURE["next"]}))
        for response in asked:
            assert missing(response) == [], path
            assert not leads_elsewhere(response), (path, response.headers["Location"])
            # Wagtail's and Django's own admin may stumble over an id that is none; what visitors reach may not.
            assert response.status_code < 500 or (office and who == "superuser"), path


@pytest.mark.parametrize("path", ["/admin/login/", "/django-admin/login/", "/admin/logout/", "/django-admin/logout/"])
@pytest.mark.parametrize(
    "next_page", [f"https://{ELSEWHERE}/", f"//{ELSEWHERE}", f"/\\{ELSEWHERE}", f"\thttps://{ELSEWHERE}"]
)
def test_the_right_password_leads_nobody_elsewhere(django_user_model, path: str, next_page: str) -> None:
    boss = django_user_model.objects.create_superuser("boss", "boss@example.com", "right")
    client = Client()
    if "logout" in path:
        client.force_login(boss)
    response = client.post(path, {"username": "boss", "password": "right", **dict.fromkeys(NEXT, next_page)})
    assert response.status_code in (200, 302)
    assert not leads_elsewhere(response), response.headers["Location"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/nothing/here", 404),
        ("/order/unknown", 404),
        ("/admin/", 302),
        ("/healthz", 200),
        ("/readyz", 200),
        ("/media/nothing.jpg", 404),
        ("/media/../manage.py", 400),
        ("/static/nothing.css", 404),
        ("/documents/1/nothing.pdf", 404),
        ("/feeds/nothing", 404),
        ("/metrics", 404),
        ("/sitemap.xml", 200),
        ("/robots.txt", 200),
    ],
)
def test_pages_errors_redirects_and_health_have_every_header(client: Client, path: str, status: int) -> None:
    make_home()
    response = client.get(path, headers=HTML)
    assert (response.status_code, missing(response)) == (status, [])


def test_a_wrong_host_a_broken_view_and_a_redirect_to_https_have_every_header(client: Client, monkeypatch) -> None:
    assert missing(client.get("/", headers={"host": "evil.example"})) == []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("products.views.showing.results", lambda request: 1 / 0)
        client.raise_request_exception = False
        response = client.get("/search/", headers=HTML)
    assert (response.status_code, missing(response)) == (500, [])
    assert "ZeroDivision" not in response.content.decode()


def test_an_uploaded_file_may_run_nothing(client: Client) -> None:
    name = default_storage.save("images/page.html", ContentFile(b"<script>alert(1)</script>"))
    response = client.get(f"/media/{name}")
    assert (response.status_code, missing(response)) == (200, [])
    assert policy(response)["default-src"] == ["'none'"]
    assert policy(response)["sandbox"] == []


def test_stripe_is_named_only_on_pages_that_offer_a_payment(client: Client) -> None:
    make_home()
    item = make_item("Blue Heron")
    paying, reading = client.get(item.url, headers=HTML), client.get("/search/", headers=HTML)
    assert "form-action" in policy(paying)
    assert policy(paying)["script-src"][0] == "'self'"
    assert "payment=(self" in paying.headers["Permissions-Policy"]
    assert "payment=()" in reading.headers["Permissions-Policy"]
    assert "script-src" not in policy(reading)
    assert policy(reading)["default-src"] == ["'self'"]


@pytest.mark.parametrize("kind", ["public", "payment"])
def test_public_pages_run_no_inline_code(kind: str) -> None:
    assert not [word for values in settings.POLICIES[kind].values() for word in values if "unsafe" in word]


def test_whoever_offers_a_payment_says_so() -> None:
    """The policy goes by `stripe_js_url`: a form without it would be kept from leading to Stripe."""
    offering = [path for path in (ROOT / "templates").rglob("*.html") if "data-buy" in path.read_text()]
    assert len(offering) >= 2
    assert [path.name for path in offering if "stripe_js_url" not in path.read_text()] == []


@pytest.mark.parametrize("next_page", [f"https://{ELSEWHERE}/", f"//{ELSEWHERE}", f"/\\{ELSEWHERE}", "javascript:x"])
@pytest.mark.parametrize("name", ["next", "next_url", "url", "redirect", "return", "success_url"])
def test_nobody_is_sent_elsewhere(client: Client, next_page: str, name: str) -> None:
    make_home()
    item = make_item("Blue Heron")
    staff = client_of("superuser")
    asked = [
        client.get("/admin/login/", {name: next_page}, headers=HTML),
        staff.get("/admin/login/", {name: next_page}, headers=HTML),
        staff.get("/django-admin/login/", {name: next_page}, headers=HTML),
        client.get("/checkout/return/", {name: next_page}, headers=HTML),
        client.post(f"/basket/add/{item.pk}", {name: next_page}, headers=HTML),
        client.post("/language/", {name: next_page, "language": "de"}, headers=HTML),
        client.post("/order/new/", {name: next_page}, headers=HTML),
        client.get(f"//{ELSEWHERE}/", headers=HTML),
        client.get(f"/admin//{ELSEWHERE}", headers=HTML),
    ]
    for response in asked:
        assert not leads_elsewhere(response), response.headers["Location"]


def test_a_body_beyond_the_limit_is_refused_unread(client: Client) -> None:
    response = client.post("/order/new/", b"x" * (1024 * 1024 + 1), content_type="application/octet-stream")
    assert response.status_code == 413
    assert response.json()["error"]["code"] == "too_large"


@pytest.mark.parametrize("path", ["/admin/login/", "/django-admin/login/"])
def test_the_eleventh_wrong_password_is_not_tried(client: Client, django_user_model, path: str) -> None:
    django_user_model.objects.create_superuser("boss", "boss@example.com", "right")
    wrong = {"username": "boss", "password": "wrong"}
    for _ in range(10):
        client.post(path, wrong, headers=HTML)
    response = client.post(path, {"username": "boss", "password": "right"}, headers=HTML)
    assert response.status_code == 429
    assert "Retry-After" in response.headers
    other = client.post(path, {"username": "boss", "password": "right"}, headers=HTML, REMOTE_ADDR="203.0.113.7")
    assert other.status_code == 302


def test_password_mails_are_limited(client: Client) -> None:
    answers = [client.post("/admin/password_reset/", {"email": "a@example.com"}).status_code for _ in range(12)]
    assert answers[:10] == [302] * 10
    assert answers[10:] == [429, 429]


@pytest.mark.parametrize("name", ["picture.svg", "page.html", "script.js", "program.exe", "page.xhtml"])
def test_documents_that_browsers_run_are_not_taken(name: str) -> None:
    staff = client_of("superuser")
    upload = ContentFile(b"<svg onload='alert(1)'/>", name=name)
    response = staff.post("/admin/documents/multiple/add/", {"title": "x", "files[]": upload})
    assert response.json()["success"] is False


def test_pictures_are_no_drawings_with_scripts() -> None:
    assert "svg" not in settings.WAGTAILIMAGES_EXTENSIONS
    assert settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS <= 50_000_000


def test_embeds_come_from_two_places_only() -> None:
    from wagtail.embeds.finders import get_finders

    (finder,) = get_finders()
    assert finder.accept("https://www.youtube.com/watch?v=x")
    assert finder.accept("https://vimeo.com/1")
    assert not finder.accept(f"https://{ELSEWHERE}/watch")


def test_order_tokens_stay_here() -> None:
    assert settings.SECURE_REFERRER_POLICY == "same-origin"
    assert "q7Jm2vXw0aZk9bTn4cRy8dLs6fGh1eUi" not in redact("token=q7Jm2vXw0aZk9bTn4cRy8dLs6fGh1eUi")

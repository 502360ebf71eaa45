"""Translated page trees, and which language the shop speaks on every other address."""

import re

import pytest

from products.tests.factories import make_item, translate

pytestmark = pytest.mark.django_db


def page_of(client, path: str, **headers) -> str:
    response = client.get(path, headers=headers)
    assert response.status_code == 200, path
    return response.content.decode()


def language(page: str) -> str:
    return re.findall(r'<html lang="([^"]*)"', page)[0]


@pytest.fixture
def german(db):
    """An item, and its translation in a German tree."""
    item = make_item("Blue Heron")
    return item, translate(item, "de", title="Graureiher")


def test_a_translation_stands_under_its_language_code(client, german):
    item, translated = german
    assert (item.url, translated.url) == (item.url, f"/de/prints/{translated.slug}/")
    page = page_of(client, translated.url)
    assert language(page) == "de"
    assert "Graureiher" in page
    assert client.get(f"/ru/prints/{translated.slug}/").status_code == 404
    assert client.get("/ru/").status_code == 404


def test_each_language_has_shelves_of_its_own(client, german):
    german_home, home = page_of(client, "/de/"), page_of(client, "/")
    assert "Graureiher" in german_home
    assert "Blue Heron" not in german_home
    assert "Blue Heron" in home
    assert "Graureiher" not in home
    assert 'href="/de/prints/"' in german_home
    assert 'href="/de/prints/"' not in home.split("<main")[1]


def test_elsewhere_the_cookie_decides_before_the_browser(client, german):
    item, _translated = german
    assert language(page_of(client, "/basket/", accept="text/html")) == "en"
    assert language(page_of(client, item.url, **{"accept-language": "de-AT,de;q=0.9"})) == "de"
    client.cookies["django_language"] = "ru"
    assert language(page_of(client, item.url, **{"accept-language": "de"})) == "ru"
    assert language(page_of(client, "/de/", **{"accept-language": "en"})) == "de"


def test_a_language_the_shop_does_not_speak_is_the_default_one(client, german):
    assert language(page_of(client, "/", **{"accept-language": "fr"})) == "en"
    assert client.get("/fr/").status_code == 404


def test_choosing_a_language_leads_to_the_translation_of_the_page(client, german):
    item, translated = german
    answer = client.post("/language/", {"language": "de", "next": item.url})
    assert (answer.status_code, answer.headers["location"]) == (303, translated.url)
    assert answer.cookies["django_language"].value == "de"
    back = client.post("/language/", {"language": "en", "next": "/de/prints/"})
    assert back.headers["location"] == "/prints/"
    assert client.post("/language/", {"language": "de", "next": "/basket/"}).headers["location"] == "/basket/"
    assert client.post("/language/", {"language": "xx", "next": "/"}).cookies["django_language"].value == "en"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x", ""]
)
def test_choosing_a_language_leads_nowhere_else(client, german, elsewhere):
    assert client.post("/language/", {"language": "de", "next": elsewhere}).headers["location"] in ("/", "/de/")


def test_search_engines_find_each_translation_from_each(client, german, settings):
    item, translated = german
    wanted = {("en", settings.BASE_URL + item.url), ("de", settings.BASE_URL + translated.url)}
    for path in (item.url, translated.url):
        links = re.findall(r'<link rel="alternate" hreflang="(\w\w)" href="([^"]*)"', page_of(client, path))
        assert set(links) == wanted
    for path in ("/", "/de/", "/prints/"):
        assert page_of(client, path).count('rel="alternate" hreflang="de"') == 1
    sitemap = b"".join(client.get("/sitemap.xml").streaming_content).decode()
    for path in (item.url, translated.url, "/de/", "/de/prints/"):
        assert f"<loc>{settings.BASE_URL}{path}</loc>" in sitemap


def test_without_translations_nothing_is_said_of_other_languages(client):
    item = make_item()
    assert 'hreflang="' not in page_of(client, item.url).split("</head>")[0]


def test_search_finds_in_the_language_of_the_visitor(client, german):
    english, in_german = "/search/?q=heron", "/search/?q=graureiher"
    assert 'class="card-title"' in page_of(client, english)
    assert 'class="card-title"' in page_of(client, in_german, **{"accept-language": "de"})
    assert 'class="card-title"' not in page_of(client, in_german)
    assert 'class="card-title"' not in page_of(client, english, **{"accept-language": "de"})


def test_an_item_page_takes_no_more_queries_with_translations(client, german, django_assert_max_num_queries):
    item, translated = german
    for path in (f"/item/{item.pk}", item.url, translated.url):
        client.get(path)
        with django_assert_max_num_queries(6):
            client.get(path)

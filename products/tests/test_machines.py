"""What machines read: sitemap, robots, feed, errors as JSON."""

import xml.etree.ElementTree as ElementTree  # noqa: S405: our own output

import pytest
from django.conf import settings
from django.urls import get_resolver
from wagtail.models import PageViewRestriction

from products import seo
from products.tests.factories import make_item, picture_for

pytestmark = pytest.mark.django_db


def addresses(client, path: str = "/sitemap.xml") -> list[str]:
    body = client.get(path).getvalue()
    return [node.text for node in ElementTree.fromstring(body).iter() if node.tag.endswith("}loc")]  # noqa: S314


def test_the_sitemap_lists_what_visitors_may_see(client):
    item, draft, private = make_item(), make_item(live=False), make_item()
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    listed = addresses(client)
    assert listed == [f"{settings.BASE_URL}/", f"{settings.BASE_URL}/prints/", f"{settings.BASE_URL}{item.url}"]
    assert draft.url not in "".join(listed)


def test_a_large_shop_has_a_sitemap_in_parts(client, monkeypatch):
    monkeypatch.setattr(seo, "SITEMAP_PAGE", 2)
    for _ in range(3):
        make_item()
    parts = addresses(client)
    assert parts == [f"{settings.BASE_URL}/sitemap.xml?p=1", f"{settings.BASE_URL}/sitemap.xml?p=2"]
    assert len(addresses(client, "/sitemap.xml?p=2")) == 1
    for wrong in ("3", "0", "x", "-1", "9" * 40):
        assert client.get(f"/sitemap.xml?p={wrong}").status_code == 404


def test_robots_are_kept_from_what_acts_or_belongs_to_a_buyer(client):
    body = client.get("/robots.txt").content.decode()
    for path in ("/buy/", "/order/", "/download/", "/basket/", "/checkout/", "/admin/", "/search"):
        assert f"Disallow: {path}\n" in body
    assert f"Sitemap: {settings.BASE_URL}/sitemap.xml" in body


def test_the_feed_lists_new_items_with_price_and_picture(client):
    item = make_item("Field & lines", price="24.00", summary="Two < three")
    picture_for(item)
    response = client.get("/feeds/items.rss")
    assert response["Content-Type"].startswith("application/rss+xml")
    channel = ElementTree.fromstring(response.content)[0]  # noqa: S314
    (entry,) = channel.findall("item")
    assert entry.findtext("title") == "Field & lines, $24.00"
    assert entry.findtext("link") == f"{settings.BASE_URL}{item.url}"
    assert f"{settings.BASE_URL}/media/" in entry.findtext("description")


def test_errors_are_json_for_programs_and_pages_for_people(client, rf):
    assert client.get("/nothing", headers={"accept": "application/json"}).json()["error"]["code"] == "not_found"
    assert b"<h1>" in client.get("/nothing", headers={"accept": "text/html,*/*"}).content
    assert client.get("/order/nothing").json()["error"]["code"] == "not_found"


@pytest.mark.parametrize("status", [400, 403, 500])
def test_every_error_has_a_page_in_the_shops_look(rf, status):
    handler = get_resolver().resolve_error_handler(status)
    request = rf.get("/", headers={"accept": "text/html"})
    response = handler(request) if status == 500 else handler(request, exception=Exception("secret"))
    assert response.status_code == status
    assert b'class="message"' in response.content
    assert b"secret" not in response.content


def test_the_page_for_broken_things_needs_no_database(rf, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert get_resolver().resolve_error_handler(500)(rf.get("/")).status_code == 500


def test_too_many_tries_say_when_to_come_back(rf):
    from storefront.errors import too_many

    response = too_many(rf.post("/order/find/", headers={"accept": "text/html"}), 30)
    assert (response.status_code, response["Retry-After"]) == (429, "30")

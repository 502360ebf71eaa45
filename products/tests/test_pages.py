"""The public pages over HTTP: what they show, what they hide, how many queries they take."""

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.images import get_image_model
from wagtail.models import PageViewRestriction

from products.models import HomePage
from products.models.pages import FeaturedItem
from products.pictures import make_all
from products.tests.factories import make_category, make_home, make_image, make_item, picture_for

pytestmark = pytest.mark.django_db


def data_blocks(response) -> list[dict]:
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', response.content.decode())
    parsed = [json.loads(block) for block in found]
    return [entry for data in parsed for entry in (data if isinstance(data, list) else [data])]


def html(client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


@pytest.mark.parametrize("slash", ["", "/"])
def test_both_addresses_of_an_item_show_the_same_page(client, settings, slash):
    item = make_item("Field lines")
    by_id, by_name = html(client, f"/item/{item.pk}{slash}"), html(client, item.url.rstrip("/") + slash)
    assert by_id == by_name
    assert f'<link rel="canonical" href="{settings.BASE_URL}{item.url}">' in by_id


def test_an_item_page_tells_price_currency_and_what_is_left(client):
    page = html(client, f"/item/{make_item(price='19.99', currency='EUR', on_hand=2).pk}")
    assert "€19.99" in page
    assert "EUR" in page
    assert "Only 2 left" in page


def test_a_sold_out_item_has_no_working_button(client):
    page = html(client, f"/item/{make_item(on_hand=0).pk}")
    assert re.search(r"<button[^>]*disabled>Sold out</button>", page)
    assert "Add to basket" not in page


def test_structured_data_has_the_price_of_the_page(client):
    item = make_item("Print </script><b>", price="19.90", sku="P-1")
    response = client.get(f"/item/{item.pk}")
    product, trail = data_blocks(response)
    assert product["name"] == "Print </script><b>"
    assert product["offers"]["price"] == "19.90"
    assert product["offers"]["priceCurrency"] == "USD"
    assert product["offers"]["availability"] == "https://schema.org/InStock"
    assert [step["name"] for step in trail["itemListElement"]] == ["Shop", "Prints", "Print </script><b>"]


def test_hidden_items_are_one_and_the_same_404(client):
    draft, private = make_item(live=False), make_item()
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    paths = [f"/item/{draft.pk}", f"/item/{private.pk}", draft.url, private.url, "/item/999999", "/item/0", "/no-such"]
    paths += ["/item/" + "9" * 5000, "/item/abc", "/item/-1"]
    answers = [client.get(path, headers={"accept": "text/html"}) for path in paths]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert len({client.get(path, headers={"accept": "application/json"}).content for path in paths}) == 1


def test_an_item_page_is_only_read(client):
    item = make_item()
    for path in (f"/item/{item.pk}", item.url):
        assert client.post(path).status_code == 405
        assert client.head(path).status_code == 200


def test_a_category_takes_as_many_queries_for_one_item_as_for_many(client):
    def queries() -> int:
        client.get("/prints/")  # what is cached is cached
        with CaptureQueriesContext(connection) as captured:
            client.get("/prints/")
        return len(captured)

    picture_for(make_item())
    for_one = queries()
    for _ in range(10):
        picture_for(make_item())
    assert queries() == for_one <= 12


def test_a_category_is_sorted_and_leafed_through_by_its_address(client):
    for number in range(26):
        make_item(f"Print {number:02}", price=f"{number + 1}.00")
    first = html(client, "/prints/?sort=-price")
    assert "26 items" in first
    assert first.index("Print 25") < first.index("Print 24")
    assert 'href="?sort=-price&amp;page=2" rel="next"' in first
    second = html(client, "/prints/?sort=-price&page=2")
    assert "Print 01" in second
    assert "Print 02" not in second


@pytest.mark.parametrize("number", ["0", "-1", "3", "abc", "1.5", "9" * 30, "", "%00", "²"])
def test_a_page_that_is_not_there_is_a_404(client, number):
    make_item()
    assert client.get(f"/prints/?page={number}").status_code == 404
    assert client.get(f"/search/?q=item&page={number}").status_code == 404


def test_an_unknown_sort_is_ignored(client):
    make_item("Print")
    assert "Print" in html(client, "/prints/?sort=;drop")


def test_the_home_page_shows_what_an_editor_chose(client):
    home = make_home()
    chosen, other = make_item("Chosen"), make_item("Other")
    assert "Other" in html(client, "/")
    FeaturedItem.objects.create(page=home, item=chosen)
    page = html(client, "/")
    assert "Chosen" in page
    assert "Other" not in page
    other.unpublish()


def test_an_empty_shop_looks_finished(client):
    make_home()
    assert "The shelves are being filled" in html(client, "/")
    make_category()
    assert "Nothing here yet" in html(client, "/prints/")


def test_a_hero_comes_first_and_in_three_formats(client):
    home = make_home()
    image = make_image(size=(1300, 1300))
    make_all(image.pk, "hero")
    HomePage.objects.filter(pk=home.pk).update(hero_image=image)
    page = html(client, "/")
    assert 'fetchpriority="high"' in page
    for kind in ("image/avif", "image/webp"):
        assert f'<source type="{kind}" srcset="' in page
    assert "1280w" in page


def test_search_keeps_the_term_and_shows_it_as_text(client):
    make_item("Tidal study")
    assert "1 result for “tid”" in html(client, "/search/?q=tid")
    page = html(client, "/search/?q=%3Cscript%3Ealert(1)%3C/script%3E%00")
    assert "<script>alert" not in page
    assert 'value="&lt;script&gt;alert(1)&lt;/script&gt;"' in page
    assert "Nothing found" in page
    assert "Type a name" in html(client, "/search")


def test_a_preview_shows_what_is_not_saved_yet(rf, admin_client):
    item = make_item("Saved")
    item.title, item.price = "Not saved yet", None
    item.unit_amount = None
    response = item.make_preview_request(rf.get("/", SERVER_NAME="testserver"))
    response.render()
    assert "Not saved yet" in response.content.decode()


def test_a_category_that_is_private_asks_for_its_password(client):
    make_item()
    PageViewRestriction.objects.create(page=make_category(), restriction_type="password", password="x")
    page = client.get("/prints/")
    assert page.status_code == 200
    assert "password" in page.content.decode()


def test_public_pages_hold_no_inline_script_or_style_and_set_no_cookie(client):
    item = make_item(description=[("text", "<p>Cotton</p>"), ("quote", {"text": "Well", "source": "Me"})])
    picture_for(item)
    for path in ("/", "/prints/", item.url, "/search/?q=item", "/search/?q=zz"):
        response = client.get(path)
        page = response.content.decode()
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", page), path
        assert all("src=" in tag or "ld+json" in tag for tag in re.findall(r"<script[^>]*>", page)), path
        assert "csrf" not in page.lower()
        assert not response.cookies, path
        assert "Cookie" not in response.headers.get("Vary", ""), path


def test_a_picture_whose_file_is_lost_leaves_a_plain_plate(client):
    item = make_item()
    picture = picture_for(item)
    get_image_model().objects.filter(pk=picture.image_id).update(file="original_images/gone.png")
    assert "<picture>" not in html(client, f"/item/{item.pk}")


def test_description_blocks_are_shown(client):
    blocks = [
        ("text", "<p>Cotton <b>rag</b></p>"),
        ("picture", {"image": make_image(), "caption": "A corner"}),
        ("specification", {"rows": [{"name": "Paper", "value": "300 g"}]}),
        ("quote", {"text": "Lovely", "source": "A buyer"}),
        ("faq", {"questions": [{"question": "Framed?", "answer": "<p>No.</p>"}]}),
        ("video", {"url": "https://youtu.be/abcdefghijk", "title": "The press at work"}),
    ]
    page = html(client, f"/item/{make_item(description=blocks).pk}")
    for words in ("<b>rag</b>", "A corner", "300 g", "A buyer", "Framed?", "https://www.youtube.com/watch"):
        assert words in page

"""Landing pages and articles: what they sell is as it is now, and they are found where pages are found."""

from decimal import Decimal

import pytest

from products import stock
from products.models import ArticlePage, ItemVariant, LandingPage
from products.tests.factories import make_home, make_image, make_item, picture_for
from products.tests.people import client_of

pytestmark = pytest.mark.django_db


def make_story(model=ArticlePage, *, parent=None, **fields):
    page = model(**{"title": "How we print", "slug": "how-we-print", **fields})
    return (parent or make_home()).add_child(instance=page)


def html(client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def box(item, note: str = "") -> list:
    return [("buy_box", {"item": item, "note": note})]


def test_a_buy_box_shows_the_price_and_stock_of_the_moment(client):
    item = make_item("Teapot", price="20.00", on_hand=10)
    picture_for(item)
    make_story(body=box(item, "Our oldest"))
    page = html(client, "/how-we-print/")
    for words in ("$20.00", "In stock", "Our oldest", f'action="/buy/{item.pk}"'):
        assert words in page
    item.price = "25.00"
    item.save_revision().publish()
    stock.hold(item_id=item.pk, quantity=8)
    page = html(client, "/how-we-print/")
    assert "$25.00" in page
    assert "Only 2 left" in page
    stock.hold(item_id=item.pk, quantity=2)
    assert "disabled" in html(client, "/how-we-print/").split("buy-box-form")[1].split("</form>")[0]


def test_an_item_with_variants_is_chosen_on_its_own_page_and_a_sale_shows_both_prices(client):
    item = make_item("Print", price="20.00", sale_price=Decimal("15.00"))
    item.variants = [ItemVariant(value1="A3", sku="A3", opening_stock=5), ItemVariant(value1="A2", sku="A2")]
    item.save_revision().publish()
    make_story(body=box(item))
    page = html(client, "/how-we-print/").split('class="buy-box ')[1].split("</aside>")[0]
    assert "<form" not in page
    assert f'href="{item.url}">Choose' in page
    assert "$20.00</s>" in page
    assert "$15.00" in page


def test_an_item_that_is_not_for_sale_leaves_no_box(client):
    item = make_item("Teapot")
    make_story(body=box(item))
    item.unpublish()
    page = html(client, "/how-we-print/")
    assert "Teapot" not in page
    assert "buy-box" not in page


def test_the_preview_tells_the_editor_why_there_is_no_box():
    item = make_item("Teapot", live=False)
    story = make_story(body=box(item))
    response = client_of("Editors").get(f"/admin/pages/{story.pk}/view_draft/")
    assert "“Teapot” is not for sale now" in response.content.decode()


@pytest.mark.parametrize("model", [LandingPage, ArticlePage])
def test_every_block_of_a_story_is_shown(client, model):
    item = make_item("Teapot")
    image = make_image("Press")
    make_story(
        model,
        picture=image,
        introduction="From our workshop.",
        body=[
            ("text", "<h2>The press</h2><p>Iron.</p>"),
            ("gallery", {"pictures": [image, make_image("Ink")], "caption": "Two corners"}),
            ("shelf", {"heading": "From this press", "items": [item]}),
            ("video", {"url": "https://vimeo.com/12345678", "title": "At work", "poster": image}),
        ],
    )
    page = html(client, "/how-we-print/")
    for words in (
        "From our workshop.",
        "<h2>The press</h2>",
        "Two corners",
        "From this press",
        "Teapot",
        'data-video="https://player.vimeo.com/video/12345678?dnt=1&amp;autoplay=1"',
    ):
        assert words in page
    assert "<iframe" not in page


def test_a_landing_page_lists_its_articles_and_articles_name_it(client):
    landing = make_story(LandingPage, title="Journal", slug="journal", show_in_menus=True)
    make_story(parent=landing, introduction="Slowly.", author="Ada")
    assert "How we print" in html(client, "/journal/")
    article = html(client, "/journal/how-we-print/")
    assert '<a href="/journal/">Journal</a>' in article
    assert '"@type":"Article"' in article
    assert "Ada" in article


def test_stories_stand_in_menus_when_editors_say_so(client):
    make_story(LandingPage, title="Winter", slug="winter", show_in_menus=True)
    make_story(title="Delivery", slug="delivery", show_in_menus=True)
    make_story(title="Quiet", slug="quiet")
    page = html(client, "/")
    header, footer = page.split("<main")[0], page.split("</main>")[1]
    assert '<a href="/winter/"' in header  # where to go
    assert '<a href="/delivery/"' in footer  # what to know
    assert "Quiet" not in page


def test_stories_are_in_the_sitemap_and_in_search(client):
    make_story(introduction="Iron and ink")
    make_story(title="Secret", slug="secret", live=False)
    sitemap = b"".join(client.get("/sitemap.xml").streaming_content).decode()
    assert "/how-we-print/" in sitemap
    assert "/secret/" not in sitemap
    found = html(client, "/search/?q=print")
    assert '<a href="/how-we-print/">How we print</a>' in found
    assert "How we print" not in html(client, "/search/?q=nothing")


def test_page_types_are_offered_where_they_belong():
    landing = make_story(LandingPage, title="Winter", slug="winter")
    editor = client_of("Editors")
    home = editor.get(f"/admin/pages/{make_home().pk}/add_subpage/").content.decode()
    for words in ("Landing page", "Article", "Category", "Something to read", "A shelf of items"):
        assert words in home
    assert "itempage" not in home
    # only one type can stand there, so its form opens at once
    response = editor.get(f"/admin/pages/{landing.pk}/add_subpage/")
    assert response.url == f"/admin/pages/add/products/articlepage/{landing.pk}/"

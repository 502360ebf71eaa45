"""Components that are remembered by what they show: never another one's, never an old one."""

import json

import pytest
from django.template import Context, Template
from django.test import Client
from django.utils import translation
from django.utils.safestring import SafeString

from products import blocks, parts
from products.tests.factories import make_category, make_item

pytestmark = pytest.mark.django_db(transaction=True)


def described(client: Client, item) -> str:
    page = client.get(item.url).content.decode()
    return page[page.index("item-more") : page.index("</article>")]


def test_a_component_is_made_once_for_its_values_and_its_language() -> None:
    parts._remembered.cache_clear()
    first = parts.made("promise", sku="A-1")
    assert parts.made("promise", sku="A-1") is first
    assert "A-1" in first
    assert "A-2" in parts.made("promise", sku="A-2")
    with translation.override("de"):
        assert parts.made("promise", sku="A-1") != first
    assert parts._remembered.cache_info().currsize == 3


def test_it_sees_nothing_but_its_values() -> None:
    """Were something of the page around it shown, the first page's would stand on every other."""
    around = Template('{% load shop %}{{ sku }}{% part "promise" %}')
    assert around.render(Context({"sku": "Z-9"})).count("Z-9") == 1


def test_text_is_never_taken_for_the_markup_of_the_same_letters() -> None:
    text = parts.made("facts", price="<b>1</b>", availability=None)
    markup = parts.made("facts", price=SafeString("<b>1</b>"), availability=None)
    assert "&lt;b&gt;1" in text
    assert "<b>1</b>" in markup


def test_a_name_that_looks_like_a_hit_is_no_hit(client: Client) -> None:
    """The one found has its name marked; the other has that very markup for a name."""
    make_item("Linen", sku="L-1")
    make_item("<mark>Linen</mark>", sku="L-2")
    for _ in range(2):
        page = client.get("/search/?q=linen").content.decode()
        assert page.count("<mark>Linen</mark></a>") == 1
        assert "&lt;mark&gt;" in page
        assert "&lt;mark&gt;Linen&lt;/mark&gt;" in client.get("/prints/").content.decode()


def test_written_blocks_are_remembered_and_links_follow_their_pages(client: Client) -> None:
    shelf = make_category("Fabrics")
    item = make_item()
    link = f'<p>See <a linktype="page" id="{shelf.pk}">these</a>.</p>'
    words = [
        {"type": "text", "value": "<p>Cut by hand.</p>"},
        {"type": "quote", "value": {"text": "Fine <paper>.", "source": "A buyer"}},
        {"type": "text", "value": link},
    ]
    item.description = json.dumps(words)
    item.save_revision().publish()
    blocks._written.cache_clear()
    for _ in range(2):
        shown = described(client, item)
        assert '<div class="w-block-text block-text"><p>Cut by hand.</p>' in shown.replace("\n", "")
        assert "Fine &lt;paper&gt;." in shown
        assert 'href="/fabrics/"' in shown
    assert blocks._written.cache_info().currsize == 2
    shelf.slug = "cloth"
    shelf.save_revision().publish()
    assert 'href="/cloth/"' in described(client, item)

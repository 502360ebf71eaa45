"""Components that are remembered by what they show: never another one's, never an old one."""

import json
from dataclasses import replace
from datetime import date

import pytest
from django.template import Context, Template
from django.test import Client
from django.utils import translation
from django.utils.safestring import SafeString

from products import blocks, cards, parts
from products.tests.factories import make_category, make_item
from products.tree import Shelf

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


IN, FEW, OUT = (cards.availability(units) for units in (10, 2, 0))
PICTURE = SafeString('<picture><img src="/a.jpg" alt="&lt;3"></picture>')
CARD = cards.Card(7, "Tea & <milk>", "/tea/", 'For "two"', "$1.00", "", "USD", IN, PICTURE)
OPTION = cards.Option("Size & S", "Small <S>", "", "", IN)
SHOT = cards.Shot(1, PICTURE, "/a.jpg?x&y", PICTURE, "A 'cup'")
BUY: dict = {
    "item_id": "7",
    "options": [],
    "choices": [],
    "availability": IN,
    "most": 99,
    "stripe_js_url": "https://js/",
}
FACTS: dict = {"price": "$1.00", "list_price": "", "currency": "USD", "sale_ends": None, "lowest_before": ""}
FACTS |= {"tax_note": "Tax & all.", "delivery": SafeString("<a>Free</a>"), "has_downloads": False, "availability": IN}
META: dict = {
    "title": "Tea & <milk>",
    "type": "product",
    "description": 'For "two"',
    "canonical": "https://shop/tea/?a&b",
}
META |= {"alternates": [], "shop_name": "Shop & Co", "share_picture": "https://shop/a.jpg"}
SHELF = Shelf(3, "Teas & <more>", "00010001", "/teas/")
SHOWN = [
    ("card", {"card": CARD}),
    ("card", {"card": replace(CARD, marked=SafeString("<mark>Tea</mark> &amp; milk"), availability=FEW)}),
    ("card", {"card": replace(CARD, picture=SafeString(), summary="", list_price="$2.00")}),
    ("card", {"card": replace(CARD, title="\x020\x03", list_price="$2.00", availability=OUT)}),
    ("buy", BUY),
    ("buy", BUY | {"availability": OUT, "most": 0}),
    ("buy", BUY | {"options": [OPTION, replace(OPTION, availability=FEW)], "choices": ["Size", "Tea & co"]}),
    ("buy", BUY | {"options": [replace(OPTION, price="$1", list_price="$2", lowest_before="<$1", availability=OUT)]}),
    ("facts", FACTS),
    ("facts", FACTS | {"list_price": "$2.00", "sale_ends": date(2026, 5, 1), "lowest_before": "$1 & less"}),
    ("facts", FACTS | {"currency": "", "tax_note": "", "has_downloads": True, "availability": FEW}),
    ("gallery", {"shots": []}),
    ("gallery", {"shots": [replace(SHOT, thumb=SafeString())]}),
    ("gallery", {"shots": [SHOT, replace(SHOT, number=2, alt="")]}),
    ("meta_tags", META),
    ("meta_tags", META | {"description": "", "share_picture": "", "alternates": [("en", "/a&b"), ("de", "/de/a")]}),
    ("promise", {"sku": "A & B"}),
    ("promise", {"sku": ""}),
    ("related", {"items": [CARD, replace(CARD, list_price="$2.00")], "chosen": 0, "shelf": SHELF}),
    ("related", {"items": [replace(CARD, picture=SafeString(), availability=OUT)], "chosen": 1, "shelf": SHELF}),
]


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize(("name", "values"), SHOWN)
def test_words_are_put_where_the_template_prints_them(name: str, values: dict, language: str) -> None:
    given = parts.packed(values)
    with translation.override(language):
        for _ in range(2):
            assert parts.filled(name, language, given) == parts.render(name, language, given)


def test_each_component_that_is_filled_is_compared() -> None:
    assert {name for name, _values in SHOWN} == parts.SHAPED


def test_one_shape_serves_every_item() -> None:
    parts._shape.cache_clear()
    for number in range(1, 5):
        item = replace(CARD, id=number, title=f"Tea {number}", price=f"${number}.00")
        assert f"Tea {number}" in parts.filled("card", "en", (("card", cards.Card, item),))
    assert parts._shape.cache_info().currsize == 1


@pytest.mark.parametrize(("name", "values"), SHOWN)
def test_no_component_of_ours_needs_its_template_for_each_item(name: str, values: dict, monkeypatch) -> None:
    given = parts.packed(values)
    parts.filled(name, "en", given)
    monkeypatch.setattr(parts, "render", None)
    assert parts.filled(name, "en", given)


HARBOUR = "Harbour & lamp"


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        ("{{ word|truncatechars:2 }}", "H…"),
        ("{{ word|truncatechars:20 }}", "Harbour &amp; lamp"),
        ("{{ word|upper }}", "HARBOUR &amp; LAMP"),
        ("{{ word|cut:' ' }}", "Harbour&amp;lamp"),
        ("{{ word|urlencode }}", "Harbour%20%26%20lamp"),
        ("{{ word|safe }}", "Harbour & lamp"),
        ("{{ word|length }}", "14"),
        ("{% if word == 'Harbour & lamp' %}yes{% else %}no{% endif %}", "yes"),
        ("{% if word != 'Harbour & lamp' %}yes{% else %}no{% endif %}", "no"),
        ("{% if word > 'A' and word < 'X' %}yes{% else %}no{% endif %}", "yes"),
        ("{% if word >= 'A' and word <= 'X' %}yes{% else %}no{% endif %}", "yes"),
        ("{% if 'lamp' in word %}yes{% else %}no{% endif %}", "yes"),
        ("{% if word == other %}yes{% else %}no{% endif %}", "yes"),
        ("{% if word in words %}yes{% else %}no{% endif %}", "yes"),
    ],
)
def test_a_template_that_does_more_with_a_word_is_rendered_for_each(template, shown, settings, tmp_path) -> None:
    (tmp_path / "components").mkdir()
    (tmp_path / "components" / "short.html").write_text(f"<b>{template}</b>")
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [tmp_path]}]
    parts._shape.cache_clear()
    given = (("word", str, HARBOUR), ("other", str, HARBOUR), ("words", list, ("Lamp", HARBOUR)))
    for _ in range(2):
        assert parts.filled("short", "en", given) == f"<b>{shown}</b>"


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

"""The demo shop's landing page and its article: text, a buy box, a row of items, questions."""

import json
from collections.abc import Mapping, Sequence

from wagtail.models import Locale

from products import seo
from products.models import ArticlePage, HomePage, ItemPage, ItemPicture, LandingPage

from .content import gifts

SKUS = {gifts.BOX, gifts.WRAPPED, gifts.PICTURED, *gifts.SHELF}


def add(home: HomePage) -> None:
    """In the default language, below the home page. Nothing if somebody's page stands there or an item is missing."""
    words = gifts.WORDS["en"]
    found = dict(ItemPage.objects.filter(sku__in=SKUS, original__isnull=True).values_list("sku", "pk"))
    if len(found) < len(SKUS) or home.get_children().filter(slug=words.slug).exists():
        return
    landing = LandingPage(
        **_landing(words, found), picture=_picture(found[gifts.WRAPPED]), show_in_menus=True, live=False
    )
    home.add_child(instance=landing)
    landing.save_revision().publish()
    article = ArticlePage(**_article(words, found), picture=_picture(found[gifts.PICTURED]), live=False)
    landing.add_child(instance=article)
    article.save_revision().publish()


def _picture(item_id: int):
    shown = ItemPicture.objects.filter(page=item_id).select_related("image").first()
    return shown.image if shown else None


def translate(home: HomePage, locale: Locale, translated: Mapping[int, ItemPage]) -> None:
    """The same pages in another language, selling that language's items where there are some."""
    landing = LandingPage.objects.child_of(home).filter(slug=gifts.WORDS["en"].slug).first()
    words = gifts.WORDS.get(locale.language_code)
    if landing is None or words is None:
        return
    items = {item.sku: item.pk for item in ItemPage.objects.filter(sku__in=SKUS, original__isnull=True)}
    own = {sku: translated[pk].pk if pk in translated else pk for sku, pk in items.items()}
    article = ArticlePage.objects.child_of(landing).first()
    for page, fields in ((landing, _landing(words, own)), (article, _article(words, own))):
        if page is not None:
            made = page.copy_for_translation(locale)
            for name, value in fields.items():
                setattr(made, name, value)
            made.save_revision().publish()


def _landing(words: gifts.Words, items: Mapping[str, int]) -> dict[str, str]:
    body = [
        ("text", f"<p>{words.text}</p>"),
        ("buy_box", {"item": items[gifts.BOX], "note": words.note}),
        ("shelf", {"heading": words.shelf, "items": [items[sku] for sku in gifts.SHELF]}),
        ("faq", {"questions": [{"question": words.question, "answer": f"<p>{words.answer}</p>"}]}),
    ]
    return _page(words.title, words.slug, words.introduction, words.text, body)


def _article(words: gifts.Words, items: Mapping[str, int]) -> dict[str, str]:
    body = [
        ("text", "".join(f"<p>{one}</p>" for one in words.how_text)),
        ("buy_box", {"item": items[gifts.WRAPPED], "note": words.how_note}),
    ]
    told = words.how_text[0]
    return _page(words.how_title, words.how_slug, words.how_introduction, told, body) | {"author": words.author}


def _page(title: str, slug: str, introduction: str, text: str, body: Sequence[tuple[str, object]]) -> dict[str, str]:
    return {
        "title": title,
        "slug": slug,
        "introduction": introduction,
        "body": json.dumps([{"type": kind, "value": value} for kind, value in body]),
        "seo_title": title,
        "search_description": seo.summary(f"{introduction} {text}"),
    }

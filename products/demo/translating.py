"""The demo shop in its other languages, and the pages that answer questions. Made once, when the shop opens."""

import json
from typing import Any

from tqdm import tqdm
from wagtail.models import Locale

from products import seo
from products.models import ArticlePage, CategoryPage, HomePage, ItemPage
from products.models.pages import FeaturedItem

from . import gifts
from .content import german, help, russian, together

LANGUAGES = {"de": german, "ru": russian}


def add_help(home: HomePage) -> None:
    """Contact, delivery, returns, privacy: linked from the foot of every page."""
    for slug, (title, text) in help.ARTICLES.items():
        _publish_new(home, ArticlePage(**_words(title, text), slug=slug, show_in_menus=True, live=False))


def translate(home: HomePage, *, quiet: bool = False) -> int:
    """A tree for each language beside the home page; answers how many pages were made."""
    items = list(ItemPage.objects.descendant_of(home).filter(live=True, sku__startswith="SL-").order_by("path"))
    progress = tqdm(
        total=len(items) * len(LANGUAGES), desc="Translating the demo shop", unit="item", disable=quiet or None
    )
    made = 0
    with progress:
        for code, texts in LANGUAGES.items():
            locale, _made = Locale.objects.get_or_create(language_code=code)
            if not home.get_translations().filter(locale=locale).exists():
                made += _translate_into(locale, texts, home, items, progress)
    return made


def _translate_into(locale: Locale, texts, home: HomePage, items: list[ItemPage], progress) -> int:
    own = home.copy_for_translation(locale)
    shelves = {}
    for shelf in CategoryPage.objects.child_of(home).filter(slug__in=texts.SHELVES):
        title, slug, introduction, _about = texts.SHELVES[shelf.slug]
        shelves[shelf.path] = shelf.slug, _write(shelf, locale, title=title, slug=slug, introduction=introduction)
    translated = {}
    for item in items:
        slug, _shelf = shelves.get(item.path[: -item.steplen], ("", None))
        if slug and item.sku in texts.ITEMS:
            title, summary = texts.ITEMS[item.sku]
            about = texts.SHELVES[slug][3]
            told: dict[str, Any] = {"tags": together.words_of(item.sku, locale.language_code)}
            told |= {"description": _text(summary, about), "search_description": seo.summary(f"{summary} {about}")}
            translated[item.pk] = _write(item, locale, title=title, summary=summary, **told)
        progress.update()
    for page in ArticlePage.objects.child_of(home).filter(slug__in=texts.ARTICLES):
        title, slug, text = texts.ARTICLES[page.slug]
        _write(page, locale, slug=slug, **_words(title, text))
    gifts.translate(home, locale, translated)
    own.refresh_from_db()  # it has children now; publishing would write that it has none
    for name, value in texts.HOME.items():
        setattr(own, name, value)
    own.body = _text(*texts.STORY)
    chosen = [row.item_id for row in home.featured.all()]
    own.featured = [FeaturedItem(item=translated[pk], sort_order=n) for n, pk in enumerate(chosen) if pk in translated]
    own.save_revision().publish()
    return len(translated) + len(shelves) + 1


def _write(page, locale: Locale, **fields):
    made = page.copy_for_translation(locale)
    told = fields.get("summary") or fields.get("introduction") or fields["title"]
    for name, value in ({"seo_title": fields["title"], "search_description": seo.summary(told)} | fields).items():
        _put(made, name, value)
    made.save_revision().publish()
    return made


def _put(page, name: str, value) -> None:
    if name == "tags":
        page.tags.set(value)
    else:
        setattr(page, name, value)


def _publish_new(parent: HomePage, page: ArticlePage) -> None:
    if not ArticlePage.objects.child_of(parent).filter(slug=page.slug).exists():
        parent.add_child(instance=page)
        page.save_revision().publish()


def _words(title: str, text: str) -> dict[str, str]:
    return {"title": title, "body": _text(text), "seo_title": title, "search_description": seo.summary(text)}


def _text(*paragraphs: str) -> str:
    return json.dumps([{"type": "text", "value": "".join(f"<p>{one}</p>" for one in paragraphs)}])

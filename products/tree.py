"""The shop's shelves: home pages and public categories, read in one query and small enough to keep."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import BooleanField, CharField, Func, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import get_language
from wagtail.models import Page

from . import languages
from .kept import Kept
from .models import ArticlePage, CategoryPage, HomePage, LandingPage
from .prepared import Prepared


@dataclass(frozen=True, slots=True)
class Shelf:
    """A category (or the home page): enough to link to it. `path` is its place in Wagtail's tree; `key` is the same
    in every translation.
    """

    id: int
    title: str
    path: str
    url: str
    image_id: int | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class Tree:
    """Home page and live, public categories of one language in tree order."""

    home: Shelf | None = None
    root: str = "/"  # the home page's url_path: what is cut off a page's url_path to get its address
    shelves: list[Shelf] = field(default_factory=list)
    # what editors put into menus: landing pages into the one at the top, articles (delivery, returns) into the footer
    landings: list[Shelf] = field(default_factory=list)
    articles: list[Shelf] = field(default_factory=list)
    language: str = settings.LANGUAGE_CODE
    locale_id: int = 0

    @property
    def shop_name(self) -> str:
        return self.home.title if self.home else settings.WAGTAIL_SITE_NAME

    @property
    def menu(self) -> list[Shelf]:
        """The categories right under the home page."""
        return self.children(self.home.path) if self.home else []

    @property
    def home_url(self) -> str:
        return languages.prefix(self.language)

    def children(self, path: str) -> list[Shelf]:
        """The categories one step below the page with that path."""
        depth = len(path) + Page.steplen
        return [shelf for shelf in self.shelves if len(shelf.path) == depth and shelf.path.startswith(path)]

    def ancestors(self, path: str) -> list[Shelf]:
        """Home and the categories above the page with that path, outermost first."""
        above = [shelf for shelf in self.shelves if path.startswith(shelf.path) and path != shelf.path]
        return [self.home, *above] if self.home else above

    def address(self, url_path: str) -> str:
        """The path part of a page's address, from its `url_path`."""
        return self.home_url + url_path.removeprefix(self.root)

    def all(self) -> list[Shelf]:
        """Home page and categories."""
        return [*([self.home] if self.home else []), *self.shelves]


class Public(Func):
    """A condition for page queries, `Public("path")`: no view restriction on the page or on a page above it.

    Written by hand, because the same with Exists() makes each query three milliseconds dearer to build. CROSS JOIN,
    because SQLite then begins with the few restrictions: left to choose it may read all pages for each page, which
    with 100,000 is 15 seconds for one search.
    """

    template = (
        "NOT EXISTS (SELECT 1 FROM wagtailcore_pageviewrestriction barred CROSS JOIN wagtailcore_page barred_page"
        " WHERE barred_page.id = barred.page_id"
        " AND substr(%(expressions)s, 1, length(barred_page.path)) = barred_page.path)"
    )
    output_field = BooleanField()
    conditional = True


class Translations(Func):
    """`Translations("translation_key")`: "<locale id>=<url_path> …" of the live translations, the page itself included.

    In the item's own query, where a query of its own would be the sixth of the page.
    """

    template = (
        "(SELECT GROUP_CONCAT(other.locale_id || '=' || other.url_path, ' ') FROM wagtailcore_page other"
        " WHERE other.translation_key = %(expressions)s AND other.live)"
    )
    output_field = CharField()

    def as_postgresql(self, compiler, connection, **context):
        template = self.template.replace("GROUP_CONCAT(other.locale_id ||", "STRING_AGG(other.locale_id::text ||")
        return self.as_sql(compiler, connection, template=template, **context)

    @staticmethod
    def read(text: str | None) -> dict[int, str]:
        """What the database answered: locale id → url_path."""
        pairs = (one.partition("=") for one in (text or "").split())
        return {int(locale_id): url_path for locale_id, _equals, url_path in pairs}


def forest(request: HttpRequest | None = None) -> dict[str, Tree]:
    """A tree for each language that has a live home page; the same for the whole of a request that is handed in.

    Kept while nothing changes: a query and 0.6 ms of each page.
    """
    if request is None:
        return _kept.get("forest", _read)
    found = vars(request).get("shop_forest")
    if found is None:
        found = vars(request)["shop_forest"] = _kept.get("forest", _read)
    return found


def tree(request: HttpRequest | None = None, language: str = "") -> Tree:
    """The shelves of a language: the one named, else the page's own (`show_in`), else the visitor's.

    A language without pages of its own shows the default one's.
    """
    trees = forest(request)
    wanted = language or (vars(request).get("shop_language") if request else None) or get_language() or ""
    return trees.get(wanted) or trees.get(settings.LANGUAGE_CODE) or next(iter(trees.values()), Tree())


def show_in(request: HttpRequest, language: str) -> None:
    """The page that answers this request belongs to that language's tree."""
    vars(request)["shop_language"] = language


def tree_of(request: HttpRequest, locale_id: int) -> Tree:
    """The tree that pages of that locale stand in; it becomes the request's own."""
    for found in forest(request).values():
        if found.locale_id == locale_id:
            show_in(request, found.language)
            return found
    return tree(request)


def translations(request: HttpRequest, shelf_id: int) -> dict[str, str]:
    """Language → address, for a page that stands in the tree: itself and its translations."""
    known = [
        (code, shelf) for code, one in forest(request).items() for shelf in (*one.all(), *one.landings, *one.articles)
    ]
    keys = {shelf.key for _code, shelf in known if shelf.id == shelf_id}
    return {code: shelf.url for code, shelf in known if shelf.key in keys}


def translated_address(address: str, language: str) -> str:
    """Where the same page stands in that language; the address itself if it has no translation (or needs none)."""
    parts = urlsplit(address)
    code, rest = languages.split(parts.path)
    trees = forest()
    here, there = trees.get(code), trees.get(language)
    if here is None or there is None:
        return address
    query = f"?{parts.query}" if parts.query else ""
    if not rest:
        return there.home_url + query if parts.path.strip("/") in ("", code) else address
    pages = Page.objects.filter(live=True, slug=rest.rpartition("/")[2])
    key = pages.filter(url_path=f"{here.root}{rest}/").values_list("translation_key", flat=True).first()
    if key is None:
        return address
    found = Page.objects.filter(live=True, translation_key=key, locale_id=there.locale_id)
    url_path = found.values_list("url_path", flat=True).first()
    return there.address(url_path) + query if url_path else there.home_url


def _read() -> dict[str, Tree]:
    types = ContentType.objects.get_for_models(HomePage, CategoryPage, LandingPage, ArticlePage)
    home_type, category_type = types[HomePage].pk, types[CategoryPage].pk
    trees: dict[str, Tree] = {}
    found = _shelves.rows(
        home_type=home_type,
        category_type=category_type,
        landing_type=types[LandingPage].pk,
        article_type=types[ArticlePage].pk,
    )
    by_path = sorted(found, key=lambda row: row[2])
    for pk, title, path, url_path, content_type_id, locale_id, code, key, image_id in by_path:
        if content_type_id == home_type:
            home = Shelf(pk, title, path, languages.prefix(code), key=str(key))
            trees[code] = Tree(home, url_path, language=code, locale_id=locale_id)
        elif code in trees:
            one = trees[code]
            lists = {category_type: one.shelves, types[LandingPage].pk: one.landings}
            lists.get(content_type_id, one.articles).append(
                Shelf(pk, title, path, one.address(url_path), image_id, str(key))
            )
    return trees


def _query(home_type: int, category_type: int, landing_type: int, article_type: int) -> QuerySet:
    """In no order: with one, SQLite would walk along it through every item of the shop."""
    chosen = Q(content_type_id__in=[home_type, category_type, landing_type, article_type])
    shown = Q(content_type_id__in=[home_type, category_type]) | Q(show_in_menus=True)
    return (
        Page.objects.filter(chosen, shown, Public("path"), live=True)
        .order_by()
        .values_list(
            "pk",
            "title",
            "path",
            "url_path",
            "content_type_id",
            "locale_id",
            "locale__language_code",
            "translation_key",
            "categorypage__image_id",
        )
    )


_shelves = Prepared(_query, home_type=int, category_type=int, landing_type=int, article_type=int)
_kept: Kept[dict[str, Tree]] = Kept()

"""The shop's shelves: home page and public categories, read in one query and small enough to hold for a request."""

from dataclasses import dataclass, field

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import BooleanField, Func, Q, QuerySet
from django.http import HttpRequest
from wagtail.models import Page

from .models import ArticlePage, CategoryPage, HomePage, LandingPage
from .prepared import Prepared


@dataclass(frozen=True, slots=True)
class Shelf:
    """A category (or the home page): enough to link to it. `path` is its place in Wagtail's tree."""

    id: int
    title: str
    path: str
    url: str
    image_id: int | None = None


@dataclass(frozen=True, slots=True)
class Tree:
    """Home page and live, public categories in tree order."""

    home: Shelf | None = None
    root: str = "/"  # the home page's url_path: what is cut off a page's url_path to get its address
    shelves: list[Shelf] = field(default_factory=list)
    stories: list[Shelf] = field(default_factory=list)  # landing pages and articles that editors put into menus

    @property
    def shop_name(self) -> str:
        return self.home.title if self.home else settings.WAGTAIL_SITE_NAME

    @property
    def menu(self) -> list[Shelf]:
        """The categories right under the home page."""
        return self.children(self.home.path) if self.home else []

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
        return "/" + url_path.removeprefix(self.root)


class Public(Func):
    """A condition for page queries, `Public("path")`: no view restriction on the page or on a page above it.

    Written by hand, because the same with Exists() makes each query three milliseconds dearer to build.
    """

    template = (
        "NOT EXISTS (SELECT 1 FROM wagtailcore_pageviewrestriction barred JOIN wagtailcore_page barred_page"
        " ON barred_page.id = barred.page_id"
        " WHERE substr(%(expressions)s, 1, length(barred_page.path)) = barred_page.path)"
    )
    output_field = BooleanField()
    conditional = True


def tree(request: HttpRequest | None = None) -> Tree:
    """The shelves; read once for each request that is handed in."""
    if request is None:
        return _read()
    found = vars(request).get("shop_tree")
    if found is None:
        found = vars(request)["shop_tree"] = _read()
    return found


def _read() -> Tree:
    types = ContentType.objects.get_for_models(HomePage, CategoryPage, LandingPage, ArticlePage)
    home_type, category_type = types[HomePage].pk, types[CategoryPage].pk
    home, root = None, "/"
    shelves: list[Shelf] = []
    stories: list[Shelf] = []
    rows = _shelves.rows(
        home_type=home_type,
        category_type=category_type,
        landing_type=types[LandingPage].pk,
        article_type=types[ArticlePage].pk,
    )
    for pk, title, path, url_path, content_type_id, image_id in rows:
        if content_type_id == home_type:
            home, root = Shelf(pk, title, path, "/"), url_path
        else:
            found = shelves if content_type_id == category_type else stories
            found.append(Shelf(pk, title, path, "/" + url_path.removeprefix(root), image_id))
    return Tree(home, root, shelves, stories)


def _query(home_type: int, category_type: int, landing_type: int, article_type: int) -> QuerySet:
    shown = Q(content_type_id__in=[home_type, category_type]) | Q(
        content_type_id__in=[landing_type, article_type], show_in_menus=True
    )
    return (
        Page.objects.filter(shown, Public("path"), live=True)
        .order_by("path")
        .values_list("pk", "title", "path", "url_path", "content_type_id", "categorypage__image_id")
    )


_shelves = Prepared(_query, home_type=-1, category_type=-2, landing_type=-3, article_type=-4)

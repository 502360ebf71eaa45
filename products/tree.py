"""The shop's shelves: home page and public categories, read in one query and small enough to hold for a request."""

from dataclasses import dataclass, field

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef
from django.http import HttpRequest
from wagtail.models import Page, PageViewRestriction

from .models import CategoryPage, HomePage


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


def not_private() -> Exists:
    """A condition for page queries: no view restriction on the page or on a page above it."""
    outer = ExpressionWrapper(OuterRef("path"), output_field=CharField())
    return ~Exists(PageViewRestriction.objects.annotate(outer=outer).filter(outer__startswith=F("page__path")))


def tree(request: HttpRequest | None = None) -> Tree:
    """The shelves; read once for each request that is handed in."""
    if request is None:
        return _read()
    if not hasattr(request, "shop_tree"):
        request.shop_tree = _read()
    return request.shop_tree


def _read() -> Tree:
    types = ContentType.objects.get_for_models(HomePage, CategoryPage)
    rows = (
        Page.objects.filter(content_type__in=types.values(), live=True)
        .filter(not_private())
        .order_by("path")
        .values_list("pk", "title", "path", "url_path", "content_type_id", "categorypage__image_id")
    )
    home, root, shelves = None, "/", []
    for pk, title, path, url_path, content_type_id, image_id in rows:
        if content_type_id == types[HomePage].pk:
            home, root = Shelf(pk, title, path, "/"), url_path
        else:
            shelves.append(Shelf(pk, title, path, "/" + url_path.removeprefix(root), image_id))
    return Tree(home, root, shelves)

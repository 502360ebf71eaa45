"""Categories by their way down from the home page; missing ones are made."""

from django.utils.text import slugify
from wagtail.models import Page

from products.models import CategoryPage, HomePage, ItemPage


class Shelves:
    """Looks each category up once. `made`: the names of new ones."""

    def __init__(self, *, publish: bool, user=None) -> None:
        self.publish, self.user = publish, user
        self.made: list[str] = []
        self._known: dict[tuple[str, ...], Page] = {}

    def at(self, way: tuple[str, ...]) -> Page:
        """The category's page: Prints > Small is the category Small in the category Prints."""
        key = _key(way)
        if key not in self._known:
            above = self.at(way[:-1]) if len(way) > 1 else self._home()
            self._known[key] = self._below(above, way) or self._make(above, way)
        return self._known[key]

    def found(self, way: tuple[str, ...]) -> tuple[Page, list[str]]:
        """The page that is there, as far down as it goes, and the names of what would be made below it."""
        page = HomePage.objects.order_by("path").first() or Page.get_first_root_node()
        for length in range(1, len(way) + 1):
            below = self._below(page, way[:length])
            if below is None:
                return page, [" > ".join(way[:end]) for end in range(length, len(way) + 1)]
            page = below
        return page, []

    @staticmethod
    def _below(above: Page, way: tuple[str, ...]) -> Page | None:
        return CategoryPage.objects.child_of(above).filter(title__iexact=way[-1]).order_by("path").first()

    def _home(self) -> HomePage:
        home = HomePage.objects.order_by("path").first()
        if home is None:
            home = Page.get_first_root_node().add_child(instance=HomePage(title="Shop", slug="shop"))
        return home

    def _make(self, above: Page, way: tuple[str, ...]) -> CategoryPage:
        made = CategoryPage(
            title=way[-1], slug=free_slug(way[-1], taken_slugs(above)), show_in_menus=True, live=self.publish
        )
        made.locale_id = above.locale_id
        above.refresh_from_db(fields=["numchild"])
        above.add_child(instance=made)
        revision = made.save_revision(user=self.user, log_action=True)
        if self.publish:
            revision.publish(user=self.user)
        self.made.append(" > ".join(way))
        return made


def _key(way: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name.casefold() for name in way)


def taken_slugs(above: Page) -> set[str]:
    return set(Page.objects.child_of(above).values_list("slug", flat=True)) if above.pk else set()


def free_slug(title: str, taken: set[str], least: int = 2) -> str:
    """An address from a title that nobody beside has; it is taken from then on."""
    base = (slugify(title, allow_unicode=True) or "item")[:200]
    slug, number = base, least
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    taken.add(slug)
    return slug


def next_paths(above: Page, count: int) -> list[str]:
    """Places in the tree for `count` new children, after the last one there is."""
    last = Page.objects.child_of(above).order_by("-path").values_list("path", flat=True).first()
    first = ItemPage._str2int(last[-ItemPage.steplen :]) + 1 if last else 1
    return [ItemPage._get_path(above.path, above.depth + 1, first + number) for number in range(count)]

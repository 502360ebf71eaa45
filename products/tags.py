"""The words on items: those of one item, those of a shelf or a result to choose from, and rows for many at once."""

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from django.db.models import CharField, Count, Func, QuerySet
from django.utils.text import slugify

from .kept import Kept
from .models import ItemPage, ItemTag
from .models.tag import Tag
from .prepared import Prepared

MOST_OFFERED = 30  # in a list to choose from: the most frequent
LONGEST = 100  # of a word
NO_WORD = "A tag needs at least one letter or digit."


class Word(NamedTuple):
    """`slug` stands in addresses; `items` have it, where that was counted."""

    slug: str
    name: str
    items: int = 0


class Words(Func):
    """`Words("pk")`: "<slug>=<name>" of each of an item's tags, a line each.

    In the item's own query, like its translations: another one would be the sixth of the page.
    """

    template = (
        "(SELECT GROUP_CONCAT(word.slug || '=' || word.name, CHAR(10)) FROM products_itemtag given"
        " JOIN products_tag word ON word.id = given.tag_id WHERE given.content_object_id = %(expressions)s)"
    )
    output_field = CharField()

    def as_postgresql(self, compiler, connection, **context):
        template = self.template.replace("GROUP_CONCAT(", "STRING_AGG(").replace("CHAR(10)", "CHR(10)")
        return self.as_sql(compiler, connection, template=template, **context)


def of(page: ItemPage) -> list[Word]:
    """The words of an item; without a query if it comes from the catalogue."""
    if hasattr(page, "words"):
        pairs = (one.partition("=") for one in (page.words or "").split("\n") if one)
        found = [Word(slug, name) for slug, _equals, name in pairs]
    else:
        found = [Word(tag.slug, tag.name) for tag in page.tags.all()]
    return sorted(found, key=lambda word: word.name.casefold())


def having(slug: str) -> QuerySet:
    """The ids of items with that word, as a subquery."""
    return ItemTag.objects.filter(tag__slug=slug).values("content_object")


def name_of(slug: str) -> str:
    """The word that an address names; "" if there is none. Kept."""
    if not slug:
        return ""
    return _names.get(slug, lambda: Tag.objects.filter(slug=slug).values_list("name", flat=True).first() or "")


_names: Kept[str] = Kept(limit=1000)


def on_shelf(path: str, sample: Callable[[], Sequence[int]]) -> list[Word]:
    """The most frequent words on a shelf, by name, uncounted. Kept.

    `sample` gives items of the shelf: of a long one not all, because counting 300,000 words takes more than a second.
    """
    return _shelves.get(path, lambda: _read_shelf(sample()))


def _read_shelf(item_ids: Sequence[int]) -> list[Word]:
    words = [Word(word.slug, word.name) for word in among(item_ids, MOST_OFFERED)]
    return sorted(words, key=lambda word: word.name.casefold())


_shelves: Kept[list[Word]] = Kept(limit=500)


def among(item_ids: Sequence[int], limit: int) -> list[Word]:
    """The most frequent words on these items, counted, the most frequent first. One query."""
    counts = _counted.rows(ids=list(item_ids)) if item_ids else []
    return [Word(*row) for row in counts[:limit]]


def _counted_query(ids: list[int]) -> QuerySet:
    given = ItemTag.objects.filter(content_object__in=ids).order_by().values_list("tag__slug", "tag__name")
    return given.annotate(items=Count("pk")).order_by("-items", "tag__name")


_counted = Prepared(_counted_query, ids=list)


def on_results(item_ids: Sequence[int], limit: int) -> list[Word]:
    """among(), kept: a search and its pages find the same items again."""
    return _results.get((array("l", item_ids).tobytes(), limit), lambda: among(item_ids, limit))


_results: Kept[list[Word]] = Kept(limit=500)


def put_on(wanted: Mapping[int, Iterable[str]]) -> None:
    """Gives items the words that are named, by item id, in the place of those they have. A dozen statements."""
    if not wanted:
        return
    known = made(name for names in wanted.values() for name in names)
    ItemTag.objects.filter(content_object__in=wanted).delete()
    rows = [
        ItemTag(content_object_id=item_id, tag=known[key])
        for item_id, names in wanted.items()
        for key in dict.fromkeys(name.casefold() for name in names)
    ]
    ItemTag.objects.bulk_create(rows, batch_size=500)


def is_word(name: str) -> bool:
    """Whether there is a letter or digit in it, of which its address is made."""
    return bool(slugify(name, allow_unicode=True))


def by_name() -> dict[str, Tag]:
    """All tags by name in lower case, worked out here: SQLite knows no lower case but the English one."""
    return {tag.name.casefold(): tag for tag in Tag.objects.all()}


def made(names: Iterable[str]) -> dict[str, Tag]:
    """The tags of those names, whatever their case, by the name in lower case; missing ones are made."""
    wanted = list(dict.fromkeys(names))
    found = by_name() if wanted else {}
    for name in wanted:
        if name.casefold() not in found:
            found[name.casefold()] = Tag.objects.create(name=name)
    return found

"""What stands on a shelf, in which order, as far as it fits the visitor's filters."""

from array import array
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from . import catalogue, prices
from .filtering import Filters
from .kept import Kept
from .tree import Shelf

EVERYTHING = Filters()
# Of a longer shelf the beginning is read first, to know that it is long.
SHORT_SHELF = 1_000

SORTS: dict[str, tuple[str | Promise, tuple[str, ...]]] = {
    "": (gettext_lazy("Featured"), ("path",)),
    "new": (gettext_lazy("Newest"), ("-first_published_at", "-pk")),
    # prices of different currencies cannot be compared, so each currency comes on its own
    "price": (gettext_lazy("Price, low first"), ("currency", "price_now", "pk")),
    "-price": (gettext_lazy("Price, high first"), ("currency", "-price_now", "pk")),
    "name": (gettext_lazy("Name"), ("title", "pk")),
}


@dataclass(frozen=True, slots=True)
class Shelved:
    """One page of a category's items: their ids, and how many there are on all pages."""

    ids: list[int]
    count: int


def shelved(
    shelf: Shelf, *, sort: str = "", filters: Filters = EVERYTHING, offset: int = 0, limit: int = catalogue.PER_PAGE
) -> Shelved:
    """Items of a category and of the categories in it, as far as they fit. `sort` is a key of SORTS."""
    ids = _order(shelf.path, sort, filters)
    return Shelved(list(ids[offset : offset + limit]), len(ids))


def _order(path: str, sort: str, filters: Filters) -> array:
    """Ids of everything on the shelf, in order; kept as long as nothing changes, at 8 bytes each.

    Sorting a shelf of 100,000 takes the database a quarter of a second; even for a short one, writing the question was
    a quarter of a list's time. What is shown of an item is read apart, and what is no longer for sale drops out there.
    """
    key = (path, sort, filters)
    first = _beginnings.get(key, lambda: array("l", _query(path, sort, filters)[: SHORT_SHELF + 1]))
    if len(first) <= SHORT_SHELF:
        return first
    return _long.get(key, lambda: array("l", _query(path, sort, filters)))


def _query(path: str, sort: str, filters: Filters) -> QuerySet:
    now = timezone.now()
    items = (
        catalogue.for_sale(now)
        .filter(path__range=catalogue.range_below(path))
        .annotate(price_now=prices.effective(now))
    )
    if filters:
        items = filters.narrow(items.annotate(units=catalogue.UNITS), currencies_on(path))
    return items.order_by(*SORTS[sort][1]).values_list("pk", flat=True)


# Apart, so that many short ones (each combination of filters is one) do not drive out the dear ones.
_beginnings: Kept[array] = Kept(limit=500)
_long: Kept[array] = Kept(limit=200)


def everything() -> array:
    """Ids of all that is for sale, ascending; kept as long as nothing changes. What machines read goes by them."""
    return _everything.get("", lambda: array("l", catalogue.for_sale().order_by("pk").values_list("pk", flat=True)))


_everything: Kept[array] = Kept()


def sample(path: str, most: int = 2_000) -> list[int]:
    """Items of a shelf, evenly spaced; all of them up to `most`."""
    ids = _order(path, "", EVERYTHING)
    return list(ids[:: -(-len(ids) // most) or 1])


def currencies_on(path: str) -> list[str]:
    """The currencies that something on the shelf is sold in; kept as long as nothing changes."""
    return _currencies.get(path, lambda: _read_currencies(path))


def _read_currencies(path: str) -> list[str]:
    items = catalogue.for_sale().filter(path__range=catalogue.range_below(path))
    return sorted(items.order_by().values_list("currency", flat=True).distinct())


_currencies: Kept[list[str]] = Kept(limit=1000)

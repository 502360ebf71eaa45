"""What stands on a shelf, in which order, as far as it fits the visitor's filters."""

from array import array
from dataclasses import dataclass

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from . import catalogue, generation, prices
from .filtering import Filters
from .tree import Shelf

EVERYTHING = Filters()
# Up to here a shelf's order is read anew for each page; a longer one is remembered while nothing changes.
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


_orders: dict[tuple[str, str, Filters], tuple[str, array]] = {}
_currencies: dict[str, tuple[str, list[str]]] = {}


def shelved(
    shelf: Shelf, *, sort: str = "", filters: Filters = EVERYTHING, offset: int = 0, limit: int = catalogue.PER_PAGE
) -> Shelved:
    """Items of a category and of the categories in it, as far as they fit. `sort` is a key of SORTS."""
    ids = _order(shelf.path, sort, filters)
    return Shelved(list(ids[offset : offset + limit]), len(ids))


def _order(path: str, sort: str, filters: Filters) -> array | list[int]:
    """Ids of everything on the shelf, in order.

    Sorting a shelf of 100,000 takes the database a quarter of a second, so the order of a long one is kept (400 KB of
    integers) as long as nothing changes. What is shown of an item is always read fresh, and what is no longer for sale
    drops out there.
    """
    state = generation.current()
    remembered = _orders.get((path, sort, filters))
    if remembered and remembered[0] == state:
        return remembered[1]
    now = timezone.now()
    items = (
        catalogue.for_sale(now)
        .filter(path__range=catalogue.range_below(path))
        .annotate(price_now=prices.effective(now))
    )
    if filters:
        items = filters.narrow(items.annotate(units=catalogue.UNITS), currencies_on(path))
    query = items.order_by(*SORTS[sort][1]).values_list("pk", flat=True)
    ids = list(query[: SHORT_SHELF + 1])
    if len(ids) <= SHORT_SHELF:
        _orders.pop((path, sort, filters), None)
        return ids
    everything = array("l", query)
    if len(_orders) > 200:
        _orders.clear()
    _orders[path, sort, filters] = state, everything
    return everything


def sample(path: str, most: int = 2_000) -> list[int]:
    """Items of a shelf, evenly spaced; all of them up to `most`."""
    ids = _order(path, "", EVERYTHING)
    return list(ids[:: -(-len(ids) // most) or 1])


def currencies_on(path: str) -> list[str]:
    """The currencies that something on the shelf is sold in; kept as long as nothing changes."""
    now = generation.current()
    remembered = _currencies.get(path)
    if remembered and remembered[0] == now:
        return remembered[1]
    items = catalogue.for_sale().filter(path__range=catalogue.range_below(path))
    found = sorted(items.order_by().values_list("currency", flat=True).distinct())
    if len(_currencies) > 1000:
        _currencies.clear()
    _currencies[path] = now, found
    return found

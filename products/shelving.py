"""What stands on a shelf, in which order, as far as it fits the visitor's filters."""

from array import array
from dataclasses import dataclass

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from . import catalogue, prices
from .distinct import different
from .filtering import Filters
from .kept import Kept
from .models import ItemPage
from .tree import Shelf

EVERYTHING = Filters()
# A longer shelf takes long to sort.
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

    Sorting a shelf of 100,000 takes the database a tenth of a second; even for a short one, writing the question was
    a quarter of a list's time. What is shown of an item is read apart, and what is no longer for sale drops out there.
    """
    key = (path, sort, filters)
    short, long = _kept[filters.in_stock]
    for kept in (short, long):
        word, found = kept.known([key])
        if found:
            return found[key]
    ids = _ids(_query(path, sort, filters))
    (short if len(ids) <= SHORT_SHELF else long).keep(word, {key: ids})
    return ids


def _query(path: str, sort: str, filters: Filters) -> QuerySet:
    now = timezone.now()
    items = (
        catalogue.for_sale(now)
        .filter(path__range=catalogue.range_below(path))
        .annotate(price_now=prices.effective(now))
    )
    if filters:
        items = filters.narrow(items.annotate(units=catalogue.UNITS), currencies_on(path))
    return items.order_by(*SORTS[sort][1])


# Apart, so that many short ones (each combination of filters is one) do not drive out the dear ones; and by whether
# only what is in stock is asked for, which a sale may change.
_kept: dict[bool, tuple[Kept[array], Kept[array]]] = {
    in_stock: (Kept(limit=500, counts=in_stock), Kept(limit=200, counts=in_stock)) for in_stock in (False, True)
}


def everything() -> array:
    """Ids of all that is for sale, ascending; kept as long as nothing changes. What machines read goes by them."""
    return _everything.get("", lambda: _ids(catalogue.for_sale().order_by("pk")))


def _ids(items: QuerySet) -> array:
    """Read row by row: a queryset makes a list of all that it finds first, 10 MB for 100,000, and the process stays as
    large as it once was. (Its iterator() would open a cursor in PostgreSQL that no transaction pooler can keep.)
    """
    try:
        sql, parameters = items.values_list("pk").query.sql_with_params()
    except EmptyResultSet:  # filters that nothing can fit
        return array("l")
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return array("l", (row[0] for row in cursor))


_everything: Kept[array] = Kept()


def sample(path: str, most: int = 2_000) -> list[int]:
    """Items of a shelf, evenly spaced; all of them up to `most`."""
    ids = _order(path, "", EVERYTHING)
    return list(ids[:: -(-len(ids) // most) or 1])


def currencies_on(path: str) -> list[str]:
    """The currencies that something on the shelf is sold in; kept as long as nothing changes."""
    return _currencies.get(path, lambda: _read_currencies(path))


def _read_currencies(path: str) -> list[str]:
    """Each of the shop's is looked for until one item has it: comparing all of 100,000 takes a third of a second."""
    items = catalogue.for_sale().filter(path__range=catalogue.range_below(path)).order_by()
    # not as a bare column: of one whose items stand elsewhere SQLite would read all by the currency's index
    items = items.annotate(sold_in=Coalesce("currency", Value("")))
    return [one for one in different(ItemPage.objects.all(), "currency") if items.filter(sold_in=one).exists()]


_currencies: Kept[list[str]] = Kept(limit=1000)

"""What stands below an item: what its editor chose, then its neighbours on the shelf."""

from datetime import datetime

from django.db.models import Case, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from . import catalogue
from .models import ItemPage, RelatedItem
from .models.related import MOST
from .prepared import Prepared

ALTOGETHER = 4  # at least; more only if more were chosen


def related(item: ItemPage) -> tuple[list[int], int]:
    """The ids of the items to show, in order, and how many of them were chosen. Only what is for sale. One query.

    A translation shows its original's choice, in its own language. Neighbours are those after the item on its shelf,
    then from the start again.
    """
    first, last = catalogue.range_below(item.path[: -item.steplen])
    marks = {"path": item.path, "first": first, "last": last, "now": timezone.now()}
    found = _around.rows(catalogue.sellable(), source=item.source_id, locale=item.locale_id, **marks)
    chosen = [item_id for item_id, place in found if place is not None][:MOST]
    return _filled_up(chosen, [item_id for item_id, place in found if place is None])


def of_draft(item: ItemPage) -> tuple[list[int], int]:
    """The same for a preview, whose choice may not be in the database yet."""
    if item.original_id is not None:  # chosen at the original
        return related(item) if item.path else ([], 0)
    keys = list(dict.fromkeys(row.item.translation_key for row in item.related_items.all() if row.item_id))
    here = dict(
        ItemPage.objects.filter(translation_key__in=keys, locale=item.locale_id).values_list("translation_key", "pk")
    )
    chosen = [row.id for row in catalogue.rows([here[key] for key in keys if key in here])]
    return _filled_up(chosen, related(item)[0] if item.path else [])


def _filled_up(chosen: list[int], others: list[int]) -> tuple[list[int], int]:
    rest = [item_id for item_id in others if item_id not in chosen][: max(0, ALTOGETHER - len(chosen))]
    return [*chosen, *rest], len(chosen)


def _around_query(source: int, locale: int, path: str, first: str, last: str, now: datetime) -> QuerySet:
    sold = catalogue.for_sale(now)
    near = sold.filter(path__range=(first, last)).order_by("path").values("pk")
    # two short walks along the index on path; ordering the whole shelf by turn would read all of it
    after, before = near.filter(path__gt=path)[:ALTOGETHER], near.filter(path__lt=path)[:ALTOGETHER]
    choice = RelatedItem.objects.filter(page_id=source)
    chosen = sold.filter(translation_key__in=choice.values("item__translation_key"), locale_id=locale).exclude(
        path=path
    )
    places = choice.filter(item__translation_key=OuterRef("translation_key")).order_by("sort_order", "pk")
    # One list of ids: for an OR of three, PostgreSQL reads the whole table. Each in a query of its own, because SQLite
    # bears no LIMIT in a part of a UNION.
    walks = [ItemPage.objects.filter(pk__in=part).order_by().values("pk") for part in (after, before)]
    around = ItemPage.objects.filter(pk__in=chosen.order_by().values("pk").union(*walks, all=True))
    turn = Case(When(path__gt=path, then=Value(0)), default=Value(1))
    around = around.annotate(place=Subquery(places.values(at=Coalesce("sort_order", 0))[:1]))
    return around.order_by(F("place").asc(nulls_last=True), turn, "path").values_list("pk", "place")


_around = Prepared(
    _around_query,
    source=int,
    locale=int,
    path=str,
    first=str,
    last=str,
    now=datetime,
)

"""Which items are running out. An item may name its own number; the shop's setting is for all others."""

from dataclasses import dataclass

from django.db.models import Exists, F, IntegerField, Max, OuterRef, QuerySet, Value
from django.db.models.functions import Coalesce
from wagtail.models import Site

from .models import ItemPage, Stock, StockSettings


@dataclass(frozen=True, slots=True)
class Low:
    """`left`: units that can still be sold; `counted`: False if nobody ever counted it, which sells nothing."""

    item: ItemPage
    left: int
    counted: bool = True


def limit() -> int:
    """The shop's own number: so many or fewer are few."""
    site = Site.objects.filter(is_default_site=True).first()
    return StockSettings.for_site(site).low_stock if site else StockSettings().low_stock


def _on_sale() -> QuerySet[ItemPage]:
    # an alias or a translation shows another page's thing, which is counted there
    return ItemPage.objects.filter(live=True, original__isnull=True).defer_streamfields()


def low_rows() -> QuerySet[Stock]:
    """Counts of live items at or below their limit, the emptiest first."""
    general = limit()
    wanted = Coalesce(F("item__low_stock"), Value(general), output_field=IntegerField())
    largest = ItemPage.objects.filter(low_stock__isnull=False).aggregate(largest=Max("low_stock"))["largest"] or 0
    return (
        Stock.objects.annotate(left=F("on_hand") - F("held"), limit=wanted)
        # the first of the two says nothing new, but an index serves it: 400 ms of 100,000 counts became 20
        .filter(left__lte=max(general, largest))
        .filter(left__lte=F("limit"), item__live=True)
        .select_related("item")
        .order_by("left", "item__title", "pk")
    )


def uncounted() -> QuerySet[ItemPage]:
    """Live items that nobody ever counted."""
    # in a query of its own, which reads two indexes and no page
    never = ItemPage.objects.filter(~Exists(Stock.objects.filter(item=OuterRef("pk"))), original__isnull=True)
    return _on_sale().filter(pk__in=never.order_by().values("page_ptr_id")).order_by("title", "pk")


def running_out(most: int) -> tuple[list[Low], int]:
    """The `most` urgent ones, and how many there are in all."""
    never, low = list(uncounted().values_list("pk", flat=True)), low_rows()
    items = ItemPage.objects.defer_streamfields().in_bulk(never[:most])
    found = [Low(items[pk], 0, counted=False) for pk in never[:most] if pk in items]
    found += [Low(row.item, row.available) for row in low[: max(most - len(found), 0)]]
    return found, len(never) + low.count()

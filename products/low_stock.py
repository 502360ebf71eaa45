"""Which items are running out. An item may name its own number; the shop's setting is for all others."""

from dataclasses import dataclass

from django.db.models import Exists, F, IntegerField, OuterRef, QuerySet, Value
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
    wanted = Coalesce(F("item__low_stock"), Value(limit()), output_field=IntegerField())
    return (
        Stock.objects.filter(item__live=True)
        .annotate(left=F("on_hand") - F("held"), limit=wanted)
        .filter(left__lte=F("limit"))
        .select_related("item")
        .order_by("left", "item__title", "pk")
    )


def uncounted() -> QuerySet[ItemPage]:
    """Live items that nobody ever counted."""
    return _on_sale().filter(~Exists(Stock.objects.filter(item=OuterRef("pk")))).order_by("title", "pk")


def running_out(most: int) -> tuple[list[Low], int]:
    """The `most` urgent ones, and how many there are in all."""
    never, low = uncounted(), low_rows()
    found = [Low(item, 0, counted=False) for item in never[:most]]
    found += [Low(row.item, row.available) for row in low[:most]]
    return found[:most], never.count() + low.count()

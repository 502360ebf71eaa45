"""Items as a table with the importer's columns, so that what came out can go in again."""

from collections.abc import Iterator
from typing import Any

from django.utils.html import strip_tags

from . import variants
from .importing.reading import COLUMNS as IMPORTED
from .models import CategoryPage, ItemPage, ItemVariant, Stock
from .money import to_major

PORTION = 500
COLUMNS = [*IMPORTED, "price_minor", "sale_price", "sale_price_minor", "live", "held", "sold"]


def rows(*, live_only: bool = False) -> Iterator[dict[str, Any]]:
    """One row for each item, or for each of its variants. Translations are the same thing, so they have none."""
    items = ItemPage.objects.filter(original__isnull=True).order_by("path")
    items = items.filter(live=True) if live_only else items
    shelves = {shelf.path: shelf.title for shelf in CategoryPage.objects.only("path", "title")}
    found = items.prefetch_related("variants", "stocks__variant", "gallery__image")
    for item in found.iterator(chunk_size=PORTION):
        counts = {stock.variant.sku if stock.variant else item.sku: stock for stock in item.stocks.all()}
        for row in list(item.variants.all()) or [None]:
            yield _row(item, row, counts, shelves)


def _row(item: ItemPage, row: ItemVariant | None, counts: dict[str, Stock], shelves: dict[str, str]) -> dict[str, Any]:
    sku = row.sku if row else item.sku
    stock, (regular, sale) = counts.get(sku), variants.amounts(item, row)
    pictures = list(item.gallery.all())
    ways = [title for path, title in sorted(shelves.items()) if item.path.startswith(path)]
    return {
        "sku": sku,
        "name": item.title,
        "description": _text(item),
        "price": _major(regular, item.currency),
        "price_minor": regular,
        "sale_price": _major(sale, item.currency),
        "sale_price_minor": sale,
        "currency": item.currency,
        "stock": stock.on_hand if stock else None,
        "held": stock.held if stock else 0,
        "sold": stock.sold if stock else 0,
        "category": " > ".join(ways),
        "image": pictures[0].image.title if pictures else "",
        "variant": row.name if row else "",
        "live": item.live,
    }


def _major(minor: int | None, currency: str):
    return None if minor is None else to_major(minor, currency)


def _text(item: ItemPage) -> str:
    """The description's text blocks, paragraphs apart; pictures and tables are the page's own."""
    parts = [str(block.value.source) for block in item.description if block.block_type == "text"]
    return strip_tags("\n\n".join(parts).replace("</p><p>", "\n\n").replace("<br/>", "\n")).strip()

"""Items as a table with the importer's columns, so that what came out can go in again."""

import html
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.html import strip_tags

from . import variants
from .models import CategoryPage, ItemPage, ItemVariant, Stock
from .money import to_major

PORTION = 500
IMPORTED = ("sku", "name", "description", "price", "currency", "stock", "category", "image", "variant", "tags")
COUNTS = ("held", "sold")
READ_ONLY = ("price_minor", "sale_price", "sale_price_minor", "live", *COUNTS)
COLUMNS = [*IMPORTED, *READ_ONLY]


def everything(*, live_only: bool = False) -> QuerySet[ItemPage]:
    """All items in the order of their shelves. Translations are the same thing, so they are left out."""
    items = ItemPage.objects.filter(original__isnull=True).order_by("path")
    return items.filter(live=True) if live_only else items


def rows(items: QuerySet[ItemPage]) -> Iterator[dict[str, Any]]:
    """One row for each item, or for each of its variants."""
    return (cells for _item, _row, cells in pairs(items))


def pairs(items: QuerySet[ItemPage]) -> Iterator[tuple[ItemPage, ItemVariant | None, dict[str, Any]]]:
    """The same, with the item and the variant's row that each was made from."""
    shelves = {shelf.path: shelf.title for shelf in CategoryPage.objects.only("path", "title")}
    found = items.prefetch_related("variants", "stocks__variant", "gallery__image", "tagged_items__tag")
    for item in found.iterator(chunk_size=PORTION):
        counts = {stock.variant.sku if stock.variant else item.sku: stock for stock in item.stocks.all()}
        ways = " > ".join(shelves[path] for path in _above(item) if path in shelves)
        for row in list(item.variants.all()) or [None]:
            yield item, row, _row(item, row, counts, ways)


def _above(item: ItemPage) -> Iterator[str]:
    """The paths of the pages above it, from the top down."""
    return (item.path[:end] for end in range(item.steplen, len(item.path), item.steplen))


def _row(item: ItemPage, row: ItemVariant | None, counts: dict[str, Stock], way: str) -> dict[str, Any]:
    sku = row.sku if row else item.sku
    stock, (regular, sale) = counts.get(sku), variants.amounts(item, row)
    pictures = list(item.gallery.all())
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
        "category": way,
        "image": pictures[0].image.title if pictures else "",
        "variant": row.name if row else "",
        "tags": ", ".join(sorted(given.tag.name for given in item.tagged_items.all())),
        "live": item.live,
    }


def _major(minor: int | None, currency: str):
    return None if minor is None else to_major(minor, currency)


def _text(item: ItemPage) -> str:
    """The description's text blocks, paragraphs apart; pictures and tables are the page's own."""
    parts = [str(block.value.source) for block in item.description if block.block_type == "text"]
    text = strip_tags("\n\n".join(parts).replace("</p><p>", "\n\n").replace("<br/>", "\n"))
    return html.unescape(text).strip()

"""Everything for sale as a product feed, in the RSS form that Google Merchant Center and others read.

https://support.google.com/merchants/answer/7052112 says what each field means. Written row by row, so that a large shop
costs no memory.
"""

from array import array
from collections.abc import Iterator

from django.utils.html import escape

from . import cards, catalogue, money
from .models import ItemPage
from .pictures import Album
from .seo import absolute
from .tree import Tree

AT_A_TIME = 200
STOCK = {"out": "out_of_stock", "few": "in_stock", "in": "in_stock"}


def feed(shop: Tree) -> Iterator[str]:
    """The items of one language, by id."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel>\n'
    yield f"<title>{escape(shop.shop_name)}</title><link>{escape(absolute(shop.home_url))}</link>\n"
    below = catalogue.range_below(shop.home.path) if shop.home else ("", "")
    ids = catalogue.for_sale().filter(path__range=below).order_by("pk").values_list("pk", flat=True)
    everything = array("l", ids.iterator(chunk_size=2000))
    for start in range(0, len(everything), AT_A_TIME):
        yield from _entries(shop, list(everything[start : start + AT_A_TIME]))
    yield "</channel></rss>\n"


def _entries(shop: Tree, ids: list[int]) -> Iterator[str]:
    galleries = catalogue.pictures(ids)
    album = Album((found[0].image_id for found in galleries.values()), ["share"])
    skus = dict(ItemPage.objects.filter(pk__in=ids).values_list("pk", "sku"))
    for row in catalogue.rows(ids):
        made = album.first(galleries[row.id][0].image, "share") if row.id in galleries else None
        fields = {
            "id": skus.get(row.id) or str(row.id),
            "title": row.title,
            "description": row.summary or row.title,
            "link": absolute(shop.address(row.url_path)),
            "image_link": absolute(made.url) if made else "",
            "availability": STOCK[cards.availability(row.available).state],
            "price": _price(row.list_amount, row.currency),
            "sale_price": _price(row.amount, row.currency) if row.amount < row.list_amount else "",
            "condition": "new",
        }
        told = "".join(f"<g:{name}>{escape(value)}</g:{name}>" for name, value in fields.items() if value)
        yield f"<item>{told}</item>\n"


def _price(amount: int, currency: str) -> str:
    return f"{money.to_major(amount, currency)} {currency}"

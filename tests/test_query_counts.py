"""How many queries each kind of public page takes: the same with ten items and with a thousand."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from benchmarks import goods
from products import generation, pictures
from products.models import CategoryPage, ItemPage, ItemTag, RelatedItem, Tag
from products.tests.factories import make_home, make_image

pytestmark = pytest.mark.django_db(transaction=True)
# The tree of shelves and the taxes are kept between requests, and stored pages are switched off.
MOST = {
    "/": 8,
    "/goods/": 5,
    "/goods/?page=2": 5,
    "/goods/?sort=price": 5,
    "/goods/?stock=1&max=100": 5,
    "/goods/?tag=linen": 5,
    "/item/{id}": 4,
    "{url}": 4,
    "/search/?q=linen": 7,  # the words on what was found
    "/search/?q=linen&tag=linen": 5,
    "/search/?tag=linen": 4,
    "/search/?q=nothing-like-it": 5,  # the whole, its first word, the names near that word (two), articles
    "/search/suggest/?q=linen": 4,
    "/feeds/items.rss": 5,
    "/sitemap.xml": 3,
    "/robots.txt": 0,
}


def stock_the_shop(count: int) -> list[ItemPage]:
    image = make_image()
    pictures.make_all(image.pk, "card", "item", "thumb", "share")
    shelf = make_home().add_child(instance=CategoryPage(title="Goods"))
    first = (Page.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    made = []
    for items in goods.batches(count, first, [shelf] * goods.SHELVES):
        for item in items:  # one shelf holds them all: a step each
            item.path = Page._get_path(shelf.path, shelf.depth + 1, goods.number_of(item) + 1)
        goods.insert(Page, items)
        goods.insert(ItemPage, items)
        goods.add_the_rest(items, [image.pk])
        made += items
    generation.forget()
    return made


def stock_with_choice(count: int) -> list[ItemPage]:
    """Every query is counted of an item for which an editor chose others."""
    items = stock_the_shop(count)
    chosen = [items[1], items[-1], items[2]]
    item = items[len(items) // 2]
    RelatedItem.objects.bulk_create(RelatedItem(page=item, item=one, sort_order=n) for n, one in enumerate(chosen))
    word = Tag.objects.create(name="linen")
    ItemTag.objects.bulk_create(ItemTag(content_object=one, tag=word) for one in items[:: 2 if count < 100 else 3])
    return items


def counted(work: Callable[[], object]) -> int:
    work()  # what is kept is kept
    with CaptureQueriesContext(connection) as queries:
        work()
    return len(queries)


@pytest.mark.parametrize("count", [10, 1_000])
def test_every_page_takes_as_many_queries_with_a_thousand_items_as_with_ten(count, monkeypatch):
    monkeypatch.setattr(generation, "LOOK_EVERY", 3600)
    cache.clear()  # Wagtail keeps renditions there by the image's id
    items = stock_with_choice(count)
    client, item = Client(), items[len(items) // 2]

    def open_page(path: str) -> None:
        response = client.get(path)
        assert response.status_code == 200, path
        assert response.getvalue()

    found = {}
    for path in MOST:
        if path != "/goods/?page=2" or count > 24:
            address = path.format(id=item.pk, url=item.get_url())
            found[path] = counted(lambda address=address: open_page(address))
    assert {path: number for path, number in found.items() if number > MOST[path]} == {}

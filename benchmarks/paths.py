"""The addresses that are measured, of the database that the settings name. Prints them as JSON.

python -m benchmarks.paths
"""

import itertools
import json
import os
import random

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings")
import django

django.setup()

from django.urls import reverse  # noqa: E402

from benchmarks.words import ADJECTIVES, ANEW, FREQUENT, NOUNS  # noqa: E402
from checkout.models import Order  # noqa: E402
from products import catalogue, filtering, shelving  # noqa: E402
from products.models import CategoryPage, ItemPage  # noqa: E402

HOT = 20
FILTER = filtering.Filters(minimum="20", maximum="150", currency="USD", in_stock=True)


def paths() -> dict[str, list[str]]:
    """Name of a measurement → paths of like pages. Needs a database of benchmarks.goods."""
    ids = list(ItemPage.objects.filter(sku__startswith="GO-").order_by("pk").values_list("pk", flat=True))
    chosen = random.Random(1).sample([pk for place, pk in enumerate(ids) if place % 50 != 49], min(200, len(ids) - 2))
    plenty = {pk for place, pk in enumerate(ids) if place % 20 != 9}  # of the others there are three
    items = ItemPage.objects.in_bulk(chosen)
    pairs = list(zip(ADJECTIVES, NOUNS, strict=False))
    others = [pair for pair in itertools.product(FREQUENT + ADJECTIVES, NOUNS) if pair not in pairs]
    shelf = CategoryPage.objects.get(slug="goods")
    near, far = _pages(shelving.shelved(shelf).count)
    fitting, far_fitting = _pages(shelving.shelved(shelf, filters=FILTER).count)
    narrowed = "/goods/?" + "&".join(f"{name}={value}" for name, value in FILTER.query().items())
    return {
        "home": ["/"],
        "item": [items[pk].get_url() for pk in chosen],
        "list": [f"/goods/?page={page}" for page in near],
        "list by price": [f"/goods/?sort=price&page={page}" for page in near],
        "deep page": [f"/goods/?page={page}" for page in far],
        "list in stock": [f"/goods/?stock=1&page={page}" for page in near],
        "list by word": [f"/goods/?tag={word}" for word in FREQUENT],
        "list, all filters": [f"{narrowed}&page={page}" for page in fitting],
        "deep page, all filters, by price": [f"{narrowed}&sort=price&page={page}" for page in far_fitting],
        "search": [f"/search/?q={word}" for word in FREQUENT],
        "search for two words": [f"/search/?q={one}+{two}" for one, two in pairs],
        ANEW: [f"/search/?q={one}+{two}" for one, two in others],
        "feed": ["/feeds/items.rss"],
        "sitemap": ["/sitemap.xml"],
        "API list": ["/api/v2/items/"],
        "API, deep page": [f"/api/v2/items/?offset={max(len(ids) - 40, 0)}"],
        "API, by word": [f"/api/v2/items/?search={word}" for word in FREQUENT],
        "basket add": [f"/basket/add/{pk}" for pk in chosen if pk in plenty][:30],
    }


def _pages(count: int) -> tuple[range, range]:
    """The first pages of so many items, and the last ones that are full."""
    last = -(-count // catalogue.PER_PAGE)
    return range(1, min(last, HOT) + 1), range(max(last - HOT, 1), max(last, 2))


def admin_paths() -> dict[str, str]:
    """What somebody opens who looks after a shop: name → address. Needs benchmarks.around, too."""
    shelf = CategoryPage.objects.get(slug="shelf-00")
    some = ItemPage.objects.filter(sku__startswith="GO-").order_by("pk").values_list("pk", flat=True)[:20]
    items, stock, pictures = reverse("item_list"), reverse("stock_list"), reverse("wagtailimages:index")
    orders, explorer = reverse("wagtailsnippets_checkout_order:list"), reverse("wagtailadmin_explore", args=[shelf.pk])
    changing = reverse("wagtail_bulk_action", args=["products", "itempage", "price"])
    count, held = ItemPage.objects.count(), Order.objects.count()
    return {
        "admin": reverse("wagtailadmin_home"),
        "items": items,
        "items, last page": f"{items}?p={-(-count // 50)}",
        "items, search": f"{items}?q=harbour",
        "items, search of one": f"{items}?q=GO-000042",
        "items, sold out": f"{items}?stock=out",
        "items, low": f"{items}?stock=low",
        "items, by stock": f"{items}?ordering=units",
        "items, by title": f"{items}?ordering=title",
        "change of 20 prices": f"{changing}?next={items}&" + "&".join(f"id={item_id}" for item_id in some),
        "stock": stock,
        "stock, last page": f"{stock}?p={-(-count // 25)}",
        "stock, search": f"{stock}?q=harbour",
        "explorer": explorer,
        "explorer, last page": f"{explorer}?p={-(-shelf.numchild // 50)}",
        "explorer, search": f"{explorer}?q=harbour",
        "page search": reverse("wagtailadmin_pages:search") + "?q=harbour",
        "pictures": pictures,
        "pictures, last page": f"{pictures}?p={-(-count // 30)}",
        "pictures, search": f"{pictures}?q=picture",
        "orders": orders,
        "orders, last page": f"{orders}?p={-(-held // 20)}",
        "orders, paid": f"{orders}?status=paid",
        "orders, search of one": f"{orders}?q=M0000042",
        "orders, search": f"{orders}?q=buyer42@",
    }


if __name__ == "__main__":
    print(json.dumps(paths()))

"""The addresses that are measured, of the database that the settings name. Prints them as JSON.

python -m benchmarks.paths
"""

import json
import os
import random

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings")
import django

django.setup()

from benchmarks.words import ADJECTIVES, FREQUENT, NOUNS  # noqa: E402
from products import catalogue, shelving  # noqa: E402
from products.models import CategoryPage, ItemPage  # noqa: E402

HOT = 20


def paths() -> dict[str, list[str]]:
    """Name of a measurement → paths of like pages. Needs a database of benchmarks.goods."""
    ids = list(ItemPage.objects.filter(sku__startswith="GO-").order_by("pk").values_list("pk", flat=True))
    chosen = random.Random(1).sample([pk for place, pk in enumerate(ids) if place % 50 != 49], min(200, len(ids) - 2))
    plenty = {pk for place, pk in enumerate(ids) if place % 20 != 9}  # of the others there are three
    items = ItemPage.objects.in_bulk(chosen)
    shelf = CategoryPage.objects.get(slug="goods")
    last = -(-shelving.shelved(shelf).count // catalogue.PER_PAGE)
    near = range(1, min(last, HOT) + 1)
    far = range(max(last - HOT, 1), last)
    return {
        "home": ["/"],
        "item": [items[pk].get_url() for pk in chosen],
        "list": [f"/goods/?page={page}" for page in near],
        "list by price": [f"/goods/?sort=price&page={page}" for page in near],
        "deep page": [f"/goods/?page={page}" for page in far],
        "search": [f"/search/?q={word}" for word in FREQUENT],
        "search for two words": [f"/search/?q={one}+{two}" for one, two in zip(ADJECTIVES, NOUNS, strict=False)],
        "feed": ["/feeds/items.rss"],
        "basket add": [f"/basket/add/{pk}" for pk in chosen if pk in plenty][:30],
    }


if __name__ == "__main__":
    print(json.dumps(paths()))

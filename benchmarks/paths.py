"""The addresses that are measured, of the database that the settings name."""

from products import catalogue
from products.models import CategoryPage, ItemPage


def paths() -> dict[str, str]:
    """Name of a measurement → path of a page. Needs Django set up."""
    items = ItemPage.objects.filter(live=True, stock__on_hand__gt=0).order_by("pk")
    item = items[items.count() // 2]
    shelf = CategoryPage.objects.get(slug="goods")
    last = -(-catalogue.shelved(shelf).count // catalogue.PER_PAGE)
    return {
        "home": "/",
        "item": item.get_url(),
        "item by id": f"/item/{item.pk}",
        "list": "/goods/",
        "list by price": "/goods/?sort=price",
        "deep page": f"/goods/?page={max(last - 1, 1)}",
        "search": "/search/?q=linen",
        "search, page 3": "/search/?q=linen&page=3" if last > 30 else "/search/?q=linen",
        "feed": "/feeds/items.rss",
    }

"""What an item needs before buyers may see it. A draft may lack all of it."""

from django.db.models import Q
from wagtail.models import Page

from . import stock
from .currencies import missing_settings
from .models import ItemPage


def problems(item: ItemPage) -> dict[str, str]:
    """Field name → what to do, for everything that keeps `item` from being published; empty if nothing does."""
    found = {}
    if not item.sku.strip():
        found["sku"] = "An item needs its own article number before it can be published."
    elif other := _item_with_same_sku(item):
        found["sku"] = f"“{other.title}” has this SKU already. Give this item a number of its own."
    if item.price is None:
        found["price"] = "An item needs a price before it can be published."
    if not item.currency:
        found["currency"] = "Say in which currency the price is."
    elif missing := missing_settings(item.currency):
        found["currency"] = (
            f"Nothing can be sold in {item.currency} yet. Ask whoever runs the shop to set {', '.join(missing)}."
        )
    return found


def problems_below(pages) -> list[tuple[ItemPage, dict[str, str]]]:
    """The items among `pages` (a queryset) whose latest revision could not be published, each with its problems."""
    items = ItemPage.objects.filter(pk__in=pages.values("pk")).select_related("latest_revision")
    drafts = (item.get_latest_revision_as_object() for item in items.iterator(chunk_size=200))
    return [(draft, found) for draft in drafts if (found := problems(draft))]


def count_first_stock(sender, instance, revision=None, **kwargs) -> None:
    """After publishing, by hand, by schedule or by a moderator: what the draft said there is of a new item."""
    if not isinstance(instance, ItemPage) or not instance.live or instance.alias_of_id is not None:
        return  # Wagtail sends this signal when a publication is scheduled, too
    if instance.opening_stock is not None:
        user = revision.user if revision else None
        stock.open_count(item_id=instance.source_id, quantity=instance.opening_stock, user=user)


def _item_with_same_sku(item: ItemPage) -> Page | None:
    """A live item with this SKU that is neither an alias nor a translation of `item`."""
    same = Q(pk=item.pk) | Q(translation_key=item.translation_key) | Q(alias_of__isnull=False)
    return ItemPage.objects.filter(sku=item.sku, live=True).exclude(same).only("title").first()

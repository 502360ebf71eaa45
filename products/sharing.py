"""One thing on the shelf, shown on several pages: translations and aliases share SKU, price and stock with an original.

The original's page is where they are written; saving a translation takes them from there, so publishing it can
change neither. What differs by language (title, texts, names of choices) stays each page's own.
"""

from .models import ItemPage

SHARED = ("sku", "price", "currency", "sale_price", "sale_starts_at", "sale_ends_at", "tax_id", "shipping_required")
DERIVED = ("unit_amount", "sale_amount", "prices_differ", "has_variants", "has_downloads")


def take_from_original(page: ItemPage) -> None:
    """Before a page is saved: its original, if it has one, and what they share."""
    if page.alias_of_id:
        page.original_id = _source_of(page.alias_of_id)
    elif page._state.adding:
        first = (
            ItemPage.objects.filter(translation_key=page.translation_key, alias_of__isnull=True)
            .order_by("pk")
            .values_list("pk", flat=True)
            .first()
        )
        page.original_id = _source_of(first) if first else None
    if page.original_id is None:
        return
    page.downloads = []  # copied with the page; buyers get the original's
    shared = ItemPage.objects.filter(pk=page.original_id).values(*SHARED, *DERIVED).first()
    for name, value in (shared or {}).items():
        setattr(page, name, value)


def _source_of(page_id: int) -> int:
    return ItemPage.objects.values_list("original_id", flat=True).get(pk=page_id) or page_id


def hand_on(page: ItemPage) -> None:
    """After an original was saved: pages that share with it show the same."""
    if page.original_id is None:
        values = {name: getattr(page, name) for name in (*SHARED, *DERIVED)}
        ItemPage.objects.filter(original_id=page.pk).update(**values)

"""The editor's form as a browser posts it."""

from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from products.models import ItemPage


def item_form(item: ItemPage | None = None, **changes) -> dict:
    """POST data of an item's edit form with `changes`; add `"action-publish": "1"` to publish."""
    data = {
        "title": item.title if item else "",
        "slug": item.slug if item else "",
        "summary": "",
        "sku": item.sku if item else "",
        "price": str(item.price) if item and item.price is not None else "",
        "currency": item.currency if item else "USD",
        "tax": "",
        "description": streamfield([]),
        "gallery": inline_formset([]),
        "comments": inline_formset([]),
        "seo_title": "",
        "search_description": "",
        "go_live_at": "",
        "expire_at": "",
    }
    return nested_form_data({**data, **changes})


def edit_url(item: ItemPage) -> str:
    return f"/admin/pages/{item.pk}/edit/"

"""The editor's form as a browser posts it."""

from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from products.models import ItemPage, ItemVariant


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
        "related_items": inline_formset([]),
        "sale_price": "",
        "sale_starts_at": "",
        "sale_ends_at": "",
        **{name: getattr(item, name, "") for name in ("choice1", "choice2", "choice3")},
        "variants": variant_rows(*(variant_row(row) for row in item.variants.all())) if item else inline_formset([]),
        "downloads": inline_formset([]),
        "comments": inline_formset([]),
        "seo_title": "",
        "search_description": "",
        "go_live_at": "",
        "expire_at": "",
    }
    return nested_form_data({**data, **changes})


def variant_row(row: ItemVariant, **changes) -> dict:
    """One row of the variants as it stands in the form."""
    names = ("value1", "value2", "value3", "sku")
    return {
        "id": row.pk or "",
        "key": str(row.key),
        **{name: getattr(row, name) for name in names},
        "price": "" if row.price is None else str(row.price),
        "sale_price": "" if row.sale_price is None else str(row.sale_price),
        "opening_stock": "",
        "for_sale": "on",
        **changes,
    }


def variant_rows(*rows: dict) -> dict:
    """All rows; those the form was opened with come first, as they do in the browser."""
    return inline_formset(list(rows), initial=sum(row["key"] != "" for row in rows))


def edit_url(item: ItemPage) -> str:
    return f"/admin/pages/{item.pk}/edit/"

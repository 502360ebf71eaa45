"""What an item needs before buyers may see it. A draft may lack all of it."""

from collections import Counter

from django.db.models import Q
from wagtail.log_actions import log
from wagtail.models import Page

from . import money, price_approval, stock, variants
from .currencies import missing_settings
from .models import ItemPage, ItemVariant, Variant

REFUSED = "products.publish_refused"


def problems(item: ItemPage, rows: list[ItemVariant] | None = None) -> dict[str, str]:
    """Field name → what to do, for everything that keeps `item` from being published; empty if nothing does.

    What is wrong with variants stands together under "variants" (`row_problems` has it for each row). `rows`: the
    variants, where they are not the item's own yet.
    """
    found = {}
    rows = list(item.variants.all()) if rows is None else rows
    if not item.sku.strip():
        if not rows:  # the variants have numbers of their own
            found["sku"] = "An item needs its own article number before it can be published."
    elif other := _item_with_same_sku(item, item.sku):
        found["sku"] = f"“{other}” has this SKU already. Give this item a number of its own."
    if item.price is None and not (rows and all(row.price is not None for row in rows)):
        found["price"] = "An item needs a price before it can be published."
    if not item.currency:
        found["currency"] = "Say in which currency the price is."
    elif missing := missing_settings(item.currency):
        found["currency"] = (
            f"Nothing can be sold in {item.currency} yet. Ask whoever runs the shop to set {', '.join(missing)}."
        )
    wrong = [f"{row.name or f'Row {number}'}: {message}" for number, row, message in row_problems(item, rows)]
    if rows and not any(row.for_sale for row in rows):
        wrong.append("None of the variants is for sale. Tick at least one, or unpublish the item.")
    if wrong:
        found["variants"] = " ".join(wrong)
    if lost := _files_for_nobody(item, rows):
        found["downloads"] = f"A file is only for the SKU {', '.join(lost)}, which none of the variants has."
    return found


def _files_for_nobody(item: ItemPage, rows: list[ItemVariant]) -> list[str]:
    known = {row.sku.strip() for row in rows}
    return sorted({sku for download in item.downloads.all() if (sku := download.sku.strip()) and sku not in known})


def row_problems(item: ItemPage, rows: list[ItemVariant]) -> list[tuple[int, ItemVariant, str]]:
    """(number, row, what to do) for every row of an item's variants that is not ready."""
    names = Counter(row.name.casefold() for row in rows)
    numbers = Counter(row.sku.strip() for row in rows)
    return [
        (number, row, message)
        for number, row in enumerate(rows, 1)
        for message in _row_problems(item, row, names, numbers)
    ]


def price_problems(item: ItemPage, rows: list[ItemVariant]) -> list[tuple[int, ItemVariant, str]]:
    """As row_problems, of the prices alone."""
    return [(number, row, message) for number, row in enumerate(rows, 1) for message in _price_problems(item, row)]


def _row_problems(item: ItemPage, row: ItemVariant, names: Counter, numbers: Counter):
    sku = row.sku.strip()
    if missing := [name for name, value in zip(item.choices, _values(row), strict=False) if not value]:
        yield f"Say which {', '.join(missing)}."
    if len(row.values) > max(1, len(item.choices)):
        yield "It has more values than the item has choices. Name the choice above, or leave the value empty."
    if row.name and names[row.name.casefold()] > 1:
        yield "Another row has the same choices."
    if not sku:
        yield "It needs its own article number."
    elif numbers[sku] > 1 or sku == item.sku.strip():
        yield f"The SKU {sku} stands here twice. Each variant has its own."
    elif other := _item_with_same_sku(item, sku):
        yield f"“{other}” has the SKU {sku} already."
    yield from _price_problems(item, row)


def _price_problems(item: ItemPage, row: ItemVariant):
    try:
        regular, sale = variants.amounts(item, row)
    except money.InvalidAmount as error:
        yield str(error)
        return
    if regular is not None and regular <= 0:
        yield "A price is more than zero."
    if row.sale_price is not None and (sale is None or sale <= 0 or (regular is not None and sale >= regular)):
        yield "A sale price is less than the price, and more than zero."


def _values(row: ItemVariant) -> tuple[str, str, str]:
    return row.value1, row.value2, row.value3


def refuse_unfinished(page: ItemPage, revision, user) -> bool:
    """True when that version may not be published; the page's history then says why. A schedule is given up."""
    draft = revision.as_object()
    found = {**problems(draft), **price_approval.refusal(draft, user)}
    if found:
        type(revision).objects.filter(pk=revision.pk).update(approved_go_live_at=None)
        log(page, REFUSED, user=user, revision=revision, data={"problems": list(found.values())})
    return bool(found)


def problems_below(pages, user=None) -> list[tuple[ItemPage, dict[str, str]]]:
    """The items among `pages` (a queryset) whose latest revision `user` could not publish, each with its problems."""
    items = ItemPage.objects.filter(pk__in=pages.values("pk")).select_related("latest_revision")
    drafts = (item.get_latest_revision_as_object() for item in items.iterator(chunk_size=200))
    checked = ((draft, {**problems(draft), **price_approval.refusal(draft, user)}) for draft in drafts)
    return [(draft, found) for draft, found in checked if found]


def count_first_stock(sender, instance, revision=None, **kwargs) -> None:
    """After publishing, by hand, by schedule or by a moderator: what the draft said there is of a new item."""
    if not isinstance(instance, ItemPage) or not instance.live or instance.original_id is not None:
        return  # Wagtail sends this signal when a publication is scheduled, too
    user = revision.user if revision else None
    rows = {row.key: row.opening_stock for row in instance.variants.all() if row.opening_stock is not None}
    for variant in Variant.objects.filter(item=instance, key__in=rows):
        stock.open_count(item_id=instance.pk, variant_id=variant.pk, quantity=rows[variant.key], user=user)
    if instance.opening_stock is not None and not Variant.objects.filter(item=instance, active=True).exists():
        stock.open_count(item_id=instance.pk, quantity=instance.opening_stock, user=user)


def _item_with_same_sku(item: ItemPage, sku: str) -> Page | None:
    """What else is for sale under this SKU: a live item, or a variant of one. Translations and aliases are the item."""
    same = Q(pk=item.pk) | Q(translation_key=item.translation_key) | Q(original__isnull=False)
    other = ItemPage.objects.filter(sku=sku, live=True).exclude(same).only("title").first()
    if other:
        return other
    elsewhere = Variant.objects.filter(sku=sku, active=True, item__live=True).exclude(item_id=item.source_id)
    found = elsewhere.select_related("item").first()
    return found.item if found else None

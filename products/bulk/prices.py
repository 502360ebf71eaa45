"""Prices of an item, changed where it is live and, separately, in the draft that waits.

A price that only the live row had would be undone by publishing the draft; publishing the draft instead would publish
what an editor has not finished. So the live version is published with the new price, and the draft is saved again on
top of it. A draft that names another price than the live item keeps it: that price is somebody's decision.
"""

from collections.abc import Iterator
from decimal import Decimal

from products import money
from products.models import ItemPage, ItemVariant

from . import NotDone

OWN = ""  # the item's own price; a variant's is under its key
Prices = dict[str, str]


def prices(item: ItemPage) -> Prices:
    """Regular prices that are set: the item's own, and each variant's that has one."""
    return {key: f"{price.normalize():f}" for key, _, price in _places(item) if price is not None}


def sale_prices(item: ItemPage) -> dict[str, Decimal]:
    """Sale prices under the same keys."""
    found = {OWN: item.sale_price} | {str(row.key): row.sale_price for row in item.variants.all()}
    return {key: price for key, price in found.items() if price is not None}


def words(found: Prices, currency: str) -> str:
    """For the table: each different price once."""
    amounts = dict.fromkeys(money.to_minor(price, currency) for price in found.values())
    return ", ".join(money.format_money(amount, currency) for amount in amounts)


def change(item_id: int, old: Prices, new: Prices, *, user) -> None:
    """Everywhere `old` stands it becomes `new`. Raises NotDone if the live prices are not `old` (any more)."""
    live = ItemPage.objects.get(pk=item_id)
    draft = live.get_latest_revision_as_object() if live.has_unpublished_changes and live.latest_revision else None
    scheduled = live.scheduled_revision
    if not live.live:
        _replace(draft or live, old, new, strict=True)
        (draft or live).save()
        (draft or live).save_revision(user=user, log_action=True)
    else:
        _publish(live, old, new, user)
        if draft and live.latest_revision != scheduled:
            _replace(draft, old, new)
            draft.save_revision(user=user)
    if scheduled:
        _schedule_again(scheduled, old, new, user)


def _publish(live: ItemPage, old: Prices, new: Prices, user) -> None:
    _replace(live, old, new, strict=True)
    live.go_live_at = None  # a schedule belongs to the draft that has it
    live.save_revision(user=user, log_action=True).publish(user=user)
    now = prices(ItemPage.objects.get(pk=live.pk))
    if any(now.get(key) != price for key, price in new.items()):
        raise NotDone("It could not be published: open it, and what is missing is named at its field.")


def _schedule_again(scheduled, old: Prices, new: Prices, user) -> None:
    """Publishing takes a schedule back, and the scheduled version has the old price: it is set anew, with the new."""
    page, moment = scheduled.as_object(), scheduled.approved_go_live_at
    _replace(page, old, new)
    revision = page.save_revision(user=user)
    page.revisions.exclude(pk=revision.pk).update(approved_go_live_at=None)
    revision.approved_go_live_at = moment
    revision.save(update_fields=["approved_go_live_at"])


def _replace(page: ItemPage, old: Prices, new: Prices, *, strict: bool = False) -> None:
    if strict and prices(page) != old:
        raise NotDone("Its price has changed meanwhile.")
    rows = list(page.variants.all())
    for key, thing, price in list(_places(page, rows)):
        if price is not None and f"{price.normalize():f}" == old.get(key) and key in new:
            thing.price = Decimal(new[key])
    if rows:
        page.variants = rows


def _places(page: ItemPage, rows=None) -> Iterator[tuple[str, ItemPage | ItemVariant, Decimal | None]]:
    yield OWN, page, page.price
    for row in page.variants.all() if rows is None else rows:
        yield str(row.key), row, row.price

"""What can be done to many items at once. `terms` are plain values (JSON), so that an operation can be made again."""

from decimal import Decimal
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from wagtail.models import Page, Revision

from products import money, price_approval, publishing, stock
from products.models import CategoryPage, ItemPage, Stock, Variant

from . import NotDone, Row, prices


class Operation:
    """`plan` changes nothing; `carry_out` and `take_back` raise NotDone. Callers hold a transaction for each row."""

    kind: ClassVar[str]

    def __init__(self, user, **terms: Any) -> None:
        self.user, self.terms = user, terms

    @property
    def label(self) -> str:
        raise NotImplementedError

    def may(self, item: ItemPage) -> bool:
        raise NotImplementedError

    def plan(self, item: ItemPage) -> Row:
        row = Row(item.pk, item.get_admin_display_title(), "")
        if not self.may(item):
            row.problem = "You may not do this here."
        else:
            self.fill(row, item)
        return row

    def fill(self, row: Row, item: ItemPage) -> None:
        raise NotImplementedError

    def carry_out(self, row: Row) -> None:
        raise NotImplementedError

    def take_back(self, row: Row) -> None:
        raise NotImplementedError


def _busy(item: ItemPage) -> str:
    """Why nobody should reach into this page now; "" if nothing is under way."""
    if item.locked:
        return "It is locked."
    if item.workflow_in_progress:
        return "A draft of it waits for a moderator, who decides first."
    return ""


class ChangePrices(Operation):
    """`percent`: a decimal string, "-10" or "2.5"."""

    kind = "price"

    @property
    def label(self) -> str:
        return f"Prices {Decimal(self.terms['percent']):+f} %"

    def may(self, item: ItemPage) -> bool:
        return self.user.has_perm("products.change_price") and item.permissions_for_user(self.user).can_publish()

    def fill(self, row: Row, item: ItemPage) -> None:
        page = item if item.live or not item.latest_revision else item.get_latest_revision_as_object()
        old = prices.prices(page)
        row.before = prices.words(old, page.currency) or "no price"
        row.problem = _busy(item) or ("" if old else "It has no price yet.")
        if row.problem:
            return
        percent = Decimal(self.terms["percent"])
        amounts = {
            key: money.change_by_percent(money.to_minor(price, page.currency), percent, page.currency)
            for key, price in old.items()
        }
        new = {key: f"{money.to_major(amount, page.currency).normalize():f}" for key, amount in amounts.items()}
        row.after = prices.words(new, page.currency)
        row.data = {"old": old, "new": new}
        row.problem = self._problem(page, old, new)
        row.note = self._note(item, old)

    @staticmethod
    def _problem(page: ItemPage, old: prices.Prices, new: prices.Prices) -> str:
        if any(Decimal(price) <= 0 for price in new.values()):
            return "Nothing would be left of its price."
        if old == new:
            return "So little changes nothing here."
        own = new.get(prices.OWN, "0")
        for key, sale in prices.sale_prices(page).items():
            if sale >= Decimal(new.get(key, own)):
                return "Its sale price would not be lower than its price any more."
        return ""

    @staticmethod
    def _note(item: ItemPage, old: prices.Prices) -> str:
        if not item.live or not item.has_unpublished_changes or not item.latest_revision:
            return ""
        draft = prices.prices(item.get_latest_revision_as_object())
        if draft == old:
            return "Its draft gets the same price and stays a draft."
        return "Its draft has a price of its own, which stays, as a draft."

    def carry_out(self, row: Row) -> None:
        self._change(row.item_id, row.data["old"], row.data["new"])

    def take_back(self, row: Row) -> None:
        self._change(row.item_id, row.data["new"], row.data["old"])

    def _change(self, item_id: int, old: prices.Prices, new: prices.Prices) -> None:
        try:
            prices.change(item_id, old, new, user=self.user)
        except ValidationError as error:
            raise NotDone(" ".join(error.messages)) from error


class ChangeStock(Operation):
    """`quantity`: units added to (or, negative, taken from) each; `reason` for the ledger."""

    kind = "stock"

    @property
    def label(self) -> str:
        return f"Stock {self.terms['quantity']:+d} each: {self.terms['reason']}"

    def may(self, item: ItemPage) -> bool:
        return self.user.has_perm("products.change_stock")

    def fill(self, row: Row, item: ItemPage) -> None:
        variants = list(Variant.objects.filter(item=item, active=True))
        counts = {
            stock_row.variant_id: (stock_row.on_hand, stock_row.held) for stock_row in Stock.objects.filter(item=item)
        }
        before, after, short = [], [], False
        things: list[Variant | None] = [*variants] or [None]
        for variant in things:
            on_hand, held = counts.get(variant.pk if variant else None, (0, 0))
            name = f"{variant.name}: " if variant else ""
            before.append(f"{name}{on_hand}")
            after.append(f"{name}{on_hand + self.terms['quantity']}")
            short = short or on_hand + self.terms["quantity"] < held
        row.before, row.after = "; ".join(before), "; ".join(after)
        row.data = {"variants": [variant.pk for variant in variants] or [None]}
        row.problem = "That is more than there is, or than is not promised to buyers." if short else ""

    def carry_out(self, row: Row) -> None:
        self._move(row, self.terms["quantity"], self.terms["reason"])

    def take_back(self, row: Row) -> None:
        self._move(row, -self.terms["quantity"], f"Taken back: {self.terms['reason']}"[:200])

    def _move(self, row: Row, quantity: int, reason: str) -> None:
        for variant_id in row.data["variants"]:
            try:
                stock.adjust(
                    item_id=row.item_id, variant_id=variant_id, quantity=quantity, reason=reason, user=self.user
                )
            except stock.NotEnoughStock as error:
                raise NotDone(f"Only {max(error.available, 0)} can be taken.") from error


class Publish(Operation):
    kind = "publish"
    label = "Published"

    def may(self, item: ItemPage) -> bool:
        return item.permissions_for_user(self.user).can_publish()

    def fill(self, row: Row, item: ItemPage) -> None:
        row.before = _status(item)
        row.problem = _busy(item)
        if row.problem:
            return
        if item.live and not item.has_unpublished_changes:
            row.problem = "It is published as it is."
            return
        draft = item.get_latest_revision_as_object()
        found = {**publishing.problems(draft), **price_approval.refusal(draft, self.user)}
        row.problem = " ".join(found.values())
        row.after = "live"
        row.data = {"was_live": item.live, "revision": item.live_revision_id}

    def carry_out(self, row: Row) -> None:
        item = ItemPage.objects.get(pk=row.item_id)
        revision = item.latest_revision or item.save_revision(user=self.user)
        revision.publish(user=self.user)
        if not ItemPage.objects.filter(pk=row.item_id, live=True, live_revision=revision).exists():
            raise NotDone("It could not be published.")

    def take_back(self, row: Row) -> None:
        if not row.data["was_live"]:
            ItemPage.objects.get(pk=row.item_id).unpublish(user=self.user)
        else:
            _publish_again(row, self.user)


class Unpublish(Operation):
    kind = "unpublish"
    label = "Unpublished"

    def may(self, item: ItemPage) -> bool:
        return item.permissions_for_user(self.user).can_unpublish() or not item.live

    def fill(self, row: Row, item: ItemPage) -> None:
        row.before, row.after = _status(item), "draft"
        row.problem = ("" if item.live else "It is not live.") or ("It is locked." if item.locked else "")
        row.data = {"revision": item.live_revision_id}

    def carry_out(self, row: Row) -> None:
        item = ItemPage.objects.get(pk=row.item_id)
        if not item.live_revision_id:  # never edited, so its only version is the live one
            row.data["revision"] = item.save_revision(user=self.user).pk
        item.unpublish(user=self.user)

    def take_back(self, row: Row) -> None:
        if ItemPage.objects.filter(pk=row.item_id, live=True).exists():
            raise NotDone("It is live again already.")
        _publish_again(row, self.user)


def _publish_again(row: Row, user) -> None:
    """The version that was live. What was drafted since stays the latest version, as a draft."""
    revision = Revision.objects.filter(pk=row.data["revision"]).first()
    if revision is None:
        raise NotDone("The version that was live is not kept any more.")
    revision.publish(user=user)


def _status(item: ItemPage) -> str:
    return str(item.status_string)


class Move(Operation):
    """`category`: the page id of where to."""

    kind = "move"

    @property
    def label(self) -> str:
        return f"Moved to {self._target().title}"

    def _target(self) -> CategoryPage:
        return CategoryPage.objects.get(pk=self.terms["category"])

    def may(self, item: ItemPage) -> bool:
        return item.permissions_for_user(self.user).can_move_to(self._target())

    def fill(self, row: Row, item: ItemPage) -> None:
        parent, target = item.get_parent(), self._target()
        row.before, row.after = parent.title, target.title
        row.data = {"from": parent.pk, "to": target.pk}
        if parent.pk == target.pk:
            row.problem = "It is there."
        elif target.get_children().filter(slug=item.slug).exists():
            row.problem = f"Something there has the address “{item.slug}” already."

    def carry_out(self, row: Row) -> None:
        self._move(row.item_id, row.data["from"], row.data["to"])

    def take_back(self, row: Row) -> None:
        self._move(row.item_id, row.data["to"], row.data["from"])

    def _move(self, item_id: int, here: int, there: int) -> None:
        item, target = ItemPage.objects.get(pk=item_id), Page.objects.filter(pk=there).first()
        if target is None or item.get_parent().pk != here:
            raise NotDone("It has been moved meanwhile.")
        if target.get_children().filter(slug=item.slug).exists():
            raise NotDone("Something there has the same address.")
        item.move(target, pos="last-child", user=self.user)


OPERATIONS: dict[str, type[Operation]] = {
    one.kind: one for one in (ChangePrices, ChangeStock, Publish, Unpublish, Move)
}

"""Whether somebody may do what a file asks for: the same rights as in the item's form, the lists and the stock page."""

from wagtail.models import PagePermissionTester

from products import price_approval
from products.models import ItemPage

from .plan import Target
from .shelves import Shelves

PRICES = ("price", "currency")


class Rights:
    """`problem` gives (column, what to do) for what `user` may not do; with no user (a command) nothing is asked."""

    def __init__(self, user, *, publish: bool) -> None:
        self.user, self.publish = user, publish
        self._shelves = Shelves(publish=publish)
        self._places: dict[tuple[str, ...], PagePermissionTester] = {}

    def problem(self, target: Target, page: ItemPage | None, counted: bool) -> tuple[str, str] | None:
        """`page` is the known item, `counted` whether there is a count of it already."""
        if self.user is None or target.left_alone:
            return None
        way = target.said("category")
        if way and (found := self._may_add(way)):
            return found
        return self._known(target, page, counted) if page is not None else None

    def _may_add(self, way: tuple[str, ...]) -> tuple[str, str] | None:
        if way not in self._places:
            self._places[way] = self._shelves.found(way)[0].permissions_for_user(self.user)
        place = self._places[way]
        if not place.can_add_subpage():
            return "category", "You may not add items here. Name another category, or ask whoever may."
        if self.publish and not place.can_publish_subpage():
            return "category", "You may not publish here. Import without publishing; a moderator then publishes."
        return None

    def _known(self, target: Target, page: ItemPage, counted: bool) -> tuple[str, str] | None:
        if counted and any("stock" in row.changes for row in target.rows) and not self._may("products.change_stock"):
            return "stock", "You may not change counts. Take the column out, or ask a shop manager."
        if not target.changes_page:
            return None
        may = PagePermissionTester(self.user, page)
        if not may.can_edit() or (target.said("category") and not may.can_move()):
            return "sku", "You may not change this item. Take the line out, or ask whoever may."
        if page.locked or (page.has_unpublished_changes and page.workflow_in_progress):
            return "sku", "It is locked or waits for a moderator. Take the line out, or wait."
        return self._publishing(target, page, may) if self.publish else None

    def _publishing(self, target: Target, page: ItemPage, may: PagePermissionTester) -> tuple[str, str] | None:
        if not may.can_publish():
            return "sku", "You may not publish this item. Import without publishing; a moderator then publishes."
        if self._may(price_approval.PERMISSION):
            return None
        if page.first_published_at and any(name in row.changes for row in target.rows for name in PRICES):
            return "price", "A new price asks a moderator. Import without publishing, then submit the draft."
        if page.has_unpublished_changes and page.first_published_at:
            return "sku", "A draft of it waits, whose price may be new. Publish that first, or ask a moderator."
        return None

    def _may(self, permission: str) -> bool:
        return self.user.has_perm(permission)

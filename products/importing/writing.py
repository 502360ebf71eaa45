"""A plan carried out, in the caller's transaction: new items in bulk, known ones one by one where they need it."""

from collections.abc import Callable, Iterator
from typing import Any

from products import stock
from products.models import ItemPage, Variant
from products.signals import catalogue_changed

from .creating import Creator
from .plan import Plan, Target, portions
from .shelves import Shelves
from .updating import Updater


class Writer:
    """`counted`: stock counts that changed; `categories`: names of new ones."""

    def __init__(self, plan: Plan, *, publish: bool, user, source: str) -> None:
        self.plan, self.user, self.source = plan, user, source
        self.shelves = Shelves(publish=publish, user=user)
        self.creator = Creator(self.shelves, plan.images, publish=publish, user=user)
        self.updater = Updater(self.shelves, plan.images, publish=publish, user=user)
        self.counted = 0

    @property
    def categories(self) -> list[str]:
        return self.shelves.made

    def write(self, tick: Callable[[], Any]) -> None:
        known = self.plan.changed  # before new ones are written, which are known from then on
        for part in portions(self.plan.new):
            self.creator.create(part)
            for _ in part:
                tick()
        for part in portions(known):
            self.updater.update([one for one in part if one.changes_page])
            for _ in part:
                tick()
        self._count_stock()
        catalogue_changed.send(sender=ItemPage)

    def _count_stock(self) -> None:
        """To what the file says, through the ledger."""
        counts = [one for part in portions(self.plan.targets) for one in self._counts(part)]
        self.counted = stock.set_counts(counts, reason=f"Imported from {self.source}"[:200], user=self.user)

    def _counts(self, targets: list[Target]) -> Iterator[tuple[int, int | None, int]]:
        skus = [row.sku for target in targets if target.has_variants for row in target.rows]
        known = dict(Variant.objects.filter(sku__in=skus, active=True).values_list("sku", "pk"))
        for target in targets:
            for row in target.rows:
                variant_id = known.get(row.sku)
                if row.stock is not None and target.item_id and (variant_id or not target.has_variants):
                    yield target.item_id, variant_id, row.stock

"""Known items. One that is live and has no draft waiting is written in bulk; the others go the way an editor goes."""

import json

from django.utils import timezone
from wagtail.models import Page

from products import price_history, tags, written
from products.models import ItemPage, ItemPicture, ItemVariant, PriceRecord

from .creating import CHOICES, index, log_bulk
from .plan import Target
from .shelves import Shelves
from .text import paragraphs, row_values

OWN = ("description", "sku", "price", "currency", "unit_amount", "sale_amount", "prices_differ", "has_variants")
SHARED = ("title", "draft_title", "last_published_at")


class Updater:
    def __init__(self, shelves: Shelves, images: dict[str, int], *, publish: bool, user) -> None:
        self.shelves, self.images, self.publish, self.user = shelves, images, publish, user
        self.unpublished: list[str] = []  # names of items that lack something without which nothing is sold
        self._elsewhere: set[int | None] = set()  # items that translations or aliases show as well

    def update(self, targets: list[Target]) -> None:
        pages = ItemPage.objects.prefetch_related("downloads").in_bulk([target.item_id for target in targets])
        shared = ItemPage.objects.filter(original__in=pages).values_list("original_id", flat=True)
        self._elsewhere = set(shared)
        simple: list[ItemPage] = []
        tagged: dict[int, tuple[str, ...]] = {}
        for target in targets:
            page = pages[target.item_id]
            if self._is_simple(page, target):
                page.variants = []  # it has none, and need not be asked for them
                _write(page, target)
                simple.append(page)
                if words := target.said("tags"):
                    tagged[page.pk] = words
            else:
                self._as_an_editor(page, target)
            self._move(page, target)
        self._save(simple)
        tags.put_on(tagged)

    def _is_simple(self, page: ItemPage, target: Target) -> bool:
        """Nothing but the page's own columns changes, and nothing else waits to be published."""
        settled = page.live and not page.has_unpublished_changes and not page.locked
        alone = not target.has_variants and not page.has_variants and not target.first.image
        return self.publish and settled and alone and page.pk not in self._elsewhere

    def _save(self, pages: list[ItemPage]) -> None:
        now = timezone.now()
        for page in pages:
            page.draft_title, page.last_published_at = page.title, now
            page.derive_amounts()
            # two statements for each, written once: bulk_update() takes ten times as long to write its own
            written.update(Page, page.pk, {name: getattr(page, name) for name in SHARED})
            written.update(ItemPage, page.pk, {name: getattr(page, name) for name in OWN})
        PriceRecord.objects.bulk_create(price_history.changes(pages), batch_size=500)
        log_bulk(pages, ["wagtail.edit", "wagtail.publish"], self.user)
        index(pages)

    def _as_an_editor(self, page: ItemPage, target: Target) -> None:
        """Through a version: what was drafted before keeps waiting beside what the file says."""
        draft = page.get_latest_revision_as_object()
        _write(draft, target)
        if target.has_variants:
            _write_variants(draft, target)
        if image := target.said("image"):
            rest = list(draft.gallery.all())[1:]
            draft.gallery = [ItemPicture(image_id=self.images[image], sort_order=0), *rest]
        if words := target.said("tags"):
            known = tags.made(words)
            draft.tags.set([known[word.casefold()] for word in words])
        revision = draft.save_revision(user=self.user, log_action=True)
        if self.publish:
            revision.publish(user=self.user)
            if ItemPage.objects.filter(pk=page.pk).exclude(live_revision=revision).exists():
                self.unpublished.append(draft.title)
        elif not page.live:  # an unpublished item's own columns are its newest draft's
            draft.save()

    def _move(self, page: ItemPage, target: Target) -> None:
        way = target.said("category")
        shelf = self.shelves.at(way) if way else None
        if shelf is not None and page.path[: -page.steplen] != shelf.path:
            fresh = Page.objects.get(pk=page.pk)
            fresh.move(Page.objects.get(pk=shelf.pk), pos="last-child", user=self.user)


def _write(page: ItemPage, target: Target) -> None:
    """What the cells say; an empty cell leaves things as they are."""
    first = target.first
    if name := target.said("name"):
        page.title = name
    if text := target.said("description"):
        page.description = json.dumps(paragraphs(text))
    if currency := target.said("currency"):
        page.currency = currency
    if not target.has_variants and first.price is not None:
        page.price = first.price


def _write_variants(page: ItemPage, target: Target) -> None:
    rows = list(page.variants.all())
    by_sku = {row.sku: row for row in rows}
    for wanted in target.rows:
        row = by_sku.get(wanted.sku)
        if row is None:
            row = ItemVariant(sku=wanted.sku, sort_order=len(rows))
            rows.append(row)
        for name, value in row_values(wanted).items():
            setattr(row, name, value)
        if wanted.price is not None:
            row.price = None if wanted.price == page.price else wanted.price
    for number in range(len(target.first.variant)):
        name = f"choice{number + 1}"
        setattr(page, name, getattr(page, name) or CHOICES[number])
    page.variants = rows

"""New items in bulk. Saving a page one at a time costs some thirty statements; here five hundred share a dozen."""

import json
import logging
import uuid
from collections import defaultdict

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import F
from django.utils import timezone
from modelsearch.backends import get_search_backends
from wagtail.models import Page, PageLogEntry, ReferenceIndex

from products import price_history, tags, variants
from products.models import ItemPage, ItemPicture, ItemVariant, PriceRecord, Variant

from .plan import Target
from .shelves import Shelves, free_slug, next_paths, taken_slugs
from .text import paragraphs, row_values

logger = logging.getLogger(__name__)
CHOICES = ("Option", "Option 2", "Option 3")


class Creator:
    def __init__(self, shelves: Shelves, images: dict[str, int], *, publish: bool, user) -> None:
        self.shelves, self.images, self.publish, self.user = shelves, images, publish, user
        self.content_type = ContentType.objects.get_for_model(ItemPage)
        self._slugs: dict[int, set[str]] = {}

    def create(self, targets: list[Target]) -> None:
        """Writes pages with all that belongs to them; each target then knows its item's id."""
        by_shelf: dict[int, list[Target]] = defaultdict(list)
        places: dict[int, Page] = {}
        for target in targets:
            shelf = self.shelves.at(target.said("category"))
            places[shelf.pk] = shelf
            by_shelf[shelf.pk].append(target)
        pages: list[ItemPage] = []
        for shelf_id, group in by_shelf.items():
            pages += self._on(places[shelf_id], group)
        self._rows(pages, targets)
        self._finish(pages)

    def _on(self, shelf: Page, targets: list[Target]) -> list[ItemPage]:
        if shelf.pk not in self._slugs:
            self._slugs[shelf.pk] = taken_slugs(shelf)
        pages = [
            self._page(shelf, target, path)
            for target, path in zip(targets, next_paths(shelf, len(targets)), strict=True)
        ]
        shared = [field.attname for field in Page._meta.concrete_fields if not field.primary_key]
        bases = [Page(**{name: getattr(page, name) for name in shared}) for page in pages]
        Page.objects.bulk_create(bases, batch_size=250)
        for page, base, target in zip(pages, bases, targets, strict=True):
            page.pk = page.id = page.page_ptr_id = target.item_id = base.pk
        insert(ItemPage, pages)
        Page.objects.filter(pk=shelf.pk).update(numchild=F("numchild") + len(pages))
        return pages

    def _page(self, shelf: Page, target: Target, path: str) -> ItemPage:
        now, first = timezone.now(), target.first
        title = target.said("name")
        slug = free_slug(title, self._slugs[shelf.pk])
        page = ItemPage(
            title=title,
            draft_title=title,
            slug=slug,
            path=path,
            depth=shelf.depth + 1,
            url_path=f"{shelf.url_path}{slug}/",
            content_type=self.content_type,
            locale_id=shelf.locale_id,
            translation_key=uuid.uuid4(),
            owner=self.user,
            live=self.publish,
            has_unpublished_changes=not self.publish,
            first_published_at=now if self.publish else None,
            last_published_at=now if self.publish else None,
            sku="" if target.has_variants else first.sku,
            price=first.price,
            currency=first.currency,
            description=json.dumps(paragraphs(target.said("description") or "")),
        )
        page.variants = self._variants(target) if target.has_variants else []
        for number in range(len(first.variant)):
            setattr(page, f"choice{number + 1}", CHOICES[number])
        page.derive_amounts()
        return page

    def _variants(self, target: Target) -> list[ItemVariant]:
        """A price of its own has only the row that differs from the first."""
        return [
            ItemVariant(
                key=uuid.uuid4(),
                sku=row.sku,
                price=None if row.price == target.first.price else row.price,
                sort_order=place,
                **row_values(row),
            )
            for place, row in enumerate(target.rows)
        ]

    def _rows(self, pages: list[ItemPage], targets: list[Target]) -> None:
        by_id = {target.item_id: target for target in targets}
        rows, sold, pictures = [], [], []
        for page in pages:
            own = list(page.variants.all())
            for place, row in enumerate(own):
                row.page_id = page.pk
                unit_amount, sale_amount = variants.amounts(page, row)
                figures = {"unit_amount": unit_amount, "sale_amount": sale_amount, "position": place}
                sold.append(Variant(item=page, key=row.key, sku=row.sku, name=row.name, **figures))
            rows += own
            if image := by_id[page.pk].said("image"):
                pictures.append(ItemPicture(page_id=page.pk, image_id=self.images[image], sort_order=0))
        ItemVariant.objects.bulk_create(rows, batch_size=500)
        self.sold = Variant.objects.bulk_create(sold, batch_size=500)
        ItemPicture.objects.bulk_create(pictures, batch_size=500)
        tags.put_on({page.pk: words for page in pages if (words := by_id[page.pk].said("tags"))})
        for page in (page for page in pages if by_id[page.pk].said("image")):
            ReferenceIndex.create_or_update_for_object(ItemPage.objects.get(pk=page.pk))

    def _finish(self, pages: list[ItemPage]) -> None:
        """Price history, page history, search."""
        sold: dict[int, list[Variant]] = defaultdict(list)
        for variant in self.sold:
            sold[variant.item_id].append(variant)
        if self.publish:
            records = [row for page in pages for row in price_history.first_rows(page, sold[page.pk])]
            PriceRecord.objects.bulk_create(records, batch_size=500)
        log_bulk(pages, ["wagtail.create", *(["wagtail.publish"] if self.publish else [])], self.user)
        index(pages)


def insert(model, rows: list) -> None:
    """The model's own columns alone, where its parent's are written already; bulk_create refuses such models."""
    fields = model._meta.local_concrete_fields
    size = min(100, connection.ops.bulk_batch_size(fields, rows) or 100)
    for start in range(0, len(rows), size):
        model._base_manager._insert(rows[start : start + size], fields=fields, using=connection.alias)


def log_bulk(pages: list[ItemPage], actions: list[str], user) -> None:
    """The pages' histories say that they were imported and by whom."""
    now, content_type = timezone.now(), ContentType.objects.get_for_model(ItemPage)
    PageLogEntry.objects.bulk_create(
        [
            PageLogEntry(
                page_id=page.pk,
                content_type=content_type,
                label=page.get_admin_display_title(),
                action=action,
                user=user,
                timestamp=now,
                content_changed=True,
                uuid=uuid.uuid4(),
                data={"import": True},
            )
            for page in pages
            for action in actions
        ],
        batch_size=250,
    )


def index(pages: list[ItemPage]) -> None:
    """In every search index. A cluster that fails is told of in the log: the database's own index has the items."""
    for backend in get_search_backends(with_auto_update=True):
        try:
            backend.get_index_for_model(ItemPage).add_items(ItemPage, pages)
        except Exception:
            if not backend.catch_indexing_errors:
                raise
            logger.exception("%d imported items are not in the search cluster: run update_index.", len(pages))

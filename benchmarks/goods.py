"""Fills a migrated database with so many goods, as fast as the database takes rows.

python -m benchmarks.goods 100000        with the shop's own settings in the environment
"""

import io
import itertools
import json
import os
import sys
from collections.abc import Iterator
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings")
import django

django.setup()

from decimal import Decimal  # noqa: E402

from django.contrib.contenttypes.models import ContentType  # noqa: E402
from django.core.files.base import ContentFile  # noqa: E402
from django.core.management.color import no_style  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402
from PIL import Image as Canvas  # noqa: E402
from tqdm import tqdm  # noqa: E402
from wagtail.images import get_image_model  # noqa: E402
from wagtail.models import Locale, Page, Site  # noqa: E402
from wagtail.search.backends import get_search_backend  # noqa: E402

from benchmarks.words import SHELVES, good  # noqa: E402
from products import pictures  # noqa: E402
from products.models import CategoryPage, HomePage, ItemPage, ItemPicture, Stock  # noqa: E402
from storefront import statistics  # noqa: E402

BATCH = 500
PICTURES = 6
MENU = "Kitchen Paper Garden Rooms Gifts Books Wool".split()


def main(count: int) -> None:
    images = make_pictures()
    home = make_home()
    goods = home.add_child(instance=CategoryPage(title="Goods", introduction="Everything there is."))
    for title in MENU:
        home.add_child(instance=CategoryPage(title=title))
    shelves = [goods.add_child(instance=CategoryPage(title=f"Shelf {number:02d}")) for number in range(SHELVES)]
    first = (Page.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    progress = tqdm(total=count, desc=f"Making {count:,} goods", unit="item", mininterval=1)
    for items in batches(count, first, shelves):
        with transaction.atomic():
            insert(Page, items)
            insert(ItemPage, items)
            add_the_rest(items, images)
        progress.update(len(items))
    progress.close()
    for shelf in shelves:
        Page.objects.filter(pk=shelf.pk).update(numchild=ItemPage.objects.child_of(shelf).count())
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Page, ItemPicture, Stock]):
            cursor.execute(statement)
    tidy()


def tidy() -> None:
    """What a server in use does by itself: autovacuum may be off where this is measured."""
    if connection.vendor == "sqlite":
        statistics.count()
    else:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def make_pictures() -> list[int]:
    """Plain coloured plates with every rendition ready."""
    found = []
    for number in range(PICTURES):
        data = io.BytesIO()
        Canvas.new("RGB", (1200, 1500), (40 * number, 120, 160)).save(data, "JPEG")
        image = get_image_model().objects.create(
            title=f"Plate {number}", file=ContentFile(data.getvalue(), f"plate-{number}.jpg")
        )
        pictures.make_all(image.pk, "card", "item", "thumb", "share", "hero")
        found.append(image.pk)
    return found


def make_home() -> HomePage:
    home = Page.get_first_root_node().add_child(instance=HomePage(title="Bench", headline="Goods for measuring"))
    Site.objects.update(root_page=home, hostname="127.0.0.1", port=80)
    return home


def batches(count: int, first: int, shelves: list[CategoryPage]) -> Iterator[list[ItemPage]]:
    """Unsaved items with everything that saving would have worked out."""
    now, locale = timezone.now(), Locale.get_default()
    content_type = ContentType.objects.get_for_model(ItemPage)

    def item(number: int) -> ItemPage:
        one = good(number)
        shelf = shelves[one.shelf]
        slug = f"{one.title.lower().replace(' ', '-')}"
        page = ItemPage(
            title=one.title,
            draft_title=one.title,
            slug=slug,
            summary=one.summary,
            description=json.dumps(blocks(one.text)),
            sku=one.sku,
            price=Decimal(one.cents) / 100,
            unit_amount=one.cents,
            currency="EUR" if number % 4 == 3 else "USD",
            path=Page._get_path(shelf.path, shelf.depth + 1, number // SHELVES + 1),
            depth=shelf.depth + 1,
            url_path=f"{shelf.url_path}{slug}/",
            content_type=content_type,
            locale=locale,
            live=True,
            first_published_at=now - timedelta(minutes=count - number),
            last_published_at=now,
            latest_revision_created_at=now,
        )
        page.pk = page.id = page.page_ptr_id = first + number
        page.variants = []  # none, and the search index need not ask
        return page

    numbers = iter(range(count))
    while some := list(itertools.islice(numbers, BATCH)):
        yield [item(number) for number in some]


def blocks(text: str) -> list[dict]:
    rows = [{"name": "Paper", "value": "300 g cotton"}, {"name": "Size", "value": "30 × 40 cm"}]
    questions = [{"question": "Is it framed?", "answer": "<p>No, but it fits a standard frame.</p>"}]
    return [
        {"type": "text", "value": text},
        {"type": "specification", "value": {"rows": rows}},
        {"type": "quote", "value": {"text": "It made the room.", "source": "A buyer in Malmö"}},
        {"type": "faq", "value": {"questions": questions}},
    ]


def insert(model, rows: list) -> None:
    """One statement; of a model with a parent, the model's own columns alone."""
    model._base_manager._insert(rows, fields=model._meta.local_concrete_fields, using="default")


def add_the_rest(items: list[ItemPage], images: list[int]) -> None:
    """Two pictures each, stock, the search index."""
    Stock.objects.bulk_create([Stock(item=item, on_hand=good(number_of(item)).units) for item in items])
    ItemPicture.objects.bulk_create(
        [
            ItemPicture(
                page=item, image_id=images[(item.pk + place) % len(images)], sort_order=place, alt_text="A plain plate"
            )
            for item in items
            for place in range(2)
        ]
    )
    get_search_backend().get_index_for_model(ItemPage).add_items(ItemPage, items)


def number_of(item: ItemPage) -> int:
    return int(item.sku.removeprefix("GO-"))


if __name__ == "__main__":
    main(int(sys.argv[1]))

"""Fills a migrated Oscar with the goods that our shop is measured with, and prints the addresses to measure as JSON.

python -m benchmarks.peers.oscar_goods 1000        in Oscar's virtual environment; 0: it is full already
"""

import io
import itertools
import json
import sys
from decimal import Decimal

import django

django.setup()

from django.core.files.base import ContentFile  # noqa: E402
from django.core.files.storage import default_storage  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from oscar.apps.catalogue.models import (  # noqa: E402
    Category,
    Product,
    ProductCategory,
    ProductClass,
    ProductImage,
)
from oscar.apps.partner.models import Partner, StockRecord  # noqa: E402
from PIL import Image  # noqa: E402
from tqdm import tqdm  # noqa: E402

from benchmarks.words import FREQUENT, SHELVES, good  # noqa: E402

BATCH = 500
PICTURES = 6
PICTURES_OF_ONE = 2


def main(count: int) -> None:
    kind = ProductClass.objects.create(name="Goods", track_stock=True)
    partner = Partner.objects.create(name="Bench")
    shelves = [Category.add_root(name=f"Shelf {number:02d}", slug=f"shelf-{number:02d}") for number in range(SHELVES)]
    pictures = make_pictures()
    numbers = iter(range(count))
    progress = tqdm(total=count, desc=f"Making {count:,} goods", unit="item", mininterval=1)
    while some := list(itertools.islice(numbers, BATCH)):
        with transaction.atomic():
            add(some, kind, partner, shelves, pictures)
        progress.update(len(some))
    progress.close()
    call_command("rebuild_index", "--noinput", verbosity=0)


def make_pictures() -> list[str]:
    """Plain coloured plates, as our shop has them. Sorl cuts each size when a page first shows it."""
    names = []
    for number in range(PICTURES):
        data = io.BytesIO()
        Image.new("RGB", (1200, 1500), (40 * number, 120, 160)).save(data, "JPEG")
        names.append(default_storage.save(f"images/plate-{number}.jpg", ContentFile(data.getvalue())))
    return names


def add(numbers: list[int], kind: ProductClass, partner: Partner, shelves: list[Category], pictures: list[str]) -> None:
    goods = [good(number) for number in numbers]
    products = [
        Product(
            title=one.title,
            slug=one.title.lower().replace(" ", "-"),
            upc=one.sku,
            description=f"<p>{one.summary}</p>{one.text}",
            product_class=kind,
        )
        for one in goods
    ]
    Product.objects.bulk_create(products)
    both = list(zip(goods, products, strict=True))
    ProductCategory.objects.bulk_create(
        [ProductCategory(product=product, category=shelves[one.shelf]) for one, product in both]
    )
    StockRecord.objects.bulk_create(
        [
            StockRecord(
                product=product,
                partner=partner,
                partner_sku=one.sku,
                price_currency="USD",
                price=Decimal(one.cents) / 100,
                num_in_stock=one.units,
            )
            for one, product in both
        ]
    )
    ProductImage.objects.bulk_create(
        [
            ProductImage(
                product=product,
                original=pictures[(product.pk + place) % PICTURES],
                caption="A plain plate",
                display_order=place,
            )
            for _one, product in both
            for place in range(PICTURES_OF_ONE)
        ]
    )


def addresses(per_page: int) -> dict[str, list[str]]:
    """As benchmarks.paths: name of a measurement → like pages."""
    for_sale = [one for one in Product.objects.order_by("pk") if int(one.upc[3:]) % 50 != 49][:200]
    pages = min(20, -(-Product.objects.count() // per_page))
    return {
        "item": [one.get_absolute_url() for one in for_sale],
        "list": [f"/catalogue/?page={page}" for page in range(1, pages + 1)],
        "search": [f"/search/?q={word}" for word in FREQUENT],
        "basket add": [f"/basket/add/{one.pk}/" for one in for_sale if int(one.upc[3:]) % 20 != 9][:30],
    }


if __name__ == "__main__":
    if number_of_goods := int(sys.argv[1]):
        main(number_of_goods)
    from django.conf import settings

    print(json.dumps(addresses(settings.OSCAR_PRODUCTS_PER_PAGE)))

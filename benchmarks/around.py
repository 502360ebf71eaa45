"""What stands around the goods of a database: words on them, drafts, pictures in the library, orders in the books.

python -m benchmarks.around        with the shop's own settings in the environment; of each as many as there are goods
"""

import os
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings")
import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.db import transaction  # noqa: E402
from django.db.models import F  # noqa: E402
from django.utils import timezone  # noqa: E402
from tqdm import tqdm  # noqa: E402
from wagtail.images import get_image_model  # noqa: E402
from wagtail.models import Collection, Page  # noqa: E402

from benchmarks.goods import tidy  # noqa: E402
from benchmarks.words import FREQUENT  # noqa: E402
from checkout.models import Order, OrderLine, Payment  # noqa: E402
from checkout.states import OrderStatus  # noqa: E402
from checkout.tests.order_book import payment_of  # noqa: E402
from products.models import ItemPage, ItemTag, Tag  # noqa: E402

BATCH = 2_000
WIDE = "gift"  # on every second item; each of the FREQUENT words is on a tenth
CLERK = "measured"  # the superuser who opens the admin


def main() -> None:
    with transaction.atomic():  # an interrupted run leaves nothing behind
        fill()
    tidy()


def fill() -> None:
    ids = list(ItemPage.objects.filter(sku__startswith="GO-").order_by("pk").values_list("pk", flat=True))
    get_user_model().objects.create_superuser(CLERK, "measured@example.com", None)
    Page.objects.filter(pk__in=ids[::100]).update(has_unpublished_changes=True)
    words = {name: Tag.objects.create(name=name, slug=name) for name in (*FREQUENT, WIDE)}
    plate = get_image_model().objects.order_by("pk").first()
    for start in tqdm(range(0, len(ids), BATCH), desc="What stands around them", unit_scale=BATCH, mininterval=1):
        numbers = range(start, min(start + BATCH, len(ids)))
        put_words(words, ids, numbers)
        fill_library(plate, numbers)
        write_orders(ids, numbers)
    Order.objects.filter(number__startswith="M").update(created=F("frozen_at"))


def put_words(words: dict[str, Tag], ids: list[int], numbers: range) -> None:
    pairs = [(ids[number], words[FREQUENT[number % 10]]) for number in numbers]
    pairs += [(ids[number], words[WIDE]) for number in numbers if number % 2]
    ItemTag.objects.bulk_create([ItemTag(content_object_id=item_id, tag=tag) for item_id, tag in pairs])


def fill_library(plate, numbers: range) -> None:
    """Pictures of the same file: the list of them reads rows, and makes small copies of those it shows."""
    model, root = get_image_model(), Collection.get_first_root_node()
    same = {"file": plate.file.name, "file_hash": plate.file_hash, "file_size": plate.get_file_size()}
    same |= {"width": plate.width, "height": plate.height, "collection": root}
    model.objects.bulk_create([model(title=f"Picture {number:06d}", **same) for number in numbers])


def write_orders(ids: list[int], numbers: range) -> None:
    """One for each item, a minute apart; a tenth expired. The newest hundredth, and at least ten, are to be shipped."""
    last, now = len(ids), timezone.now()

    def order(number: int) -> Order:
        when, paid = now - timedelta(minutes=last - number), number % 10 != 0
        return Order(
            number=f"M{number:07d}",
            status=OrderStatus.PAID if paid else OrderStatus.EXPIRED,
            currency="EUR" if number % 4 == 3 else "USD",
            keypair="USD",
            visitor=f"v{number}",
            email=f"buyer{number % 5000}@example.com",
            subtotal=1_999,
            total=1_999,
            snapshot={"lines": [{"name": f"Good {number}", "unit_amount": 1_999, "quantity": 1}]},
            snapshot_hash=f"hash-{number}",
            frozen_at=when,
            paid_at=when if paid else None,
            shipped_at=when if paid and last - number > max(10, last // 100) else None,
        )

    orders = Order.objects.bulk_create([order(number) for number in numbers])
    OrderLine.objects.bulk_create(
        [
            OrderLine(order=one, item_id=ids[n], sku=f"GO-{n:06d}", name=f"Good {n}", unit_amount=1_999, amount=1_999)
            for n, one in zip(numbers, orders, strict=True)
        ]
    )
    Payment.objects.bulk_create([payment_of(one) for one in orders if one.paid_at])


if __name__ == "__main__":
    main()

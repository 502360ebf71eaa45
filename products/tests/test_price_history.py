"""The lowest price of the 30 days before a reduction, from rows that are only ever added."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from products import price_history
from products.models import ItemPage, PriceRecord
from products.tests.editing import edit_url, item_form
from products.tests.factories import make_item, make_variants
from products.tests.people import client_of

pytestmark = pytest.mark.django_db
NOW = timezone.now()
DAY = timedelta(days=1)


def history(*rows: tuple[float, int, int | None]) -> ItemPage:
    """(days ago, regular price, sale price); the last is what holds now."""
    days, regular, sale = rows[-1]
    item = make_item(price=str(Decimal(regular) / 100), sale_price=None if sale is None else Decimal(sale) / 100)
    PriceRecord.objects.all().delete()
    for days, regular, sale in rows:
        PriceRecord.objects.create(
            item=item, currency="USD", unit_amount=regular, sale_amount=sale, since=NOW - days * DAY
        )
    return item


@pytest.mark.parametrize(
    ("rows", "lowest"),
    [
        ([(60, 2000, None), (2, 2000, 1500)], 2000),
        ([(60, 1800, None), (10, 2000, None), (2, 2000, 1500)], 1800),
        ([(60, 1800, None), (40, 2000, None), (2, 2000, 1500)], 2000),  # 1800 was asked before the 30 days
        ([(60, 1200, None), (32.5, 2000, None), (2, 2000, 1500)], 2000),
        ([(60, 1200, None), (31.5, 2000, None), (2, 2000, 1500)], 1200),  # half a day of it lies within
        ([(60, 2000, None), (20, 2000, 1400), (15, 2000, None), (2, 2000, 1500)], 1400),  # an earlier sale
        ([(60, 2000, None), (9, 2000, 1500), (2, 2100, 1500)], 2000),  # another regular price begins no new sale
        ([(60, 2000, None), (9, 2000, 1700), (2, 2000, 1500)], 1700),  # reduced once more
        ([(2, 2000, 1500)], None),  # new, so it had no price before
        ([(60, None, None), (2, 2000, 1500)], None),
    ],
)
def test_the_lowest_price_before_the_reduction(rows, lowest):
    item = history(*rows)
    assert price_history.lowest_before(item, NOW).get(None) == lowest


def test_the_reduction_begins_with_the_sale_and_not_with_its_publication():
    item = make_item(price="20.00", sale_price=Decimal("15.00"), sale_starts_at=NOW - DAY)
    PriceRecord.objects.all().delete()
    for days, regular in ((60, 1800), (20, 2000)):
        terms = {"sale_amount": 1500, "sale_starts_at": NOW - DAY} if days == 20 else {}
        PriceRecord.objects.create(item=item, currency="USD", unit_amount=regular, since=NOW - days * DAY, **terms)
    assert price_history.lowest_before(item, NOW) == {None: 1800}


def test_publishing_writes_a_row_and_a_draft_does_not():
    item = make_item(price="20.00")
    assert list(PriceRecord.objects.values_list("unit_amount", "sale_amount")) == [(2000, None)]
    editor = client_of("Moderators")
    editor.post(edit_url(item), item_form(item, price="30.00"))
    assert PriceRecord.objects.count() == 1
    editor.post(edit_url(item), item_form(item, price="30.00", sale_price="25", **{"action-publish": "1"}))
    assert list(PriceRecord.objects.values_list("unit_amount", "sale_amount")) == [(2000, None), (3000, 2500)]
    editor.post(edit_url(item), item_form(item, price="30.00", sale_price="25", summary="x", **{"action-publish": "1"}))
    assert PriceRecord.objects.count() == 2


def test_each_variant_has_a_history_of_its_own():
    item = make_item(on_hand=0)
    a3, a2 = make_variants(item, {"value1": "A3"}, {"value1": "A2", "price": Decimal(30)})
    found = PriceRecord.objects.filter(variant__isnull=False).values_list("variant", "unit_amount")
    assert dict(found) == {a3.pk: 1999, a2.pk: 3000}


def test_the_page_and_the_editor_show_it(client):
    item = history((60, 2000, None), (2, 2000, 1500))
    assert "Lowest price of the 30 days before: $20.00." in client.get(f"/item/{item.pk}").content.decode()
    html = client_of("Editors").get(edit_url(item)).content.decode()
    assert "lowest of the 30 days before the sale: $20.00" in html
    PriceRecord.objects.all().delete()
    assert "Lowest price" not in client.get(f"/item/{item.pk}").content.decode()

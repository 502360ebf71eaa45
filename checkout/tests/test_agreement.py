"""One figure everywhere: page = JSON = session or intent = ledger = export, to the minor unit.

A sample here; `make agreement ORDERS=10000` runs as many as one likes (with PLACED=first, only on a sandbox that gives
odd cents to the first line).
"""

import csv
import io
import os
import random

import pytest
from django.test import override_settings

from checkout.models import Order
from checkout.states import OrderStatus
from products.tests.people import client_of

from .agreement import PLACEMENTS, Market, Seen, Walk, minor

ORDERS = int(os.environ.get("STOREFRONT_ORDERS", "36"))
SEED = os.environ.get("STOREFRONT_SEED", "market")
TELL_EVERY = 500
PLACED = os.environ.get("STOREFRONT_PLACED", "")

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_place_says_the_same(settings, capsys):
    settings.LOGGING_CONFIG = None
    chance = random.Random(SEED)  # noqa: S311 - the same orders at every run
    market, seen, wrong = Market(chance), Seen(), []
    market.stock_up()
    for number in range(ORDERS):
        if number % 12 == 0:
            market.change_default_taxes()
        placement = PLACED or PLACEMENTS[number % 3]
        # taken back each time: the fixture's own changes stand on one another, a thousand deep
        with override_settings(STRIPE_SANDBOX_ODD_CENTS=placement):
            order = market.order()
            try:
                Walk(order, chance, placement, seen).run()
            except AssertionError as error:
                wrong.append(f"order {number} ({placement}, {order.currency}): {error}"[:400])
        if (number + 1) % TELL_EVERY == 0:
            tell(capsys, f"{number + 1} orders: {seen}; {len(wrong)} disagree {wrong[:3]}")
    wrong += compare_export()
    tell(capsys, f"{ORDERS} orders and their export: {seen}; {len(wrong)} disagree")
    assert not wrong, "\n".join(wrong[:20])
    assert seen.paid + seen.refused == ORDERS


def tell(capsys: pytest.CaptureFixture, text: str) -> None:
    with capsys.disabled():
        print(f"\n{text}", flush=True)


def compare_export() -> list[str]:
    """The file that staff download: every paid order, in major units."""
    answer = client_of("superuser").get("/admin/snippets/checkout/order/?export=csv&status=paid")
    text = b"".join(answer.streaming_content).decode()
    rows = {row["Number"]: row for row in csv.DictReader(io.StringIO(text))}
    wrong = []
    paid = Order.objects.filter(status=OrderStatus.PAID)
    for order in paid.iterator(chunk_size=500):
        row = rows.pop(order.number, {})
        for name in ("Subtotal", "Discount", "Tax added", "Tax contained", "Total"):
            column = {"Tax added": "tax", "Tax contained": "tax_inclusive"}.get(name, name.lower())
            if minor(row.get(name, "0"), order.currency) != getattr(order, column):
                wrong.append(f"export of {order.number}: {name} {row.get(name)} {order.currency}")
    return wrong + [f"export has {number} too many" for number in rows]

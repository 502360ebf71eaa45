"""Why this total: every figure that led to it, from what was frozen."""

import pytest
from django.test import Client

from checkout import explaining, pricing, start
from checkout.models import Discount, Order, Tax
from checkout.pricing import DiscountTerms, Line, Quote, TaxTerms
from checkout.states import OrderStatus
from products.tests.factories import make_home, make_item
from products.tests.people import client_of

from . import shop

VAT = TaxTerms(1, "VAT", "20", True)
CITY = TaxTerms(2, "City tax", "8.875", False)


def quoted() -> Quote:
    lines = [
        Line(1, "A", "Heron", 1999, 3, taxes=(VAT,), list_amount=2499),
        Line(2, "B", "Crane", 500, 1, taxes=(CITY,)),
    ]
    return pricing.quote("USD", lines, [DiscountTerms(1, "Spring", "SPRING", percent_off="10")], shipping=400)


def told(order: Order, quote: Quote) -> list[tuple[str, str, str, str]]:
    return [(step.kind, step.label, step.amount, step.detail) for step in explaining.why(order, quote, "en")]


def test_every_step_from_list_price_to_total():
    order = Order(status=OrderStatus.PAID, currency="USD", rounding=1, total=6288)
    assert told(order, quoted()) == [
        ("line", "Heron", "$59.97", "3 × $19.99"),
        ("part", "saved in the sale", "−$15.00", "list price $24.99 each"),
        ("part", "its share of the discount", "−$6.00", ""),
        ("part", "tax contained", "$9.00", "in $53.97"),
        ("line", "Crane", "$5.00", "1 × $5.00"),
        ("part", "its share of the discount", "−$0.50", ""),
        ("part", "tax added", "+$0.40", "on $4.50"),
        ("sum", "Subtotal", "$64.97", ""),
        ("discount", "Spring (SPRING)", "−$6.50", "10 % of each line"),
        ("tax", "VAT", "$9.00", "20 % contained in $53.97, rounded on each line"),
        ("tax", "City tax", "+$0.40", "8.875 % of $4.50, rounded on each line"),
        ("shipping", "Shipping", "$4.00", "not discounted, not taxed"),
        ("rounding", "Rounding", "+$0.01", "Stripe gave a discount's odd amount to another line"),
        ("total", "Total", "$62.88", ""),
    ]


def test_a_draft_has_no_rounding_yet():
    kinds = [step[0] for step in told(Order(currency="USD"), quoted())]
    assert "rounding" not in kinds
    assert told(Order(currency="USD"), quoted())[-1] == ("total", "Total", "$62.87", "")


def test_snapshots_without_list_prices_are_read():
    data = quoted().as_json()
    assert Quote.from_json(data) == quoted()
    for line in data["lines"]:
        del line["list_amount"]
    assert [line.saved for line in Quote.from_json(data).lines] == [0, 0]


@pytest.mark.django_db
def test_buyer_and_staff_read_the_same_steps_and_later_changes_do_not_alter_them():
    make_home()
    tax = Tax.objects.create(name="VAT", percentage=20, inclusive=True, is_default=True)
    discount = Discount.objects.create(name="Spring", percent_off=10)
    order = shop.draft(make_item(price="19.99"), quantity=3, discounts=[discount])
    start.start(order.token)
    Tax.objects.filter(pk=tax.pk).update(percentage=7, name="Other")
    Discount.objects.filter(pk=discount.pk).update(name="Autumn")
    buyers = Client().get(f"/order/{order.token}", headers={"Accept": "text/html"}).content.decode()
    staff = client_of("superuser").get(f"/admin/snippets/checkout/order/inspect/{order.pk}/").content.decode()
    for page in (buyers, staff):
        assert "Why this total" in page
        assert "10 % of each line" in page
        assert "20 % contained in $53.97, rounded on each line" in page

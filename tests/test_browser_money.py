"""What an order costs, read in a real browser: the same on basket, payment page and receipt, whichever way is paid."""

import re

import pytest
from playwright.sync_api import Page, expect

from checkout.models import Attempt, CheckoutSettings, Discount, Order, Payment, ShippingRate, Tax
from checkout.sandbox.models import SandboxObject
from checkout.tests.shop import counts
from products.models import HomePage
from products.tests.factories import make_item

from .test_browser_purchase import BUYER, complaints, pay, photograph, shop, shows_paid, visit, walk_to  # noqa: F401

pytestmark = pytest.mark.browser
TOTAL = "$40.49"
LINES = [("Blue Heron", "1", "$24.50"), ("White Crane", "2", "$10.00"), ("Grey Goose", "1", "$9.99")]
# 10 % off each line: 2.45, 1.00, 1.00. VAT 20 % in 22.05 and in 8.99: 3.68 + 1.50. City tax 5 % on 9.00: 0.45.


@pytest.fixture
def three_items(shop):  # noqa: F811
    """Two with the default tax contained, one with a tax of its own that is added."""
    Tax.objects.create(name="VAT", percentage=20, inclusive=True, is_default=True)
    city = Tax.objects.create(name="City tax", percentage=5)
    Discount.objects.create(name="Spring", code="SPRING10", percent_off=10)
    return [
        make_item("Blue Heron", price="24.50"),
        make_item("White Crane", price="5.00", tax=city),
        make_item("Grey Goose", price="9.99"),
    ]


def fill_basket(page: Page) -> None:
    for title, quantity, _ in LINES:
        walk_to(page, title)
        page.get_by_label("Quantity").fill(quantity)
        page.get_by_role("button", name="Add to basket").click()
        expect(page.locator("form.buy [data-done]")).to_contain_text("Added to your basket.")
    page.goto("/basket/")
    page.get_by_label("Discount code").fill(" spring 10 ")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("table.sums")).to_contain_text("Spring (SPRING10)")


def sums(page: Page) -> list[tuple[str, str]]:
    """Label and amount of each row of the shop's own sum."""
    rows = page.locator("table.sums tr").all()
    return [(row.locator("th").inner_text(), row.locator("td").inner_text().split()[0]) for row in rows]


def stripes_sums(page: Page) -> list[tuple[str, str]]:
    rows = page.locator("dl.rows > div").all()
    return [(row.locator("dt").inner_text(), row.locator("dd").inner_text().split()[0]) for row in rows]


def expect_lines(page: Page) -> None:
    text = re.sub(r"\s+", " ", page.get_by_role("main").inner_text())
    for name, quantity, amount in LINES:
        assert name in text
        assert amount in text
        in_field = page.locator(f"input[value='{quantity}']").count()
        assert quantity == "1" or in_field or f"{quantity} × " in text or f"× {quantity}" in text


def check_the_same(basket: list[tuple[str, str]], other: list[tuple[str, str]]) -> None:
    """Every amount, and every discount and tax by its name."""
    assert sorted(amount for _, amount in other) == sorted(amount for _, amount in basket)
    for name, amount in (("Spring", "−$4.45"), ("VAT", "$5.18"), ("City tax", "$0.45")):
        (found,) = [shown for label, shown in other if name in label]
        assert found == amount


def test_the_same_figures_on_basket_stripes_page_and_receipt(visit, three_items):  # noqa: F811
    page = visit()
    fill_basket(page)
    basket = sums(page)
    expect_lines(page)
    photograph(page, "money-basket")
    page.get_by_role("button", name=f"Pay {TOTAL}").click()
    page.wait_for_url("**/sandbox/pay/**")
    expect_lines(page)
    check_the_same(basket, stripes_sums(page))
    photograph(page, "money-stripe")
    pay(page, TOTAL)
    order = shows_paid(page)
    expect_lines(page)
    assert sums(page) == basket
    page.get_by_text("Why this total").click()
    expect(page.locator(".why")).to_contain_text("20 % contained in $31.04, rounded on each line")
    photograph(page, "money-receipt")
    assert order.total == 4049
    assert [counts(item) for item in three_items] == [(9, 0, 1), (8, 0, 2), (9, 0, 1)]


@pytest.fixture
def on_our_page(three_items):
    CheckoutSettings.objects.create(site=HomePage.objects.get().get_site(), payment_front_end="intent")


def to_our_page(page: Page) -> list[tuple[str, str]]:
    """From the basket to the Payment Element; the sums of the basket."""
    fill_basket(page)
    basket = sums(page)
    page.get_by_role("button", name=f"Pay {TOTAL}").click()
    page.wait_for_url("**/order/pay/**")
    assert sums(page) == basket
    expect_lines(page)
    page.get_by_label("E-mail address").fill(BUYER)
    return basket


def press_pay(page: Page, card: str) -> None:
    page.get_by_label(card).check()
    page.get_by_role("button", name=f"Pay {TOTAL}").click()


def finished(page: Page, basket: list[tuple[str, str]]) -> None:
    page.wait_for_url(re.compile(r"/order/[\w-]{20,}"))
    order = shows_paid(page)
    assert sums(page) == basket
    assert (order.email, order.attempts.get().kind, order.total) == (BUYER, "intent", 4049)
    assert SandboxObject.objects.filter(kind="payment_intent").count() == 1


def test_the_same_order_through_the_payment_element(visit, on_our_page):  # noqa: F811
    page = visit()
    basket = to_our_page(page)
    photograph(page, "money-element")
    press_pay(page, "succeeds")
    finished(page, basket)


def test_an_order_that_is_sent_asks_where_to(visit, on_our_page):  # noqa: F811
    ShippingRate.objects.create(name="Post", currency="USD", amount=400, countries="DE AT")
    page = visit()
    fill_basket(page)
    page.get_by_role("button", name="Pay $44.49").click()
    page.wait_for_url("**/order/pay/**")
    typed = {
        "E-mail address": BUYER,
        "Full name": "Bea Buyer",
        "Street and number": "Main St 1",
        "Postal code": "10115",
        "City": "Berlin",
    }
    for label, text in typed.items():
        page.get_by_label(label).fill(text)
    page.get_by_label("Country").select_option("Germany")
    photograph(page, "money-address")
    page.get_by_label("succeeds").check()
    page.get_by_role("button", name="Pay $44.49").click()
    page.wait_for_url(re.compile(r"/order/[\w-]{20,}"))
    order = shows_paid(page)
    assert (order.total, order.shipping, order.shipping_address) == (
        *(4449, 400),
        {"name": "Bea Buyer", "line1": "Main St 1", "postal_code": "10115", "city": "Berlin", "country": "DE"},
    )


def test_declined_then_paid_through_the_payment_element(visit, on_our_page, complaints):  # noqa: F811
    page = visit()
    basket = to_our_page(page)
    press_pay(page, "is declined")
    expect(page.get_by_role("alert")).to_contain_text("Your card was declined.")
    expect(page.get_by_role("button", name=f"Pay {TOTAL}")).to_be_enabled()
    assert "402" in complaints.pop()  # Chromium itself logs every answer that refuses
    press_pay(page, "succeeds")
    finished(page, basket)


def test_three_d_secure_failed_then_passed_through_the_payment_element(visit, on_our_page):  # noqa: F811
    page = visit()
    basket = to_our_page(page)
    press_pay(page, "asks for 3-D Secure")
    page.get_by_role("button", name="Fail the check").click()
    expect(page.get_by_role("alert")).to_contain_text("not approved")
    page.get_by_label("E-mail address").fill(BUYER)
    press_pay(page, "asks for 3-D Secure")
    page.get_by_role("button", name="Authorise").click()
    finished(page, basket)


def test_an_order_changed_in_another_window_is_not_paid_at_the_new_sum(visit, on_our_page, three_items):  # noqa: F811
    page = visit()
    to_our_page(page)
    order = Order.objects.get()
    other = page.context.new_page()
    other.goto(f"/order/{order.token}")
    row = other.get_by_role("row", name=re.compile("Grey Goose"))
    row.get_by_role("button", name="Remove").click()
    expect(other.get_by_role("row", name=re.compile("Grey Goose"))).to_have_count(0)
    press_pay(page, "succeeds")
    expect(page.get_by_role("alert")).to_contain_text("The order has changed meanwhile")
    expect(page.get_by_role("button", name="Pay $31.50")).to_be_enabled()
    assert not Payment.objects.exists()
    assert Attempt.objects.get().amount == 3150


def test_dollars_and_euros_at_once_on_two_accounts(visit, shop):  # noqa: F811
    make_item("Blue Heron", price="24.50")
    make_item("White Crane", price="10.00", currency="EUR")
    page = visit()
    for title in ("Blue Heron", "White Crane"):
        walk_to(page, title)
        page.get_by_role("button", name="Add to basket").click()
        expect(page.locator("form.buy [data-done]")).to_contain_text("Added to your basket.")
    page.goto("/basket/")
    photograph(page, "money-currencies")
    second = page.context.new_page()
    second.goto("/basket/")
    for window, total in ((page, "$24.50"), (second, "€10.00")):
        window.get_by_role("button", name=f"Pay {total}").click()
        window.wait_for_url("**/sandbox/pay/**")
    for window, total in ((second, "€10.00"), (page, "$24.50")):
        pay(window, total)
        expect(window.get_by_role("heading", level=1)).to_have_text("Thank you")
    paid = Payment.objects.order_by("keypair").values_list("keypair", "currency", "amount", "disposition")
    assert list(paid) == [("EUR", "EUR", 1000, "applied"), ("USD", "USD", 2450, "applied")]
    charged = SandboxObject.objects.filter(kind="charge").order_by("account")
    assert [(row.account, row.data["amount"], row.data["currency"]) for row in charged] == [
        ("EUR", 1000, "eur"),
        ("USD", 2450, "usd"),
    ]

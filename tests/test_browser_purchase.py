"""Purchases in a real browser against a real server: the shop's pages, its script, and the sandbox's payment page."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings as shop_settings
from django.core import mail
from playwright.sync_api import BrowserContext, Page, Route, expect

from checkout.models import Hold, Order, OutboxMail, Payment
from checkout.states import HoldState, OrderStatus
from checkout.tests.shop import counts
from products import stock
from products.tests.factories import make_home, make_item, picture_for
from products.tests.people import client_of

BUYER = "buyer@example.com"
PICTURES = os.environ.get("STOREFRONT_PICTURES", "")  # a folder: the pages are then also photographed
WIDTHS = (390, 1440)
TELL_VIOLATIONS = """addEventListener("securitypolicyviolation", event =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));"""
LISTEN_IN = """
;window.Stripe._additions.push(stripe => {
  const redirect = stripe.redirectToCheckout;
  stripe.redirectToCheckout = options => { heard(options.sessionId); return redirect(options); };
});"""

pytestmark = pytest.mark.browser


@pytest.fixture
def shop(transactional_db, live_server, settings) -> str:
    """The live server's address, known to the shop as its own: payment pages and returns lead there."""
    settings.BASE_URL = live_server.url
    make_home()
    return live_server.url


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """What browsers complained about. A test takes out what it provoked; nothing else may be left."""
    found: list[str] = []
    yield found
    assert not found, "\n".join(found)


@pytest.fixture
def visit(shop: str, new_context: Callable[..., BrowserContext], complaints: list[str]) -> Callable[..., Page]:
    """A visitor's fresh browser, overheard."""

    def open_browser(**options) -> Page:
        # Fading between pages is what Chromium gives up first on a busy machine, and it logs that as an error.
        calm = {"base_url": shop, "viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce"}
        context = new_context(**calm, **options)
        context.add_init_script(TELL_VIOLATIONS)
        context.set_default_timeout(15_000)
        page = context.new_page()
        page.on(
            "console",
            lambda said: complaints.append(f"{page.url}: {said.text}") if said.type in ("error", "warning") else None,
        )
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        return page

    return open_browser


def photograph(page: Page, name: str) -> None:
    """The same address in a tab of its own, narrow and wide."""
    for width in WIDTHS if PICTURES else ():
        tab = page.context.new_page()
        tab.set_viewport_size({"width": width, "height": 900})
        tab.goto(page.url, wait_until="networkidle")
        tab.screenshot(path=Path(PICTURES) / f"{name}-{width}.png", full_page=True)
        tab.close()


def walk_to(page: Page, title: str) -> None:
    """From the home page over the category to the item, by links."""
    page.goto("/")
    page.get_by_role("navigation", name="Categories").get_by_role("link", name="Prints").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Prints")
    page.get_by_role("main").get_by_role("link", name=title).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def press_buy(page: Page) -> None:
    page.get_by_role("button", name="Buy now").click()
    page.wait_for_url("**/sandbox/pay/**")


def pay(page: Page, total: str) -> None:
    """The buyer's part on the payment page, until the shop shows the order."""
    page.get_by_label("E-mail").fill(BUYER)
    for label, text in {
        "Full name": "Bea Buyer",
        "Street": "Main St 1",
        "Postal code": "10115",
        "City": "Berlin",
    }.items():
        if page.get_by_label(label).count():
            page.get_by_label(label).fill(text)
    page.get_by_role("button", name=f"Pay {total}").click()
    page.wait_for_url("**/order/**")


def shows_paid(page: Page) -> Order:
    """The page of a paid order; its one payment, its mail, no hold left. Returns the order."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    order = Order.objects.get()
    assert order.status == OrderStatus.PAID
    expect(page.get_by_role("main")).to_contain_text(f"Order {order.number}")
    assert f"/order/{order.token}" in page.url
    payment = Payment.objects.get()
    assert (payment.order_id, payment.amount) == (order.pk, order.total)
    assert set(Hold.objects.values_list("state", flat=True)) == {HoldState.CONVERTED}
    assert [row.sent_at is not None for row in OutboxMail.objects.filter(kind="paid")] == [True]
    (letter,) = mail.outbox
    assert letter.to == [BUYER]
    assert order.number in letter.subject + letter.body
    assert f"{shop_settings.BASE_URL}/order/{order.token}" in letter.body
    return order


def overhear_redirects(page: Page) -> list[str]:
    """Ids given to redirectToCheckout of the legacy script, which does its work all the same."""
    heard: list[str] = []

    def add_ears(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text() + LISTEN_IN)

    page.expose_function("heard", lambda session_id: heard.append(session_id))
    page.route("**/sandbox/v3/stripe.js", add_ears)
    return heard


def test_a_purchase_with_the_present_stripe_js(visit):
    item = make_item("Blue Heron", price="24.50")
    picture_for(item, "A heron")
    page = visit()
    walk_to(page, "Blue Heron")
    with page.expect_response("**/sandbox/stripe.js") as script, page.expect_response("**/buy/*") as bought:
        press_buy(page)
    assert (script.value.status, bought.value.status) == (200, 200)
    assert bought.value.request.headers["accept"] == "application/json"
    expect(page.get_by_role("heading", level=1)).to_contain_text("$24.50")
    expect(page.get_by_role("main")).to_contain_text("Blue Heron")
    assert counts(item) == (10, 1, 0)
    photograph(page, "payment")
    pay(page, "$24.50")
    shows_paid(page)
    expect(page.get_by_role("main")).to_contain_text("$24.50")
    photograph(page, "paid")
    assert counts(item) == (9, 0, 1)


def test_a_purchase_with_the_legacy_stripe_js(visit, settings):
    settings.STRIPE_JS_URL = "/sandbox/v3/stripe.js"
    item = make_item("Blue Heron", price="24.50")
    page = visit()
    heard = overhear_redirects(page)
    walk_to(page, "Blue Heron")
    press_buy(page)
    pay(page, "$24.50")
    order = shows_paid(page)
    assert heard == [order.attempts.get().stripe_id]
    assert counts(item) == (9, 0, 1)


def test_a_purchase_without_javascript(visit):
    item = make_item("Blue Heron", price="24.50")
    page = visit(java_script_enabled=False)
    walk_to(page, "Blue Heron")
    with page.expect_response(f"**/buy/{item.pk}") as bought:
        press_buy(page)
    assert (bought.value.request.method, bought.value.status) == ("POST", 303)
    assert "/sandbox/pay/" in bought.value.headers["location"]
    pay(page, "$24.50")
    shows_paid(page)
    assert counts(item) == (9, 0, 1)


def test_what_sold_out_meanwhile_is_said_at_the_button(visit, complaints):
    item = make_item("Blue Heron", on_hand=1)
    page = visit()
    walk_to(page, "Blue Heron")
    stock.adjust(item_id=item.pk, quantity=-1, reason="Broken")
    button = page.get_by_role("button", name="Buy now")
    button.click()
    expect(page.locator("form.buy [role=alert]")).to_have_text(re.compile("sold out", re.IGNORECASE))
    expect(button).to_be_enabled()
    expect(button).to_be_focused()
    assert f"/item/{item.pk}" in page.url or page.url.endswith(item.url)
    assert not Payment.objects.exists()
    assert not Hold.objects.exists()
    assert "409" in complaints.pop()  # Chromium itself logs every answer that refuses


def test_cancelling_leads_back_to_the_whole_order(visit):
    item = make_item("Blue Heron", price="24.50")
    page = visit()
    walk_to(page, "Blue Heron")
    page.get_by_label("Quantity").fill("2")
    press_buy(page)
    page.get_by_role("link", name="Cancel").click()
    page.wait_for_url("**/order/**")
    main = page.get_by_role("main")
    expect(main).to_contain_text("Blue Heron")
    expect(main).to_contain_text("$49.00")
    assert (Order.objects.get().status, mail.outbox) == (OrderStatus.PENDING, [])
    photograph(page, "cancelled")
    page.get_by_role("button", name="Pay $49.00").click()
    page.wait_for_url("**/sandbox/pay/**")
    pay(page, "$49.00")
    shows_paid(page)
    assert counts(item) == (8, 0, 2)


def test_a_basket_of_two_items(visit):
    heron, crane = make_item("Blue Heron", price="24.50"), make_item("White Crane", price="10.00")
    page = visit()
    for title in ("Blue Heron", "White Crane"):
        walk_to(page, title)
        page.get_by_role("button", name="Add to basket").click()
        expect(page.locator("form.buy [data-done]")).to_contain_text("Added to your basket.")
    expect(page.locator("[data-basket-count]")).to_have_text("2")
    page.get_by_role("link", name="See the basket").click()
    main = page.get_by_role("main")
    expect(main).to_contain_text("$34.50")
    photograph(page, "basket")
    row = page.get_by_role("row", name=re.compile("White Crane"))
    row.get_by_role("button", name="One more").click()
    row.get_by_role("button", name="One more").click()  # two clicks, saved as one change
    expect(page.get_by_role("button", name="Pay $54.50")).to_be_visible()
    expect(page.locator("[data-basket-count]")).to_have_text("4")
    page.get_by_role("button", name="Pay $54.50").click()
    page.wait_for_url("**/sandbox/pay/**")
    expect(page.get_by_role("main")).to_contain_text("White Crane")
    pay(page, "$54.50")
    order = shows_paid(page)
    assert sorted(order.lines.values_list("name", "quantity")) == [("Blue Heron", 1), ("White Crane", 3)]
    assert (counts(heron), counts(crane)) == ((9, 0, 1), (7, 0, 3))
    expect(page.locator("[data-basket-count]")).to_be_hidden()


def test_the_manager_finds_the_paid_order(visit, shop):
    make_item("Blue Heron", price="24.50")
    page = visit()
    walk_to(page, "Blue Heron")
    press_buy(page)
    pay(page, "$24.50")
    order = shows_paid(page)
    name = shop_settings.SESSION_COOKIE_NAME
    manager = visit()
    manager.context.add_cookies([{"name": name, "value": client_of("superuser").cookies[name].value, "url": shop}])
    manager.goto(f"/admin/snippets/checkout/order/inspect/{order.pk}/")
    expect(manager.get_by_role("main")).to_contain_text(order.number)
    expect(manager.get_by_role("main")).to_contain_text("$24.50")
    expect(manager.get_by_role("main")).to_contain_text(BUYER)

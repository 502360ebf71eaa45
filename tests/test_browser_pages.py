"""Every kind of page in a real browser: nothing for axe to find, within budgets, whole at every width, by keyboard."""

import gzip
import re
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, CDPSession, Page, Response, expect

from checkout.models import Order
from checkout.tests.shop import at_payment_page, deliver, draft, pay
from products.models import ArticlePage
from products.tests.factories import make_category, make_home, make_item, picture_for, translate

pytestmark = pytest.mark.browser
# As read by a browser: compressed. The script of the payment page is Stripe's and not counted.
BUDGETS = {"document": 20_000, "stylesheet": 20_000, "script": 15_000}
LARGEST_PAINT = 2_000  # ms, with the processor slowed down four times
SHIFT = 0.02
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}
WATCH = """
window.paint = 0; window.shift = 0;
new PerformanceObserver(list => { for (const one of list.getEntries()) window.paint = one.startTime; })
  .observe({ type: "largest-contentful-paint", buffered: true });
const add = (one) => { if (!one.hadRecentInput) window.shift += one.value; };
new PerformanceObserver(list => list.getEntries().forEach(add))
  .observe({ type: "layout-shift", buffered: true });
"""


@pytest.fixture
def shop(once, live_server, settings) -> dict[str, str]:
    """A page of each kind: name → path."""
    settings.BASE_URL = live_server.url
    return once(make_shop)


def make_shop() -> dict[str, str]:
    home = make_home()
    heron = make_item("Blue Heron", price="24.50", summary="A bird that stands still.", on_hand=2)
    picture_for(heron, "A heron")
    picture_for(heron, "Its beak")
    make_item("White Crane", price="10.00", on_hand=0)
    for number in range(26):
        make_item(f"Feather {number}", price="5.00")
    make_category("Empty")
    translate(heron, "de", title="Graureiher")
    home.add_child(instance=ArticlePage(title="Delivery", slug="delivery", show_in_menus=True))
    paid, started = at_payment_page(heron, email="buyer@example.com")
    pay(paid, started)
    deliver()
    waiting, _started = at_payment_page(make_item("Grey Goose"))
    return {
        "home": "/",
        "german home": "/de/",
        "shelf": "/prints/?stock=1&min=5&sort=price",
        "empty shelf": "/empty/",
        "item": heron.url,
        "sold out": make_item("Black Swan", on_hand=0).url,
        "article": "/delivery/",
        "search": "/search/?q=feather",
        "nothing found": "/search/?q=zebra",
        "look-up": "/order/find/",
        "basket": f"/order/{draft(heron).token}",
        "empty basket": "/basket/",
        "paid": f"/order/{paid.token}",
        "waiting": f"/order/{waiting.token}?cancelled=1",
        "confirming": f"/order/{waiting.token}?return=1",
        "not found": "/no-such-page/",
    }


@pytest.fixture
def visit(shop, live_server, new_context: Callable[..., BrowserContext]) -> Iterator[Callable[..., Page]]:
    """A visitor's browser; what it complains about, and whatever it asks of others, fails the test."""
    wrong: list[str] = []

    def open_browser(width: int = 1440, **options) -> Page:
        size = {"width": width, "height": 900}
        page = new_context(base_url=live_server.url, viewport=size, reduced_motion="reduce", **options).new_page()
        page.on("console", lambda said: wrong.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda asked: None if _is_ours(asked.url, live_server.url) else wrong.append(asked.url))
        return page

    yield open_browser
    # Chromium itself logs the page that is not there
    assert [text for text in wrong if "404 (Not Found)" not in text] == []


def _is_ours(url: str, shop: str) -> bool:
    return url.startswith((shop, "data:", "about:"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(shop, visit, scheme):
    page = visit(390 if scheme == "dark" else 1440, color_scheme=scheme)
    found = {}
    for name, path in shop.items():
        page.goto(path)
        violations = Axe().run(page, options=RULES).response["violations"]
        found |= {
            f"{name}: {one['id']} {one['nodes'][0]['target']} {one['nodes'][0]['html'][:120]}": one["help"]
            for one in violations
        }
    assert found == {}


def test_no_page_scrolls_sideways_at_320_pixels_and_text_twice_as_large(shop, visit):
    page = visit(320)
    wide = {}
    for name, path in shop.items():
        page.goto(path)
        for zoom in (1, 2):
            page.evaluate(f"document.documentElement.style.fontSize = '{zoom * 100}%'")
            if zoom == 1 or name in ("home", "item", "shelf", "basket"):
                width = page.evaluate("document.documentElement.scrollWidth")
                wide |= {f"{name} at {zoom}": width} if width > 320 else {}
    assert wide == {}


def test_every_page_has_one_heading_a_title_of_its_own_and_a_footer(shop, visit):
    page = visit()
    titles = []
    for name, path in shop.items():
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        if name != "german home":  # an alias, under the same name
            expect(page.get_by_role("contentinfo").get_by_role("link", name="Delivery")).to_be_attached()
            titles.append(page.title())
    assert all(titles)
    repeated = {title for title in titles if titles.count(title) > 1}
    assert {title for title in repeated if not title.startswith(("Basket", "Your order"))} == set()


@pytest.mark.parametrize("name", ["home", "shelf", "item", "basket"])
def test_pages_are_light_quick_and_do_not_jump(shop, visit, name):
    page = visit(390)
    weights = dict.fromkeys(BUDGETS, 0)

    def weigh(answer: Response) -> None:
        kind = answer.request.resource_type
        if kind in weights and answer.ok:
            weights[kind] += len(gzip.compress(answer.body()))

    page.on("response", weigh)
    page.goto(shop[name], wait_until="networkidle")
    assert {kind: size for kind, size in weights.items() if size > BUDGETS[kind]} == {}
    page.add_init_script(WATCH)
    session: CDPSession = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(shop[name], wait_until="networkidle")
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    page.wait_for_timeout(300)
    assert page.evaluate("window.shift") <= SHIFT
    assert 0 < page.evaluate("window.paint") <= LARGEST_PAINT


def test_the_first_tab_skips_to_the_content(shop, visit):
    page = visit()
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()


def test_the_menu_on_a_phone_opens_and_closes_with_escape(shop, visit):
    page = visit(390)
    page.goto("/")
    menu, button = (
        page.get_by_role("navigation", name="Categories"),
        page.get_by_role("button", name="Menu", exact=True),
    )
    expect(menu).to_be_hidden()
    button.focus()
    page.keyboard.press("Enter")
    expect(menu).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(button).to_be_focused()
    button.click()
    menu.get_by_role("link", name="Prints").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Prints")


def test_pictures_are_leafed_through_and_enlarged(shop, visit):
    page = visit()
    page.goto(shop["item"])
    thumbs = page.locator(".gallery-thumbs a")
    page.get_by_role("button", name="Next picture").click()
    expect(thumbs.nth(1)).to_have_attribute("aria-current", "true")
    thumbs.nth(0).click()
    expect(thumbs.nth(0)).to_have_attribute("aria-current", "true")
    page.locator("[data-zoom]").first.click()
    expect(page.get_by_role("dialog").get_by_role("img", name="A heron")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_search_suggests_by_keyboard(shop, visit):
    page = visit()
    page.goto("/")
    box = page.get_by_role("combobox", name="Search the shop")
    box.press_sequentially("her")
    expect(page.get_by_role("option")).to_contain_text("Blue Heron")
    box.press("ArrowDown")
    box.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Blue Heron")


WORDS = {
    "en": ("Add to basket", "See the basket", r"Pay", "Thank you"),
    "de": ("In den Warenkorb", "Warenkorb ansehen", r"bezahlen", "Vielen Dank"),
    "ru": ("В корзину", "Перейти в корзину", r"Оплатить", "Спасибо"),
}


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("language", WORDS)
def test_the_purchase_in_each_language(shop, visit, language, width, scripts):
    add, see, settle, thanks = WORDS[language]
    Order.objects.all()
    page = visit(width, locale=language, java_script_enabled=scripts)
    page.goto(shop["item"])
    expect(page.locator("html")).to_have_attribute("lang", language)
    page.get_by_role("button", name=add).click()
    if scripts:
        page.get_by_role("link", name=see).click()
    page.wait_for_url("**/basket/**")
    page.get_by_role("button", name=re.compile(settle)).click()
    page.wait_for_url("**/sandbox/pay/**")
    page.locator("input[type=email]").fill("buyer@example.com")
    page.locator("main button[type=submit]").first.click()
    page.wait_for_url("**/order/**")
    expect(page.get_by_role("heading", level=1)).to_have_text(thanks)
    expect(page.locator("html")).to_have_attribute("lang", language)

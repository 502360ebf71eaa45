"""Photographs every kind of page of a shop that runs on http://localhost:8000, or on the address given.

The README's two pictures go to docs/img, all others to var/screenshots: a phone and a desktop, by day and by night.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.template import Context, Engine
from playwright.sync_api import Browser, Page, sync_playwright
from tqdm import tqdm

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]
from tests.support.selection import CHROMIUM, CHROMIUM_FLAGS  # noqa: E402

README, ALL = ROOT / "docs" / "img", ROOT / "var" / "screenshots"
WIDTHS = {"phone": (390, 844), "desktop": (1440, 900)}
PAGES = {
    "home": "/",
    "home-german": "/de/",
    "home-russian": "/ru/",
    "search": "/search/?q=print",
    "search-nothing": "/search/?q=qqqq",
    "find-order": "/order/find/",
    "basket-empty": "/basket/",
    "landing": "/presents/",
    "article": "/presents/wrapping-without-tape/",
    "help": "/delivery/",
    "not-found": "/no-such-page/",
}
# Pictures further down are fetched when somebody comes near; a photograph shows them all.
ALL_PICTURES = """() => Promise.all([...document.images].map(image => {
  image.loading = "eager";
  return image.decode().catch(() => null);
}))"""
SOLD_OUT = "/art-prints/two-ring-interference/"
ADDRESS = {"name": "Bea Buyer", "line1": "12 Linden Lane", "postal_code": "04101", "city": "Portland"}
# Refused after ten tries an hour. Its form needs a token, so that no try sends a mail.
LIMITED = "/admin/password_reset/"


def main(shop: str) -> None:
    README.mkdir(parents=True, exist_ok=True)
    ALL.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        _readme(browser, shop)
        views = [(device, scheme) for device in WIDTHS for scheme in ("light", "dark")]
        for device, scheme in tqdm(views, desc="Photographing", unit="view"):
            _photograph(browser, shop, device, scheme)
        browser.close()
    print(f"written to {README.relative_to(ROOT)} and {ALL.relative_to(ROOT)}")


def _readme(browser: Browser, shop: str) -> None:
    desktop = browser.new_page(viewport={"width": 1280, "height": 800}, locale="en-US")
    desktop.goto(shop, wait_until="networkidle")
    desktop.screenshot(path=README / "home-desktop.png")
    phone = browser.new_page(viewport={"width": 390, "height": 844}, device_scale_factor=2, locale="en-US")
    phone.goto(shop + _first_item(desktop), wait_until="networkidle")
    phone.screenshot(path=README / "item-phone.png")
    desktop.close()
    phone.close()


def _photograph(browser: Browser, shop: str, device: str, scheme: str) -> None:
    """Every page once; then a walk that buys something."""
    width, height = WIDTHS[device]
    context = browser.new_context(
        base_url=shop, viewport={"width": width, "height": height}, color_scheme=scheme, locale="en-US"
    )
    page = context.new_page()

    def keep(name: str) -> None:
        page.evaluate(ALL_PICTURES)
        page.wait_for_load_state("networkidle")
        page.screenshot(path=ALL / f"{name}-{device}-{scheme}.png", full_page=True)

    for name, path in PAGES.items():
        page.goto(path)
        keep(name)
    _errors(page, keep)
    _back_in_stock(page, keep)
    _walk(page, keep)
    context.close()


def _errors(page: Page, keep: Callable[[str], None]) -> None:
    """What a visitor must not see often. A shop does not break when told to, so the last one is the template itself."""
    posting = "**/admin/login/"
    page.route(posting, lambda route: route.continue_(method="POST"))
    page.goto("/admin/login/")
    keep("forbidden")
    page.unroute(posting)
    page.route(f"**{LIMITED}", lambda route: route.continue_(method="POST"))
    for _ in range(20):
        answer = page.goto(LIMITED)
        if answer and answer.status == 429:
            break
    keep("too-many")
    page.unroute(f"**{LIMITED}")
    page.route("**/broken/", lambda route: route.fulfill(status=500, content_type="text/html", body=_broken()))
    page.goto("/broken/")
    keep("server-error")
    page.unroute("**/broken/")


def _broken() -> str:
    settings.configure(USE_I18N=False) if not settings.configured else None
    engine = Engine(dirs=[str(ROOT / "templates")], libraries={"i18n": "django.templatetags.i18n"})
    return engine.get_template("500.html").render(Context({"code": 500}))


def _back_in_stock(page: Page, keep: Callable[[str], None]) -> None:
    page.goto(SOLD_OUT)
    keep("item-sold-out")
    form = page.locator(".alert-me form")
    form.evaluate("form => form.noValidate = true")
    form.locator("input[type=email]").fill("no address")
    form.locator("button").click()
    keep("back-in-stock-wrong")
    page.locator("main input[type=email]").fill("buyer@example.com")
    page.locator("main form button").click()
    keep("back-in-stock-asked")


def _walk(page: Page, keep: Callable[[str], None]) -> None:
    """From the item over the basket and the payment to the paid order; then one that a bank has yet to confirm."""
    page.goto("/")
    item = _first_item(page)
    page.goto(item.rstrip("/").rpartition("/")[0] + "/?stock=1")
    keep("shelf")
    page.goto(item)
    keep("item")
    _to_payment(page, keep)
    keep("payment")
    page.locator("main button[value=pay]").click()
    page.wait_for_url("**/order/**")
    keep("order-paid")
    page.goto(item)
    _to_payment(page, lambda name: None)
    page.locator("main button[value=later]").click()
    page.wait_for_url("**/order/**")
    keep("order-confirming")


def _to_payment(page: Page, keep: Callable[[str], None]) -> None:
    page.locator("button[data-act=add]").click()
    page.locator("[data-done] a").click()
    keep("basket")
    page.locator("button[data-act=buy]").click()
    page.wait_for_url("**/sandbox/pay/**")
    page.locator("input[type=email]").fill("buyer@example.com")
    for name, text in ADDRESS.items():  # asked for where something is sent
        if (field := page.locator(f"main input[name={name}]")).count():
            field.fill(text)


def _first_item(page: Page) -> str:
    """The path of the first item on the home page."""
    return page.locator("main .card-title a").first.get_attribute("href") or "/"


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/") if len(sys.argv) > 1 else "http://localhost:8000")

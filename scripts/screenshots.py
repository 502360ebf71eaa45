"""Photographs every kind of page of a shop that runs on http://localhost:8000, or on the address given.

The README's two pictures go to docs/img, all others to var/screenshots: a phone and a desktop, by day and by night.
"""

import sys
from pathlib import Path

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
    "not-found": "/no-such-page/",
}


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
    """Every page once; then one walk from the item over the basket and the payment to the paid order."""
    width, height = WIDTHS[device]
    context = browser.new_context(
        base_url=shop, viewport={"width": width, "height": height}, color_scheme=scheme, locale="en-US"
    )
    page = context.new_page()

    def keep(name: str) -> None:
        page.wait_for_load_state("networkidle")
        page.screenshot(path=ALL / f"{name}-{device}-{scheme}.png", full_page=True)

    for name, path in PAGES.items():
        page.goto(path)
        keep(name)
    page.goto("/")
    item = _first_item(page)
    page.goto(item.rstrip("/").rpartition("/")[0] + "/?stock=1")
    keep("shelf")
    page.goto(item)
    keep("item")
    page.locator("button[data-act=add]").click()
    page.locator("[data-done] a").click()
    keep("basket")
    page.locator("button[data-act=buy]").click()
    page.wait_for_url("**/sandbox/pay/**")
    page.locator("input[type=email]").fill("buyer@example.com")
    page.locator("main button[type=submit]").first.click()
    page.wait_for_url("**/order/**")
    keep("order-paid")
    context.close()


def _first_item(page: Page) -> str:
    """The path of the first item on the home page."""
    return page.locator("main .card-title a").first.get_attribute("href") or "/"


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/") if len(sys.argv) > 1 else "http://localhost:8000")

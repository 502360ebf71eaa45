"""Takes the README's pictures from a shop that runs on http://localhost:8000, or on the address given."""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]
from tests.support.selection import CHROMIUM, CHROMIUM_FLAGS  # noqa: E402

PICTURES = ROOT / "docs" / "img"


def main(shop: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        desktop = browser.new_page(viewport={"width": 1280, "height": 800})
        desktop.goto(shop, wait_until="networkidle")
        desktop.screenshot(path=PICTURES / "home-desktop.png")
        item = desktop.locator("main a[href*='/item']").first.get_attribute("href") or "/"
        phone = browser.new_page(viewport={"width": 390, "height": 844}, device_scale_factor=2)
        phone.goto(shop + item if item.startswith("/") else item, wait_until="networkidle")
        phone.screenshot(path=PICTURES / "item-phone.png")
        browser.close()
    print(f"written to {PICTURES.relative_to(ROOT)}")


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/") if len(sys.argv) > 1 else "http://localhost:8000")

"""A new editor, with only what the screen says: from an empty shop to an item that is sold. And axe on our panels."""

import io
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth import get_user_model
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from checkout.models import Order
from checkout.tests.factories import make_paid_order
from products import stock
from products.models import BulkChange, ItemImport, ItemPage
from products.tests.factories import make_home, make_item, picture_for
from products.tests.people import client_of

pytestmark = pytest.mark.browser
PICTURES = os.environ.get("STOREFRONT_PICTURES", "")  # a folder: the pages are then also photographed
OURS = ".shop-dashboard, .shop-item, .shop-period, .shop-chart, .shop-scroll, .shop-steps, .shop-choices, .shop-figures"
OURS = f"{OURS}, .shop-import"


@pytest.fixture
def desk(transactional_db, live_server, settings, new_context: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """A browser in which somebody of a group is logged in to the admin."""
    settings.BASE_URL = live_server.url
    make_home()

    def sit_down(group: str, **options) -> Page:
        session = client_of(group).cookies["sessionid"]
        context = new_context(base_url=live_server.url, reduced_motion="reduce", **options)
        context.add_cookies([{"name": "sessionid", "value": session.value, "url": live_server.url}])
        context.set_default_timeout(30_000)
        return context.new_page()

    return sit_down


def photograph(page: Page, name: str) -> None:
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{PICTURES}/editor-{name}.png")


def publish(page: Page) -> None:
    """The menu beside “Save draft”, as the form's first lines say."""
    page.locator("footer [data-w-dropdown-target='toggle'], footer .w-dropdown__toggle").first.click()
    page.locator("[name='action-publish']").click()


def a_picture() -> dict:
    data = io.BytesIO()
    Image.new("RGB", (800, 1000), "teal").save(data, "PNG")
    return {"name": "teapot.png", "mimeType": "image/png", "buffer": data.getvalue()}


def test_a_new_editor_publishes_a_first_item_with_picture_variants_and_stock(desk) -> None:
    page = desk("Editors", viewport={"width": 1440, "height": 900})
    page.goto("/admin/")
    photograph(page, "empty-shop")
    page.get_by_role("link", name="Make a category").first.click()
    page.locator("#id_title").fill("Teapots")
    publish(page)
    expect(page.get_by_text("created and published")).to_be_visible()

    page.goto("/admin/")
    page.get_by_role("link", name="Add your first item").first.click()
    page.locator("#id_title").fill("Blue teapot")
    publish(page)
    expect(page.get_by_text("Go to the first error")).to_be_visible()
    expect(page.locator("#panel-child-content-price-section .error-message")).to_be_visible()
    photograph(page, "named-at-their-fields")

    page.locator("#id_price").fill("24.00")
    page.locator("#id_choice1").fill("Colour")
    for number, (colour, sku, units) in enumerate([("Blue", "TEA-B", "7"), ("Red", "TEA-R", "2")]):
        page.get_by_role("button", name="Add Variant").click()
        page.locator(f"#id_variants-{number}-value1").fill(colour)
        page.locator(f"#id_variants-{number}-sku").fill(sku)
        page.locator(f"#id_variants-{number}-opening_stock").fill(units)
    page.get_by_role("button", name="Add Picture").click()
    page.get_by_role("button", name="Choose an image").first.click()
    page.get_by_role("tab", name="Upload").click()
    page.locator("#id_image-chooser-upload-file").set_input_files(a_picture())
    page.locator("#id_image-chooser-upload-title").fill("A blue teapot")
    page.locator("#tab-upload button[type=submit]").click()
    expect(page.locator(".modal-dialog")).to_have_count(0)
    photograph(page, "filled-in")
    publish(page)
    expect(page.get_by_text(re.compile("created and published|has been published"))).to_be_visible()

    item = ItemPage.objects.get()
    assert (item.live, item.unit_amount) == (True, 2400)
    assert {one.sku: stock.available(item.pk, one.pk) for one in item.sold_variants.all()} == {"TEA-B": 7, "TEA-R": 2}
    shop = page.context.new_page()
    shop.goto(item.url)
    expect(shop.get_by_text("Only 2 left")).to_be_visible()
    expect(shop.get_by_role("button", name="Buy now")).to_be_enabled()
    expect(shop.locator(".gallery img").first).to_be_visible()
    photograph(shop, "in-the-shop")


def test_prices_of_many_are_changed_from_the_list_and_taken_back(desk) -> None:
    items = [make_item(title, price="20.00") for title in ("Teapot", "Chair")]
    picture_for(items[0])
    page = desk("Moderators", viewport={"width": 1440, "height": 900})
    page.goto("/admin/items/")
    photograph(page, "items")
    page.locator("[data-bulk-action-select-all-checkbox]").first.check()
    page.get_by_role("link", name="Change the prices of the selected items").click()
    page.locator("#id_percent").fill("10")
    page.get_by_role("button", name="Show before and after").click()
    expect(page.get_by_text("$22.00").first).to_be_visible()
    photograph(page, "before-and-after")
    page.get_by_role("button", name="Change 2 items").click()
    page.get_by_role("link", name="Look at it, or take it back").click()
    assert set(ItemPage.objects.values_list("unit_amount", flat=True)) == {2200}
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("Taken back for 2 of 2 items")).to_be_visible()
    assert set(ItemPage.objects.values_list("unit_amount", flat=True)) == {2000}
    assert BulkChange.objects.get().undone_at


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_our_panels_pass_axe(desk, scheme, width) -> None:
    make_item("Teapot", on_hand=2)
    make_paid_order()
    assert Order.objects.exists()
    page = desk("superuser", viewport={"width": width, "height": 900}, color_scheme=scheme)
    wrong = []
    rows = (
        b"sku,name,price,currency,category,stock\nT-1,Teapot,24.00,USD,Prints > Small,\nT-2,Chair,cheap,USD,Prints,1\n"
    )
    boss = get_user_model().objects.get(username="superuser")
    wanted = ItemImport.objects.create(user=boss, name="goods.csv", data=rows)
    paths = ["/admin/", "/admin/items/", "/admin/reports/sales/", "/admin/items/changes/", "/admin/stock/"]
    for path in (*paths, "/admin/items/import/", f"/admin/items/import/{wanted.pk}/"):
        page.goto(path)
        photograph(page, f"{path.strip('/').replace('/', '-')}-{scheme}-{width}")
        if page.locator(OURS).count():
            found = Axe().run(page, context=[[OURS]], options={"runOnly": ["wcag2a", "wcag2aa", "wcag22aa"]})
            wrong += [f"{path}: {one['id']} {one['nodes'][0]['html'][:120]}" for one in found.response["violations"]]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1"), f"{path} scrolls sideways"
    assert wrong == []


def test_a_file_is_looked_at_and_imported_on_a_phone(desk) -> None:
    make_item("Lamp", sku="L-1", price="10.00")
    page = desk("Moderators", viewport={"width": 390, "height": 844})
    page.goto("/admin/items/import/")
    rows = b"sku,price,category\nL-1,12.00,Prints > Small\n"
    page.locator("#id_file").set_input_files({"name": "goods.csv", "mimeType": "text/csv", "buffer": rows})
    page.locator("#id_publish").check()
    page.get_by_role("button", name="Show what it would do").click()
    expect(page.get_by_text("Nothing has changed yet.")).to_be_visible()
    expect(page.get_by_role("region", name="What would be done")).to_contain_text("10.00 → 12.00")
    photograph(page, "import-shown")
    page.get_by_role("button", name="Import it as shown").click()
    expect(page.get_by_text("“goods.csv” was imported.")).to_be_visible()
    photograph(page, "imported")
    assert ItemPage.objects.get().unit_amount == 1200


def test_an_editor_uploads_a_file_for_sale_beside_its_item(desk) -> None:
    item = make_item("Heron pattern")
    page = desk("Editors", viewport={"width": 1440, "height": 900})
    page.goto(f"/admin/pages/{item.pk}/edit/")
    page.get_by_role("button", name="Add File").click()
    page.locator("#inline_child_downloads-0").get_by_role("button", name="Choose", exact=False).first.click()
    page.get_by_role("tab", name="Upload").click()
    form = page.locator("[data-chooser-modal-creation-form]")
    form.locator("[name=title]").fill("The pattern")
    form.get_by_role("button", name="Upload").click()
    expect(form.get_by_text("This field is required")).to_be_visible()
    form.locator("[name=title]").fill("The pattern")
    form.locator("[type=file]").set_input_files(
        {"name": "heron.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
    )
    form.get_by_role("button", name="Upload").click()
    expect(page.locator("#inline_child_downloads-0")).to_contain_text("The pattern (heron.pdf, 8")
    photograph(page, "file-for-sale")
    publish(page)
    expect(page.get_by_text("has been published")).to_be_visible()
    assert [row.file.filename for row in ItemPage.objects.get(pk=item.pk).downloads.all()] == ["heron.pdf"]

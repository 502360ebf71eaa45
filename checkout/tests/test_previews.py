"""The preview says what a buyer would pay, from the unsaved draft, by the pricing that a purchase uses."""

from decimal import Decimal

import pytest

from checkout.models import Discount, Tax
from products.models import ItemPage
from products.previews import MODES
from products.tests.editing import edit_url, item_form
from products.tests.factories import make_category, make_item
from products.tests.people import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def preview():
    """The preview of a form that nobody saved."""
    editor = client_of("Editors")

    def shown(item: ItemPage, mode: str, **changes) -> str:
        url = f"{edit_url(item)}preview/"
        assert editor.post(url, item_form(item, **changes)).json()["is_valid"]
        response = editor.get(url, {"mode": mode})
        assert response.status_code == 200
        return response.content.decode()

    return shown


def test_the_modes_are_offered():
    page = client_of("Editors").get(edit_url(make_item())).content.decode()
    for _, label in MODES:
        assert label in page


def test_an_unsaved_price_is_shown_and_nothing_is_saved(preview):
    item = make_item(price="20.00")
    page = preview(item, "", price="33.00", title="Better lamp")
    assert "$33.00 USD" in page
    assert "Better lamp" in page
    assert ItemPage.objects.get(pk=item.pk).price == 20


def test_sold_out(preview):
    item = make_item(on_hand=9)
    assert "In stock" in preview(item, "")
    page = preview(item, "sold-out")
    assert "In stock" not in page.split("Description")[0]
    assert "disabled" in page


def test_on_sale_shows_the_sale_price_before_the_sale_begins(preview):
    item = make_item(price="20.00")
    later = {"sale_price": "15.00", "sale_starts_at": "2099-01-01 00:00"}
    assert "$15.00" not in preview(item, "", **later)
    assert "$15.00 USD" in preview(item, "on-sale", **later)
    assert "No sale price is set" in preview(item, "on-sale")


def test_with_a_discount_that_buyers_can_use(preview):
    Discount.objects.create(name="Spring", code="SPRING", percent_off="12.5")
    page = preview(make_item(price="20.00"), "discount")
    for words in ("Spring (SPRING)", "−$2.50", "$17.50 USD"):
        assert words in page


def test_tax_in_the_price_and_added_to_it(preview):
    item = make_item(price="20.00", tax=Tax.objects.create(name="VAT", percentage="19", inclusive=True))
    inside = preview(item, "tax-included", tax=str(item.tax_id))
    assert "includes VAT 19 %" in inside
    assert "$3.19" in inside
    assert "$20.00 USD" in inside
    added = preview(item, "tax-added", tax=str(item.tax_id))
    assert "$3.80" in added
    assert "$23.80 USD" in added
    assert Tax.objects.get().inclusive


def test_a_new_item_without_a_price_can_be_looked_at():
    editor = client_of("Editors")
    url = f"/admin/pages/add/products/itempage/{make_category().pk}/preview/"
    assert editor.post(url, item_form(title="Idea", slug="idea")).json()["is_valid"]
    for mode, _ in MODES:
        page = editor.get(url, {"mode": mode}).content.decode()
        assert "Without a price nothing can be worked out" in page


def test_visitors_never_see_a_preview_note(client):
    item = make_item(price="20.00")
    for query in ("", "?mode=sold-out", "?preview=1"):
        assert "preview-note" not in client.get(f"/item/{item.pk}{query}").content.decode()
    assert item.price == Decimal("20.00")

"""The home page of the admin: what is to be done, beside Wagtail's own panels, and what a new shop begins with."""

import pytest

from checkout.tests.factories import make_paid_order
from products.models import StockSettings
from products.tests.factories import make_category, make_home, make_item
from products.tests.people import client_of

pytestmark = pytest.mark.django_db


def home(group: str) -> str:
    response = client_of(group).get("/admin/")
    assert response.status_code == 200
    return response.content.decode()


def test_a_new_shop_says_what_to_do_first():
    make_home()
    page = home("Editors")
    assert "its shelves are empty" in page
    assert f"/admin/pages/add/products/categorypage/{make_home().pk}/" in page


def test_then_it_asks_for_the_first_item_and_then_to_publish_it():
    shelf = make_category()
    assert f"/admin/pages/add/products/itempage/{shelf.pk}/" in home("Editors")
    item = make_item(live=False)
    page = home("Moderators")
    assert "Finish and publish" in page
    assert f"/admin/pages/{item.pk}/edit/" in page


def test_with_something_to_sell_the_first_steps_are_gone():
    make_item()
    assert "its shelves are empty" not in home("Editors")


def test_managers_see_what_is_to_be_shipped_and_what_runs_low():
    make_item("Teapot", on_hand=2)
    make_item("Chair", on_hand=20)
    make_item("Lamp", on_hand=0)
    order, gone = make_paid_order(), make_paid_order()
    gone.shipped_at = gone.paid_at
    gone.save(update_fields=["shipped_at"])
    page = home("Shop managers")
    assert f"/admin/snippets/checkout/order/inspect/{order.pk}/" in page
    assert f"/admin/snippets/checkout/order/inspect/{gone.pk}/" not in page
    for words in ("Teapot", "2 left", "never counted"):
        assert words in page
    assert "Chair" not in page


def test_an_item_may_have_a_number_of_its_own():
    make_item("Chair", on_hand=20, low_stock=30)
    make_item("Teapot", on_hand=2, low_stock=1)
    page = home("Shop managers")
    assert "20 left" in page
    assert "Teapot" not in page


def test_the_shops_number_is_a_setting():
    item = make_item("Chair", on_hand=20)
    settings = StockSettings.for_site(item.get_site())
    settings.low_stock = 20
    settings.save()
    assert "20 left" in home("Shop managers")


def test_editors_see_drafts_and_nothing_of_sales():
    item = make_item("Teapot")
    item.title = "Better teapot"
    item.save_revision()
    make_paid_order()
    page = home("Editors")
    assert "Better teapot" in page
    for words in ("To ship", "Low stock"):
        assert words not in page
    assert "Drafts that wait" not in home("Shop managers")


def test_wagtails_own_panels_stay():
    client = client_of("superuser")
    client.get("/admin/")
    names = {type(panel).__name__ for panel in client.get("/admin/").context["panels"]}
    own = {"WorkflowObjectsToModeratePanel", "UserObjectsInWorkflowModerationPanel", "RecentEditsPanel"}
    assert own | {"LowStockPanel", "DraftsPanel", "ToShipPanel"} <= names

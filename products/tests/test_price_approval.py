"""An editor's new price asks a moderator, by whichever door it is published."""

from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model

from products.models import ItemPage
from products.tests.editing import edit_url, item_form
from products.tests.factories import make_item
from products.tests.people import client_of

pytestmark = pytest.mark.django_db
PUBLISH = {"action-publish": "1"}


@pytest.fixture
def editor():
    return client_of("Editors")


@pytest.fixture
def item():
    return make_item("Lamp", price="20.00")


def live_price(item) -> Decimal:
    return ItemPage.objects.get(pk=item.pk).price


def test_publishing_a_new_price_is_refused_at_the_field(editor, item):
    response = editor.post(edit_url(item), item_form(item, price="25.00", **PUBLISH))
    assert response.status_code == 200
    assert "asks a moderator" in response.context["form"].errors["price"][0]
    assert live_price(item) == 20


def test_everything_else_an_editor_publishes_alone(editor, item):
    assert editor.post(edit_url(item), item_form(item, title="Better lamp", **PUBLISH)).status_code == 302
    assert ItemPage.objects.get(pk=item.pk).title == "Better lamp"


def test_a_sale_is_a_new_price_too(editor, item):
    response = editor.post(edit_url(item), item_form(item, sale_price="15.00", **PUBLISH))
    assert "price" in response.context["form"].errors


def test_the_draft_goes_to_a_moderator_whose_yes_publishes_it(editor, item):
    response = editor.post(edit_url(item), item_form(item, price="25.00", **{"action-submit": "1"}))
    assert response.status_code == 302
    assert live_price(item) == 20
    client_of("Moderators")
    moderator = get_user_model().objects.get(username="moderators")
    state = ItemPage.objects.get(pk=item.pk).current_workflow_state.current_task_state
    state.approve(user=moderator)
    assert live_price(item) == 25


def test_with_such_a_draft_the_form_does_not_offer_to_publish(editor, item):
    editor.post(edit_url(item), item_form(item, price="25.00"))
    assert b'name="action-publish"' not in editor.get(edit_url(item)).content
    assert b'name="action-publish"' in client_of("Moderators").get(edit_url(item)).content


@pytest.mark.parametrize("address", ["bulk/wagtailcore/page/publish/?id={}", "bulk/products/itempage/publish/?id={}"])
def test_no_bulk_action_is_a_way_around(editor, item, address):
    editor.post(edit_url(item), item_form(item, price="25.00"))
    url = f"/admin/{address.format(item.pk)}&next=/admin/"
    table = editor.get(url)
    editor.post(url, {"seen": table.context.get("seen", "") if table.context else ""})
    assert live_price(item) == 20


def test_the_admin_api_is_no_way_around(editor, item):
    editor.post(edit_url(item), item_form(item, price="25.00"))
    editor.post(f"/admin/api/main/pages/{item.pk}/action/publish/", content_type="application/json")
    assert live_price(item) == 20


def test_unpublishing_first_is_no_way_around(editor, item):
    item.save_revision().publish()
    editor.post(f"/admin/pages/{item.pk}/unpublish/")
    response = editor.post(edit_url(item), item_form(item, price="25.00", **PUBLISH))
    assert "price" in response.context["form"].errors
    assert editor.post(edit_url(item), item_form(item, **PUBLISH)).status_code == 302
    assert ItemPage.objects.get(pk=item.pk).live


def test_the_first_price_is_the_editors_own(editor):
    item = make_item(price="20.00", live=False)
    assert editor.post(edit_url(item), item_form(item, price="25.00", **PUBLISH)).status_code == 302
    assert live_price(item) == 25


def test_moderators_decide_alone(item):
    assert client_of("Moderators").post(edit_url(item), item_form(item, price="25.00", **PUBLISH)).status_code == 302
    assert live_price(item) == 25

"""Nothing an editor does with drafts and versions gives sold units back. One way to publish a test."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Locale

from products import stock
from products.models import ItemPage, Stock
from products.tests.editing import edit_url, item_form
from products.tests.factories import make_category, make_home, make_item
from products.tests.people import client_of

pytestmark = pytest.mark.django_db


def sell(item, quantity: int = 3) -> None:
    stock.hold(item_id=item.pk, quantity=quantity)
    stock.sell(item_id=item.pk, quantity=quantity, order_number="N1")


def counts(item) -> tuple[int, int, int]:
    return Stock.objects.values_list("on_hand", "held", "sold").get(item_id=item.pk)


@pytest.fixture
def editor():
    return client_of("Editors")


@pytest.fixture
def item():
    return make_item("Lamp", on_hand=10)


def test_publishing_a_draft_older_than_the_sale(editor, item):
    editor.post(edit_url(item), item_form(item, title="Better lamp"))
    sell(item)
    editor.post(f"/admin/bulk/wagtailcore/page/publish/?id={item.pk}", {})
    item.refresh_from_db()
    assert item.title == "Better lamp"
    assert counts(item) == (7, 0, 3)


def test_publishing_a_form_opened_before_the_sale(editor, item):
    assert editor.get(edit_url(item)).status_code == 200
    sell(item)
    response = editor.post(edit_url(item), item_form(item, title="Better lamp", **{"action-publish": "1"}))
    assert response.status_code == 302
    item.refresh_from_db()
    assert item.title == "Better lamp"
    assert counts(item) == (7, 0, 3)


def test_going_back_to_an_older_version(editor, item):
    old = item.save_revision()
    editor.post(edit_url(item), item_form(item, title="Better lamp", **{"action-publish": "1"}))
    sell(item)
    assert editor.get(f"/admin/pages/{item.pk}/revisions/{old.pk}/revert/").status_code == 200
    editor.post(edit_url(item), item_form(item, title="Lamp", revision=str(old.pk), **{"action-publish": "1"}))
    item.refresh_from_db()
    assert item.title == "Lamp"
    assert counts(item) == (7, 0, 3)


def test_a_copy_has_no_stock_of_its_own(editor, item):
    sell(item)
    parent = item.get_parent()
    response = editor.post(
        f"/admin/pages/{item.pk}/copy/",
        {"new_title": "Lamp 2", "new_slug": "lamp-2", "new_parent_page": str(parent.pk)},
    )
    assert response.status_code == 302
    copy = ItemPage.objects.get(slug="lamp-2")
    assert not copy.live
    assert not Stock.objects.filter(item=copy).exists()
    assert counts(item) == (7, 0, 3)


def test_publishing_a_schedule_set_before_the_sale(item):
    item.title = "Evening lamp"
    item.go_live_at = timezone.now() + timedelta(hours=1)
    item.save_revision().publish()
    sell(item)
    item.revisions.update(approved_go_live_at=timezone.now() - timedelta(minutes=1))
    revision = item.get_latest_revision()
    revision.content["go_live_at"] = (timezone.now() - timedelta(minutes=1)).isoformat()
    revision.save()
    call_command("publish_scheduled")
    item.refresh_from_db()
    assert item.title == "Evening lamp"
    assert counts(item) == (7, 0, 3)


def test_unpublishing_and_publishing_again(editor, item):
    sell(item)
    assert editor.post(f"/admin/pages/{item.pk}/unpublish/").status_code == 302
    item.refresh_from_db()
    assert not item.live
    assert counts(item) == (7, 0, 3)
    editor.post(edit_url(item), item_form(item, **{"action-publish": "1"}))
    item.refresh_from_db()
    assert item.live
    assert counts(item) == (7, 0, 3)


def test_moving_to_another_category(editor, item):
    sell(item)
    other = make_category("Garden")
    assert editor.post(f"/admin/pages/{item.pk}/move/{other.pk}/confirm/").status_code == 302
    item.refresh_from_db()
    assert item.get_parent().pk == other.pk
    assert counts(item) == (7, 0, 3)


def test_an_alias_and_its_updates(editor, item):
    alias = item.create_alias(parent=make_category("Garden"))
    sell(item)
    editor.post(edit_url(item), item_form(item, title="Better lamp", **{"action-publish": "1"}))
    alias.refresh_from_db()
    assert alias.title == "Better lamp"
    assert not Stock.objects.filter(item=alias).exists()
    assert counts(item) == (7, 0, 3)


def test_a_translation(item):
    sell(item)
    french = Locale.objects.create(language_code="fr")
    make_home().copy_for_translation(french)
    item.get_parent().specific.copy_for_translation(french)
    translation = item.copy_for_translation(french)
    assert not Stock.objects.filter(item=translation).exists()
    translation.save_revision().publish()
    assert counts(item) == (7, 0, 3)


def test_approving_in_a_workflow_after_the_sale(editor, item):
    assert (
        editor.post(edit_url(item), item_form(item, title="Better lamp", **{"action-submit": "1"})).status_code == 302
    )
    sell(item)
    state = item.current_workflow_state
    state.current_task_state.approve(user=get_user_model().objects.get(username="editors"))
    item.refresh_from_db()
    assert item.title == "Better lamp"
    assert counts(item) == (7, 0, 3)

"""A draft may be incomplete; publishing names each missing thing at its field."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.utils import timezone

from products.models import CategoryPage, ItemPage
from products.publishing import problems
from products.tests.editing import edit_url, item_form
from products.tests.factories import make_category, make_home, make_item
from products.tests.people import client_of

pytestmark = pytest.mark.django_db
PUBLISH = {"action-publish": "1"}
KEYS = {"secret_key": "sk_test_1", "publishable_key": "pk_test_1", "webhook_secrets": ["whsec_1"]}


@pytest.fixture
def editor():
    return client_of("Editors")


@pytest.fixture
def _only_usd(settings):
    settings.STRIPE_SANDBOX = False
    settings.STRIPE_ACCOUNTS = {"USD": KEYS}


def add_url() -> str:
    return f"/admin/pages/add/products/itempage/{make_category().pk}/"


def errors(response) -> dict:
    assert response.status_code == 200
    return response.context["form"].errors


def test_a_draft_needs_only_a_title(editor):
    response = editor.post(add_url(), item_form(title="Just an idea", slug="idea", currency=""))
    assert response.status_code == 302
    assert not ItemPage.objects.get(slug="idea").live


def test_publishing_names_everything_that_is_missing(editor):
    response = editor.post(add_url(), item_form(title="Just an idea", slug="idea", **PUBLISH))
    assert set(errors(response)) == {"sku", "price"}
    assert not ItemPage.objects.filter(slug="idea").exists()


@pytest.mark.usefixtures("_only_usd")
def test_a_currency_without_an_account_can_be_drafted(editor):
    response = editor.post(add_url(), item_form(title="A", slug="a", sku="A", price="500", currency="JPY"))
    assert response.status_code == 302
    assert not ItemPage.objects.get(slug="a").live


@pytest.mark.usefixtures("_only_usd")
def test_a_currency_without_an_account_is_not_published(editor):
    response = editor.post(add_url(), item_form(title="A", slug="a", sku="A", price="500", currency="JPY", **PUBLISH))
    (message,) = errors(response)["currency"]
    assert "STRIPE_SECRET_KEY_JPY" in message
    assert "STRIPE_PUBLISHABLE_KEY_JPY" in message
    assert not ItemPage.objects.filter(slug="a").exists()


@pytest.mark.usefixtures("_only_usd")
def test_a_live_item_cannot_be_moved_to_a_currency_without_an_account(editor):
    item = make_item(price="20.00")
    response = editor.post(edit_url(item), item_form(item, price="20", currency="EUR", **PUBLISH))
    assert "STRIPE_SECRET_KEY_EUR" in errors(response)["currency"][0]
    item.refresh_from_db()
    assert item.currency == "USD"
    assert item.live


def test_a_complete_item_is_published(editor):
    response = editor.post(
        add_url(), item_form(title="Lamp", slug="lamp", sku=" L-1 ", price="19.99", currency="usd", **PUBLISH)
    )
    assert response.status_code == 302
    item = ItemPage.objects.get(slug="lamp")
    assert (item.live, item.sku, item.currency, item.unit_amount) == (True, "L-1", "USD", 1999)


@pytest.mark.parametrize(
    ("price", "currency"), [("19.999", "USD"), ("1.5", "JPY"), ("0", "USD"), ("-1", "USD"), ("x", "USD")]
)
def test_a_price_its_currency_does_not_have_is_refused_even_in_a_draft(editor, price, currency):
    response = editor.post(add_url(), item_form(title="A", slug="a", sku="A", price=price, currency=currency))
    assert "price" in errors(response)


def test_an_sku_in_use_is_drafted_but_not_published(editor):
    other = make_item("Lamp", sku="L-1")
    item = make_item("Copy", sku="L-1", live=False)
    assert editor.post(edit_url(item), item_form(item)).status_code == 302
    (message,) = errors(editor.post(edit_url(item), item_form(item, **PUBLISH)))["sku"]
    assert other.title in message
    assert not ItemPage.objects.get(pk=item.pk).live


def test_an_alias_does_not_take_its_items_sku(editor):
    item = make_item(sku="L-1")
    item.create_alias(parent=make_category("Garden"))
    assert problems(item) == {}
    assert editor.post(edit_url(item), item_form(item, **PUBLISH)).status_code == 302


def test_bulk_publishing_refuses_unfinished_items_and_says_why(editor):
    good, bad = make_item("Good", live=False), make_item("Bad", live=False, sku="")
    response = editor.post(f"/admin/bulk/wagtailcore/page/publish/?id={good.pk}&id={bad.pk}&next=/admin/", follow=True)
    text = response.content.decode()
    assert "“Bad” cannot be published" in text
    assert "Nothing was published" in text
    assert not ItemPage.objects.filter(live=True).exists()


def test_bulk_publishing_looks_at_the_draft_not_at_the_live_row(editor):
    item = make_item("Lamp")
    editor.post(edit_url(item), item_form(item, sku=""))
    response = editor.post(f"/admin/bulk/wagtailcore/page/publish/?id={item.pk}&next=/admin/", follow=True)
    assert "cannot be published" in response.content.decode()
    item.refresh_from_db()
    assert item.sku


def test_bulk_publishing_a_category_with_its_drafts_is_checked_too(editor):
    make_item("Bad", live=False, sku="")
    url = f"/admin/bulk/wagtailcore/page/publish/?id={make_category().pk}&next=/admin/"
    assert "“Bad” cannot be published" in editor.post(url, {"include_descendants": "on"}, follow=True).content.decode()
    assert not ItemPage.objects.filter(live=True).exists()


def test_bulk_publishing_finished_items_works(editor):
    item = make_item(live=False)
    editor.post(f"/admin/bulk/wagtailcore/page/publish/?id={item.pk}&next=/admin/")
    assert ItemPage.objects.get(pk=item.pk).live


@pytest.mark.parametrize("whole_category", [False, True])
def test_copies_are_not_published_at_once(editor, whole_category):
    item = make_item(sku="L-1")
    page = make_category() if whole_category else item
    response = editor.post(
        f"/admin/pages/{page.pk}/copy/",
        {
            "new_title": "Copy",
            "new_slug": "copy",
            "new_parent_page": str(page.get_parent().pk),
            "publish_copies": "on",
            "copy_subpages": "on",
        },
        follow=True,
    )
    assert "start as drafts" in response.content.decode()
    assert ItemPage.objects.count() == 1


def test_submitting_for_moderation_asks_for_everything(editor):
    item = make_item(live=False, sku="")
    response = editor.post(edit_url(item), item_form(item, **{"action-submit": "1"}))
    assert "sku" in errors(response)


def test_a_schedule_does_not_publish_what_is_not_ready(editor):
    item = make_item("Lamp", live=False, sku="L-1")
    item.go_live_at = timezone.now() + timedelta(hours=1)
    item.save_revision().publish()
    make_item("Other", sku="L-1")
    past = timezone.now() - timedelta(minutes=1)
    revision = item.get_latest_revision()
    revision.approved_go_live_at = past
    revision.content["go_live_at"] = past.isoformat()
    revision.save()
    call_command("publish_scheduled")
    item.refresh_from_db()
    assert not item.live
    assert not item.revisions.filter(approved_go_live_at__isnull=False).exists()
    history = editor.get(f"/admin/pages/{item.pk}/history/").content.decode()
    assert "Not published: “Other” has this SKU already." in history


def test_an_approval_does_not_publish_what_is_not_ready(editor):
    item = make_item("Lamp", live=False, sku="L-1")
    editor.post(edit_url(item), item_form(item, **{"action-submit": "1"}))
    make_item("Other", sku="L-1")
    item.current_workflow_state.current_task_state.approve(user=get_user_model().objects.get(username="editors"))
    item.refresh_from_db()
    assert not item.live


def test_a_title_published_before_the_form_made_a_slug_gets_one(editor):
    """Wagtail's script needs a moment, and some browsers run none."""
    for _ in range(2):
        response = editor.post(add_url(), item_form(title="Blue Teapot", sku="", price=""))
        assert response.status_code == 302
    assert set(ItemPage.objects.values_list("slug", flat=True)) == {"blue-teapot", "blue-teapot-2"}


def test_a_category_needs_no_slug_either(editor):
    form = {"title": "Teapots", "slug": "", "introduction": "", "image": "", "action-publish": "1"}
    form |= {"seo_title": "", "search_description": "", "go_live_at": "", "expire_at": ""}
    form |= {f"comments-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    response = editor.post(f"/admin/pages/add/products/categorypage/{make_home().pk}/", form)
    assert response.status_code == 302
    assert CategoryPage.objects.get(slug="teapots").live

"""Items that were sold stay: asked one by one, in bulk, or with the category they are in."""

import pytest

from checkout.models import Order
from checkout.tests.factories import make_paid_order
from products.models import ItemPage
from products.tests.factories import make_category, make_item
from products.tests.people import client_of

pytestmark = pytest.mark.django_db


def single(page) -> str:
    return f"/admin/pages/{page.pk}/delete/"


def bulk(page) -> str:
    return f"/admin/bulk/wagtailcore/page/delete/?id={page.pk}&next=/admin/"


@pytest.mark.parametrize("url", [single, bulk])
@pytest.mark.parametrize("whole_category", [False, True])
def test_a_sold_item_is_kept_and_the_message_says_why(url, whole_category):
    item = make_item("Lamp")
    order = make_paid_order(item=item)
    page = make_category() if whole_category else item
    response = client_of("superuser").post(url(page), follow=True)
    assert response.status_code == 200
    text = response.content.decode()
    assert "“Lamp” cannot be deleted" in text
    assert f"/admin/pages/{item.pk}/unpublish/" in text
    assert ItemPage.objects.filter(pk=item.pk).exists()
    assert Order.objects.get(pk=order.pk).lines.count() == 1


@pytest.mark.parametrize("who", ["Editors", "superuser"])
def test_the_question_is_not_even_asked(who):
    item = make_paid_order().lines.get().item
    text = client_of(who).get(single(item), follow=True).content.decode()
    assert "cannot be deleted" in text
    assert "Yes, delete" not in text


def test_one_sold_item_keeps_the_whole_bulk_from_being_deleted():
    sold, other = make_item("Sold"), make_item("Other")
    make_paid_order(item=sold)
    url = f"/admin/bulk/wagtailcore/page/delete/?id={sold.pk}&id={other.pk}&next=/admin/"
    text = client_of("superuser").post(url, follow=True).content.decode()
    assert "“Sold” cannot be deleted" in text
    assert "“Other”" not in text
    assert ItemPage.objects.count() == 2


def test_many_sold_items_are_counted():
    for _ in range(7):
        make_paid_order()
    text = client_of("superuser").post(single(make_category()), follow=True).content.decode()
    assert "2 more items stand in orders" in text


@pytest.mark.parametrize("url", [single, bulk])
def test_an_item_never_ordered_can_be_deleted_with_its_count(url):
    item = make_item(on_hand=4)
    assert client_of("superuser").post(url(item)).status_code == 302
    assert not ItemPage.objects.exists()

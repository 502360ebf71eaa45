"""Whatever changes what a page shows begins a new generation, after the commit; nothing else does."""

import time
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import CollectionViewRestriction, PageViewRestriction, Site

from products import generation, stock
from products.models import CategoryPage, Generation, ItemPage, Stock, Tag
from products.signals import catalogue_changed
from products.tests.factories import make_category, make_home, make_image, make_item, picture_for

pytestmark = pytest.mark.django_db(transaction=True)


def word(row: int = generation.EVERYTHING) -> str:
    found = Generation.objects.filter(pk=row).first()
    return found.word if found else ""


def publish(item: ItemPage) -> None:
    item.title = "Another name"
    item.save_revision().publish()


def new_price(item: ItemPage) -> None:
    item.price = Decimal("1.00")
    item.save()


def site_renamed(item: ItemPage) -> None:
    Site.objects.get(is_default_site=True).save()


def tax_made(item: ItemPage) -> None:
    ItemPage._meta.get_field("tax").related_model.objects.create(name="VAT", percentage=20, inclusive=True)


def image_collection_made_private(item: ItemPage) -> None:
    CollectionViewRestriction.objects.create(collection=make_image().collection, restriction_type="login")


CHANGES = {
    "publish": publish,
    "unpublish": lambda item: item.unpublish(),
    "price": new_price,
    "move": lambda item: item.move(make_home().add_child(instance=CategoryPage(title="Cards")), pos="last-child"),
    "delete": lambda item: item.delete(),
    "picture": picture_for,
    "image": lambda item: make_image(),
    "private": lambda item: PageViewRestriction.objects.create(page=item, restriction_type="login"),
    "private collection": image_collection_made_private,
    "site": site_renamed,
    "redirect": lambda item: Redirect.objects.create(old_path="/old", redirect_page=item),
    "tax": tax_made,
    "tag": lambda item: Tag.objects.create(name="linen"),
    "category": lambda item: make_category("Cards"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_what_pages_show_begins_a_new_generation(change):
    item = make_item(on_hand=10)
    before, seen, assortment = word(), generation.current(), generation.assortment()
    CHANGES[change](ItemPage.objects.get(pk=item.pk))
    assert word() != before
    assert generation.current() != seen
    assert generation.assortment() != assortment


SALES = {
    "sold out": lambda item: stock.hold(item_id=item.pk, quantity=10),
    "three left": lambda item: stock.hold(item_id=item.pk, quantity=7),
    "a delivery counted": lambda item: stock.set_counts([(item.pk, None, 3)], reason="Counted"),
}


@pytest.mark.parametrize("change", SALES)
def test_a_sale_that_pages_show_keeps_what_has_no_counts(change):
    item = make_item(on_hand=10)
    seen, assortment = generation.current(), generation.assortment()
    SALES[change](item)
    assert generation.current() != seen
    assert generation.assortment() == assortment


@pytest.mark.parametrize("senders", [(Stock, ItemPage), (ItemPage, Stock)])
def test_a_commit_with_a_sale_and_another_change_tells_of_both(senders):
    make_item()
    seen, assortment = generation.current(), generation.assortment()
    with transaction.atomic():
        for sender in senders:
            catalogue_changed.send(sender=sender)
    assert generation.current() != seen
    assert generation.assortment() != assortment


def test_lists_show_a_sale_at_once():
    item, other = make_item("Teapot", on_hand=1), make_item("Lamp", on_hand=5)
    shelf = item.get_parent().get_url()
    in_stock = {"stock": "1"}

    def shown(**query: str) -> str:
        return Client().get(shelf, query).content.decode()

    assert "Teapot" in shown(**in_stock)
    assert "Sold out" not in shown()
    stock.hold(item_id=item.pk, quantity=1)
    assert "Sold out" in shown()
    assert "Teapot" not in shown(**in_stock)
    assert other.title in shown(**in_stock)


def draft(item: ItemPage) -> None:
    item.title = "A draft"
    item.save_revision()


SILENT = {
    "draft": draft,
    "one of many sold": lambda item: stock.hold(item_id=item.pk, quantity=1),
    "a look": lambda item: generation.current(),
}


@pytest.mark.parametrize("change", SILENT)
def test_what_no_visitor_sees_keeps_the_generation(change):
    item = make_item(on_hand=10)
    before = word(), word(generation.COUNTS)
    SILENT[change](ItemPage.objects.get(pk=item.pk))
    assert (word(), word(generation.COUNTS)) == before


def test_it_begins_after_the_commit_and_once():
    make_item()
    before = word()
    with transaction.atomic():
        catalogue_changed.send(sender=ItemPage)
        assert word() == before
        catalogue_changed.send(sender=ItemPage)
    after = word()
    assert after != before
    with transaction.atomic():
        catalogue_changed.send(sender=ItemPage)
        transaction.set_rollback(True)
    assert word() == after


def test_many_changes_of_one_commit_are_told_in_one_statement(django_assert_num_queries):
    make_item()
    with django_assert_num_queries(3), transaction.atomic():  # begin, one upsert, commit
        for _ in range(50):
            catalogue_changed.send(sender=ItemPage)


def test_the_database_is_asked_a_few_times_a_second(django_assert_num_queries):
    make_item()
    generation.current()
    with django_assert_num_queries(0):
        for _ in range(100):
            generation.current()


@pytest.mark.parametrize("row", [generation.EVERYTHING, generation.COUNTS])
def test_another_process_is_seen_soon(monkeypatch, row):
    make_item()
    before, assortment = generation.current(), generation.assortment()
    Generation.objects.update_or_create(pk=row, defaults={"word": "of another process"})
    monkeypatch.setattr(generation, "LOOK_EVERY", 0)
    assert generation.current() != before
    assert (generation.assortment() == assortment) == (row == generation.COUNTS)


def test_within_a_transaction_nothing_kept_fits():
    with transaction.atomic():
        assert generation.current() != generation.current()
        assert generation.assortment() != generation.assortment()


def test_the_clock_ends_a_generation():
    item = make_item(expire_at=timezone.now() + timedelta(hours=1))
    first = generation.current()
    item.expire_at = timezone.now() + timedelta(seconds=0.3)
    item.save()
    second = generation.current()
    assert second == generation.current() != first
    time.sleep(0.35)
    assert generation.current() != second


def test_stored_pages_outlive_the_database(monkeypatch):
    make_item()
    before = generation.current()
    monkeypatch.setattr(generation, "LOOK_EVERY", 0)

    def down(*args):
        raise OperationalError("gone")

    with connection.execute_wrapper(down):
        assert generation.current() == before

"""Variants keep their identity through everything an editor does, and stock is counted for each."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from products import catalogue, stock, variants
from products.models import ItemPage, Stock, Variant
from products.tests.editing import edit_url, item_form, variant_row, variant_rows
from products.tests.factories import make_item, make_variants
from products.tests.people import client_of

pytestmark = pytest.mark.django_db
PUBLISH = {"action-publish": "1"}


@pytest.fixture
def editor():
    return client_of("Editors")


@pytest.fixture
def item():
    return make_item("Print", on_hand=0)


@pytest.fixture
def sizes(item):
    return make_variants(item, {"value1": "A3"}, {"value1": "A2", "price": "29.00"})


def counts() -> dict[str, int]:
    return {variant.name: stock.available(variant.item_id, variant.pk) for variant in Variant.objects.all()}


def rows_of(item, *rows: dict) -> dict:
    return item_form(item, choice1="Size", variants=variant_rows(*rows))


NEW = {"id": "", "key": "", "value2": "", "value3": "", "price": "", "sale_price": "", "for_sale": "on"}


def test_an_item_is_published_in_two_sizes_by_those_who_may_set_prices(item):
    moderator = client_of("Moderators")
    rows = [
        NEW | {"value1": "A3", "sku": "P-A3", "opening_stock": "4"},
        NEW | {"value1": "A2", "sku": "P-A2", "price": "29.00", "opening_stock": "2"},
    ]
    data = rows_of(item, *rows) | PUBLISH
    assert moderator.post(edit_url(item), data).status_code == 302
    item.refresh_from_db()
    found = [(choice.name, choice.price.amount, choice.available) for choice in catalogue.choices(item)]
    assert found == [("A3", 1999, 4), ("A2", 2900, 2)]
    assert (item.has_variants, item.prices_differ, item.unit_amount) == (True, True, 1999)
    assert catalogue.units(item) == 6


def test_a_variant_stays_itself_through_drafts_renaming_and_publishing(editor, item, sizes):
    before = {variant.pk: variant.key for variant in sizes}
    first, second = item.variants.all()
    data = rows_of(item, variant_row(second), variant_row(first, value1="DIN A3", sku="NEW-1"))
    editor.post(edit_url(item), data)
    assert counts() == {"A3": 10, "A2": 10}
    editor.post(edit_url(item), data | PUBLISH)
    assert {variant.pk: variant.key for variant in Variant.objects.all()} == before
    assert counts() == {"A2": 10, "DIN A3": 10}


def test_a_row_added_in_a_draft_keeps_its_key_until_it_is_published(editor, item, sizes):
    first, second = item.variants.all()
    new = NEW | {"value1": "A1", "sku": "P-A1", "opening_stock": "1"}
    editor.post(edit_url(item), rows_of(item, variant_row(first), variant_row(second), new))
    draft = ItemPage.objects.get(pk=item.pk).get_latest_revision_as_object()
    key = draft.variants.all()[2].key
    again = [variant_row(row) for row in draft.variants.all()]
    editor.post(edit_url(item), rows_of(item, *again))
    ItemPage.objects.get(pk=item.pk).get_latest_revision().publish()
    assert Variant.objects.get(name="A1").key == key


def test_going_back_to_a_version_without_a_variant_and_forward_again_keeps_its_stock(item, sizes):
    with_both = item.save_revision()
    item.variants = [item.variants.first()]
    alone = item.save_revision()
    alone.publish()
    assert [choice.name for choice in catalogue.choices(ItemPage.objects.get(pk=item.pk))] == ["A3"]
    with_both.publish()
    assert counts() == {"A3": 10, "A2": 10}
    assert Variant.objects.filter(active=True).count() == 2


def test_a_deleted_row_written_again_with_its_number_is_the_same_variant(item, sizes):
    first = item.variants.first()
    item.variants = [type(first)(value1="A3", sku=first.sku)]
    item.save()
    assert Variant.objects.get(name="A3").pk == sizes[0].pk


def test_a_copy_gets_keys_of_its_own_and_keeps_them(editor, item, sizes):
    item.save_revision().publish()
    form = {"new_title": "Copy", "new_slug": "copy", "new_parent_page": str(item.get_parent().pk)}
    assert editor.post(f"/admin/pages/{item.pk}/copy/", form).status_code == 302
    copy = ItemPage.objects.get(slug="copy")
    keys = {variant.key for variant in Variant.objects.filter(item=copy)}
    assert len(keys) == 2
    assert not keys & {variant.key for variant in sizes}
    assert not Stock.objects.filter(item=copy).exists()
    copy.get_latest_revision().as_object().save()  # its versions still hold the old keys
    assert {variant.key for variant in Variant.objects.filter(item=copy)} == keys
    assert [stock.available(item.pk, size.pk) for size in sizes] == [10, 10]


def test_a_variant_that_was_counted_is_not_removed_and_its_row_says_so(editor, item, sizes):
    first, second = item.variants.all()
    data = rows_of(item, variant_row(first, DELETE="1"), variant_row(second)) | PUBLISH
    response = editor.post(edit_url(item), data)
    assert response.status_code == 200
    html = response.content.decode()
    assert "It was sold or counted, so it stays." in html
    assert 'name="variants-0-DELETE" value="1"' not in html
    assert Variant.objects.filter(active=True).count() == 2


def test_a_variant_nobody_needs_is_removed(editor, item):
    make_variants(item, {"value1": "A3"}, {"value1": "A2"}, on_hand=0)
    first, second = item.variants.all()
    data = rows_of(item, variant_row(first, DELETE="1"), variant_row(second)) | PUBLISH
    assert editor.post(edit_url(item), data).status_code == 302
    assert list(Variant.objects.filter(active=True).values_list("name", flat=True)) == ["A2"]


def test_an_old_version_without_a_sold_variant_publishes_by_schedule(item, sizes):
    item.variants = [item.variants.first()]
    item.go_live_at = timezone.now() + timedelta(hours=1)
    item.save_revision().publish()
    stock.hold(item_id=item.pk, variant_id=sizes[1].pk, quantity=1)
    past = timezone.now() - timedelta(minutes=1)
    item.revisions.update(approved_go_live_at=past)
    revision = item.get_latest_revision()
    revision.content["go_live_at"] = past.isoformat()
    revision.save()
    call_command("publish_scheduled")
    sizes[1].refresh_from_db()
    assert not sizes[1].active
    assert stock.available(item.pk, sizes[1].pk) == 9


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sku": ""}, "This field is required."),
        ({"value1": ""}, "This field is required."),
        ({"value1": "A2"}, "Another row has the same choices."),
        ({"sku": "SAME"}, "stands here twice"),
        ({"sku": "TAKEN"}, "“Other” has the SKU TAKEN already."),
        ({"price": "19.999"}, "USD amounts have at most 2 decimals"),
        ({"price": "-1"}, "A price is more than zero."),
        ({"sale_price": "99"}, "A sale price is less than the price"),
        ({"value2": "black"}, "more values than the item has choices"),
    ],
)
def test_publishing_names_what_is_wrong_with_a_row(editor, item, sizes, changes, message):
    make_item("Other", sku="TAKEN")
    first, second = item.variants.all()
    data = rows_of(item, variant_row(first, **changes), variant_row(second, sku="SAME")) | PUBLISH
    response = editor.post(edit_url(item), data)
    assert response.status_code == 200
    assert message in response.content.decode()
    assert {variant.sku for variant in Variant.objects.all()} == {sizes[0].sku, sizes[1].sku}


def test_a_draft_may_be_incomplete(editor, item):
    response = editor.post(edit_url(item), rows_of(item, NEW | {"value1": "A3", "sku": ""}))
    assert response.status_code == 302


def test_a_variants_number_is_taken_for_other_items_too(editor, item, sizes):
    other = make_item("Other")
    response = editor.post(edit_url(other), item_form(other, sku=sizes[0].sku, **PUBLISH))
    assert "“Print” has this SKU already" in response.content.decode()


def test_a_variant_is_named_by_its_name_or_its_number(item, sizes):
    assert variants.chosen(item, "A2") == sizes[1]
    assert variants.chosen(item, f" {sizes[0].sku} ") == sizes[0]
    with pytest.raises(variants.UnknownVariant):
        variants.chosen(item, "A9")
    with pytest.raises(variants.VariantNeeded) as caught:
        variants.chosen(item, "")
    assert caught.value.names == ["A3", "A2"]


def test_the_database_keeps_one_count_of_a_thing(item, sizes):
    Stock.objects.create(item=make_item(on_hand=0))
    for twice in ({"item": item}, {"item": item, "variant": sizes[0]}):
        Stock.objects.get_or_create(**{"variant": None, **twice})
        with pytest.raises(IntegrityError), transaction.atomic():
            Stock.objects.create(**twice)


def test_stock_counted_before_there_were_variants_is_not_sold_with_them(item):
    stock.adjust(item_id=item.pk, quantity=5, reason="First count")
    make_variants(item, {"value1": "A3"}, on_hand=2)
    assert catalogue.units(item) == 2
    item.variants = []
    item.save()
    assert catalogue.units(item) == 5


def test_managers_count_each_variant(item, sizes):
    manager = client_of("Shop managers")
    url = f"/admin/stock/{item.pk}/?variant={sizes[1].pk}"
    assert "Print, A2" in manager.get("/admin/stock/").content.decode()
    assert manager.post(url, {"quantity": "3", "reason": "Delivery"}).status_code == 302
    assert counts() == {"A3": 10, "A2": 13}
    html = manager.get(url).content.decode()
    assert "Delivery" in html
    assert f"?variant={sizes[0].pk}" in html
    for wrong in ("x", "-1", "9" * 30, str(sizes[1].pk + 100)):
        assert manager.get(f"/admin/stock/{item.pk}/?variant={wrong}").status_code == 404


def test_a_page_offers_the_variants_and_marks_what_is_gone(client, item, sizes):
    stock.adjust(item_id=item.pk, variant_id=sizes[0].pk, quantity=-10, reason="Lost")
    html = client.get(f"/item/{item.pk}").content.decode()
    assert 'value="A3" required disabled' in html
    assert 'value="A2" required>' in html
    assert "from $19.99" in html
    assert '"price":"29.00"' in html


def test_search_finds_an_item_by_a_variants_number(client, item, sizes):
    make_variants(item, {"value1": "A3", "sku": "ZEBRA-77"})
    item.save()
    assert f'href="{item.url}"' in client.get("/search/?q=zebra-77").content.decode()


def test_a_forged_key_does_not_take_over_another_items_variant(editor, item, sizes):
    other = make_item("Other", on_hand=0)
    row = NEW | {"value1": "A3", "sku": "O-1", "key": str(sizes[0].key)}
    assert editor.post(edit_url(other), rows_of(other, row) | PUBLISH).status_code == 302
    sizes[0].refresh_from_db()
    assert sizes[0].item_id == item.pk
    assert Variant.objects.get(item=other).key != sizes[0].key
    third = make_item("Third", on_hand=0)
    row |= {"sku": "T-1", "key": "not a key"}
    assert editor.post(edit_url(third), rows_of(third, row) | PUBLISH).status_code == 302
    assert Variant.objects.filter(item=third).count() == 1

"""Words on items: shown, narrowed down by, in tables and in the API."""

import re

import pytest

from products import exporting, generation, shelving, tags
from products.filtering import Filters
from products.importing import import_file
from products.models import ItemPage, ItemTag, Tag
from products.search import search
from products.tests.editing import edit_url, item_form
from products.tests.factories import make_category, make_item, make_variants, translate
from products.tests.people import client_of

pytestmark = pytest.mark.django_db


def tagged(title: str, *words: str, **fields) -> ItemPage:
    item = make_item(title, **fields)
    item.tags.set(words)
    item.save_revision().publish()
    return ItemPage.objects.get(pk=item.pk)


def names(client, address: str) -> list[str]:
    response = client.get(address)
    assert response.status_code == 200
    titles = re.findall(r'class="card-title"><a [^>]*>(.*?)</a>', response.content.decode())
    return [re.sub("<[^>]*>", "", title) for title in titles]


@pytest.fixture
def shop():
    tagged("Blue linen towel", "linen", "For children", sku="T-1")
    tagged("Red linen towel", "linen", sku="T-2", on_hand=0)
    tagged("Wool towel", "wool", sku="T-3")
    tagged("Plain towel", sku="T-4")


def test_an_item_shows_its_tags_as_links(shop, client):
    item = ItemPage.objects.get(sku="T-1")
    page = client.get(f"/item/{item.pk}").content.decode()
    assert re.findall(r'<a href="([^"]*)">([^<]*)</a>', page[page.index('aria-label="Tags"') :])[:2] == [
        ("/search?tag=for-children", "For children"),
        ("/search?tag=linen", "linen"),
    ]
    assert 'aria-label="Tags"' not in client.get(f"/item/{ItemPage.objects.get(sku='T-4').pk}").content.decode()


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/prints/?tag=linen", ["Blue linen towel", "Red linen towel"]),
        ("/prints/?tag=linen&stock=1", ["Blue linen towel"]),
        ("/prints/?tag=linen&sort=-price&min=5", ["Blue linen towel", "Red linen towel"]),
        ("/prints/?tag=nothing", []),
        ("/prints/?tag=a%00b", ["Blue linen towel", "Red linen towel", "Wool towel", "Plain towel"]),
        ("/prints/?tag=" + "x" * 101, ["Blue linen towel", "Red linen towel", "Wool towel", "Plain towel"]),
        ("/search/?tag=linen", ["Blue linen towel", "Red linen towel"]),
        ("/search/?q=towel&tag=wool", ["Wool towel"]),
        ("/search/?q=towl&tag=wool", []),
        ("/search/?tag=nothing", []),
        ("/search/?tag='%22%3E%00", []),
    ],
)
def test_a_tag_in_the_address_narrows_down(shop, client, address, expected):
    assert sorted(names(client, address)) == sorted(expected)


def test_a_shelf_offers_its_tags_and_takes_the_chosen_one_off(shop, client):
    page = client.get("/prints/?tag=linen&sort=name").content.decode()
    assert re.findall(r'<option value="([\w-]+)"( selected)?>', page) == [
        ("for-children", ""),
        ("linen", " selected"),
        ("wool", ""),
    ]
    assert '<a href="/prints/?sort=name"><span class="visually-hidden">Remove: </span>linen' in page
    make_category("Empty")
    assert "filter-tag" not in client.get("/empty/").content.decode()


def test_a_search_offers_the_tags_of_what_it_found_with_their_numbers(shop, client):
    page = client.get("/search/?q=towel").content.decode()
    found = re.findall(r'<a href="\?([^"]*)">([^<]*) <span class="quiet">(\d+)<', page)
    assert found == [
        ("q=towel&amp;tag=linen", "linen", "2"),
        ("q=towel&amp;tag=for-children", "For children", "1"),
        ("q=towel&amp;tag=wool", "wool", "1"),
    ]
    page = client.get("/search/?q=towel&tag=linen").content.decode()
    assert '<a href="?q=towel"><span class="visually-hidden">Remove: </span>linen' in page
    assert search("towel", tag="linen").count == 2


def test_only_what_is_live_offers_its_tags(shop):
    ItemPage.objects.get(sku="T-3").unpublish()
    generation.forget()
    path = make_category().path
    assert [word.name for word in tags.on_shelf(path, lambda: shelving.sample(path))] == ["For children", "linen"]


def test_a_long_shelf_is_narrowed_down_too(shop, monkeypatch):
    monkeypatch.setattr(shelving, "SHORT_SHELF", 1)
    assert shelving.shelved(make_category(), filters=Filters(tag="linen")).count == 2
    assert shelving.shelved(make_category(), filters=Filters(tag="wool")).count == 1
    path = make_category().path
    assert [len(shelving.sample(path, most)) for most in (1, 2, 3, 4, 5)] == [1, 2, 2, 4, 4]


def test_an_editor_tags_in_the_form_and_finds_the_words_there_are(shop):
    client, item = client_of("Editors"), ItemPage.objects.get(sku="T-4")
    assert "/admin/tag-autocomplete/products/tag/" in client.get(edit_url(item)).content.decode()
    assert client.get("/admin/tag-autocomplete/products/tag/?term=lin").json() == ["linen"]
    response = client.post(edit_url(item), item_form(item, tags='Linen, "New one"') | {"action-publish": "1"})
    assert response.status_code == 302, response.context["form"].errors
    assert [word.name for word in tags.of(ItemPage.objects.get(pk=item.pk))] == ["linen", "New one"]
    response = client.post(edit_url(item), item_form(item, tags="x" * 101) | {"action-publish": "1"})
    assert "over 100 characters" in response.content.decode()


def test_a_translation_begins_with_its_originals_tags_and_has_its_own(shop, client):
    item = ItemPage.objects.get(sku="T-1")
    german = translate(item, "de", title="Handtuch")
    assert [word.name for word in tags.of(german)] == ["For children", "linen"]
    german.tags.set(["Leinen"])
    german.save_revision().publish()
    assert [word.name for word in tags.of(ItemPage.objects.get(pk=item.pk))] == ["For children", "linen"]
    assert "?tag=leinen" in client.get(f"/item/{german.pk}").content.decode()
    assert names(client, f"{german.get_parent().get_url()}?tag=leinen") == ["Handtuch"]


def test_the_api_tells_the_tags_and_filters_by_them(shop, client, django_assert_max_num_queries):
    found = client.get("/api/v2/items/?tags=linen&fields=tags").json()
    assert [one["tags"] for one in found["items"]] == [["For children", "linen"], ["linen"]]
    client.get("/api/v2/items/?fields=tags")
    with django_assert_max_num_queries(4):
        client.get("/api/v2/items/?fields=tags")


def rows(text: str) -> bytes:
    return ("sku,name,price,currency,category,variant,tags\n" + text).encode()


def of(sku: str) -> list[str]:
    return [word.name for word in tags.of(ItemPage.objects.get(sku=sku))]


def test_tags_are_imported_into_new_and_known_items(shop):
    new = 'N-1,Scarf,9,USD,Prints,,"LINEN, warm , Warm"\nT-1,,,,,,"wool, cosy"\nT-3,,,,,,wool\nT-4,,,,,,\n'
    report = import_file(rows(new), publish=True)
    assert (report.problems, report.created, report.updated, report.unchanged) == ([], 1, 1, 2)
    assert (of("N-1"), of("T-1"), of("T-3"), of("T-4")) == (["linen", "warm"], ["cosy", "wool"], ["wool"], [])
    assert Tag.objects.count() == 5
    draft = import_file(rows("T-1,,,,,,red\n"))
    assert draft.updated == 1
    assert of("T-1") == ["cosy", "wool"]
    item = ItemPage.objects.get(sku="T-1").get_latest_revision_as_object()
    assert [tag.name for tag in item.tags.all()] == ["red"]


def test_tags_of_variants_are_the_items(shop):
    make_variants(tagged("Print", "paper", sku="P", on_hand=0), {"value1": "A3"}, {"value1": "A2"})
    found = [row for row in exporting.rows(exporting.everything()) if row["name"] == "Print"]
    assert [row["tags"] for row in found] == ["paper", "paper"]
    report = import_file(rows('P-0,Print,,,,A3,"paper, large"\n'), publish=True)
    assert (report.problems, report.updated) == ([], 1)
    assert [word.name for word in tags.of(ItemPage.objects.get(title="Print"))] == ["large", "paper"]


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        (",", "with commas between them"),
        ("x" * 101, "A tag has at most 100"),
        ("!!!", "letter or digit"),
        ("a,b", "At most 20"),
    ],
)
def test_tags_that_are_none_are_told(shop, cell, message):
    cell = cell if "," not in cell[1:] else ",".join(f"word {number}" for number in range(21))
    (problem,) = import_file(rows(f'T-1,,,,,,"{cell}"\n')).problems
    assert problem.column == "tags"
    assert message in problem.message


def test_items_with_tags_can_be_copied_and_deleted(shop):
    item = ItemPage.objects.get(sku="T-1")
    copy = item.copy(update_attrs={"slug": "other", "title": "Other"}, keep_live=False)
    assert [word.name for word in tags.of(copy)] == ["For children", "linen"]
    item.delete()
    assert ItemTag.objects.filter(tag__slug="for-children").count() == 1

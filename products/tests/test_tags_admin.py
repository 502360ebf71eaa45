"""The list of the words on items: counted, renamed, deleted by editors."""

import re

import pytest

from products import generation, tags
from products.models import ItemPage, ItemTag, Tag
from products.tests.editing import edit_url
from products.tests.factories import make_category, make_item
from products.tests.people import client_of

pytestmark = pytest.mark.django_db
LIST = "/admin/snippets/products/tag/"


@pytest.fixture
def editor():
    return client_of("Editors")


@pytest.fixture
def linen() -> Tag:
    for sku in ("T-1", "T-2"):
        item = make_item(f"Towel {sku}", sku=sku)
        item.tags.set(["linen"])
        item.save_revision().publish()
    Tag.objects.create(name="unused")
    return Tag.objects.get(name="linen")


def test_the_list_says_on_how_many_items_each_is_and_sorts_by_it(linen, editor):
    def listed(address: str) -> list[tuple[str, str]]:
        page = editor.get(address).content.decode()
        rows = page[page.index("<tbody>") :].split("<tr")[1:]
        return [
            (re.search(r"_title\">(\w+)<", row)[1], re.findall(r"<td[^>]*>\s*(\d+)\s*</td>", row)[0]) for row in rows
        ]

    assert listed(LIST) == [("linen", "2"), ("unused", "0")]
    assert listed(f"{LIST}?ordering=items") == [("unused", "0"), ("linen", "2")]
    assert listed(f"{LIST}?q=unus") == [("unused", "0")]


def test_renaming_shows_everywhere_and_keeps_the_address(linen, editor, client):
    item = ItemPage.objects.get(sku="T-1")
    assert ">linen<" in client.get(f"/item/{item.pk}").content.decode()
    assert editor.post(f"{LIST}edit/{linen.pk}/", {"name": "  Washed   linen "}).status_code == 302
    assert '<a href="/search?tag=linen">Washed linen</a>' in client.get(f"/item/{item.pk}").content.decode()
    generation.forget()
    path = make_category().path
    assert [tuple(word) for word in tags.on_shelf(path, lambda: [item.pk])] == [("linen", "Washed linen", 0)]
    draft = item.get_latest_revision_as_object()
    assert [tag.name for tag in draft.tags.all()] == ["Washed linen"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("UNUSED", "There is already a tag “unused”."),
        ("МОРЕ", "There is already a tag “море”."),
        ("!?", "A tag needs at least one letter or digit."),
        ("  ", "This field is required."),
        ("x" * 101, "at most 100 characters"),
    ],
)
def test_a_name_that_will_not_do_is_told_and_changes_nothing(linen, editor, name, message):
    Tag.objects.create(name="море")
    response = editor.post(f"{LIST}edit/{linen.pk}/", {"name": name})
    assert message in response.content.decode()
    linen.refresh_from_db()
    assert linen.name == "linen"


def test_its_own_name_may_be_written_otherwise(linen, editor):
    assert editor.post(f"{LIST}edit/{linen.pk}/", {"name": "Linen"}).status_code == 302
    assert Tag.objects.get(pk=linen.pk).slug == "linen"


def test_deleting_takes_the_word_off_pages_and_drafts_that_still_open_and_publish(linen, editor, client):
    item = ItemPage.objects.get(sku="T-1")
    item.save_revision()
    page = editor.get(f"{LIST}delete/{linen.pk}/").content.decode()
    assert "Delete “linen”? It is taken off 2 items." in page
    assert "referenced" not in page  # Wagtail's own count, which is 0 of any
    assert editor.post(f"{LIST}delete/{linen.pk}/").status_code == 302
    assert not ItemTag.objects.exists()
    generation.forget()
    assert "linen" not in client.get(f"/item/{item.pk}").content.decode()
    assert editor.get(edit_url(item)).status_code == 200
    draft = ItemPage.objects.get(pk=item.pk).get_latest_revision_as_object()
    assert list(draft.tags.all()) == []
    draft.save_revision().publish()


def test_several_are_deleted_by_those_alone_who_may_delete_one(linen, editor):
    address = f"/admin/bulk/products/tag/delete/?id={linen.pk}"
    stranger = client_of("Shop managers")
    assert "linen" not in stranger.get(address, follow=True).content.decode()
    assert stranger.post(address).status_code in (302, 403)
    assert Tag.objects.filter(pk=linen.pk).exists()
    assert editor.post(address).status_code == 302
    assert not Tag.objects.filter(pk=linen.pk).exists()

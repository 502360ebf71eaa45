"""What stands below an item: the editor's choice first, in the page's language, as far as it is for sale."""

import pytest
from wagtail.test.utils.form_data import inline_formset

from products import catalogue, generation
from products.models import ItemPage, RelatedItem
from products.related import MOST, related
from products.tests.editing import item_form
from products.tests.factories import make_category, make_item, translate
from products.tests.people import client_of

pytestmark = pytest.mark.django_db
PUBLISH = {"action-publish": "1"}


def choose(item: ItemPage, *others: ItemPage) -> None:
    item.related_items = [RelatedItem(item=other, sort_order=place) for place, other in enumerate(others)]
    item.save_revision().publish()


def titles(item: ItemPage) -> list[str]:
    return [row.title for row in catalogue.rows(related(item)[0])]


@pytest.fixture
def items() -> list[ItemPage]:
    return [make_item(f"No. {number}") for number in range(6)]


def elsewhere(title: str, **fields) -> ItemPage:
    item = make_item(title, **fields)
    item.move(make_category("Garden"), pos="last-child")
    return ItemPage.objects.get(pk=item.pk)


def test_the_choice_comes_first_in_its_order_and_neighbours_fill_up(items, client):
    rose, spade = elsewhere("Rose"), elsewhere("Spade")
    choose(items[4], spade, items[5], rose)
    assert titles(items[4]) == ["Spade", "No. 5", "Rose", "No. 0"]
    assert related(items[4])[1] == 3
    page = client.get(f"/item/{items[4].pk}").content.decode()
    assert page.index("Spade") < page.index("No. 5") < page.index("Rose")
    assert "You may also like" in page
    assert "From the same shelf" in client.get(f"/item/{items[0].pk}").content.decode()


def test_more_than_four_are_shown_if_more_were_chosen(items):
    others = [elsewhere(f"Rose {number}") for number in range(6)]
    choose(items[0], *others)
    assert titles(items[0]) == [f"Rose {number}" for number in range(6)]


def test_what_is_not_for_sale_is_left_out_and_sold_out_is_shown(items):
    draft, gone, empty = elsewhere("Draft", live=False), elsewhere("Gone"), elsewhere("Empty", on_hand=0)
    choose(items[0], draft, gone, empty, items[0])
    gone.unpublish()
    assert titles(items[0]) == ["Empty", "No. 1", "No. 2", "No. 3"]
    gone.delete()
    assert titles(items[0]) == ["Empty", "No. 1", "No. 2", "No. 3"]


def test_translations_show_their_originals_choice_in_their_own_language(items):
    rose, spade = elsewhere("Rose"), elsewhere("Spade")
    choose(items[0], rose, spade)
    lamp = ItemPage.objects.get(pk=translate(items[0], "de", title="Lampe").pk)
    translate(spade, "de", title="Spaten")
    assert titles(lamp) == ["Spaten"]
    choose(ItemPage.objects.get(pk=items[0].pk), rose)
    assert titles(lamp) == []
    german = ItemPage.objects.get(translation_key=spade.translation_key, locale=lamp.locale)
    choose(ItemPage.objects.get(pk=items[0].pk), german)
    assert titles(lamp) == ["Spaten"]
    assert titles(items[0])[0] == "Spade"


def test_a_changed_choice_is_seen_at_once(items, client):
    rose = elsewhere("Rose")
    assert "Rose" not in client.get(f"/item/{items[0].pk}").content.decode()
    word = generation.current()
    choose(items[0], rose)
    generation.forget()
    assert generation.current() != word
    assert "Rose" in client.get(f"/item/{items[0].pk}").content.decode()


def test_an_editor_chooses_in_the_form(items):
    client = client_of("Editors")
    address = f"/admin/pages/{items[0].pk}/edit/"
    assert "Related items" in client.get(address).content.decode()
    rows = [{"item": items[3].pk}, {"item": items[2].pk}]
    response = client.post(address, item_form(items[0], related_items=inline_formset(rows)) | PUBLISH)
    assert response.status_code == 302, response.context["form"].errors
    assert titles(items[0])[:2] == ["No. 3", "No. 2"]
    rows = inline_formset([{"item": items[1].pk}] * (MOST + 1))
    response = client.post(address, item_form(items[0], related_items=rows) | PUBLISH)
    assert response.status_code == 200
    assert titles(items[0])[:2] == ["No. 3", "No. 2"]


def test_the_form_of_a_translation_does_not_ask_and_keeps_nothing(items):
    choose(items[0], items[3])
    lamp = translate(items[0], "de", title="Lampe")
    client = client_of("superuser")
    address = f"/admin/pages/{lamp.pk}/edit/"
    page = client.get(address)
    assert page.status_code == 200
    assert "id_related_items" not in page.content.decode()
    data = {name: value for name, value in item_form(lamp).items() if not name.startswith("related_items")}
    response = client.post(address, data | PUBLISH | {"title": "Leuchte"})
    assert response.status_code == 302, response.context["form"].errors
    assert ItemPage.objects.get(pk=lamp.pk).title == "Leuchte"


def test_a_preview_shows_the_draft_s_choice(items, rf):
    rose = elsewhere("Rose")
    draft = ItemPage.objects.get(pk=items[0].pk)
    draft.related_items = [RelatedItem(item=rose, sort_order=0)]
    response = draft.make_preview_request(rf.get("/"), "")
    assert "Rose" in response.render().content.decode()

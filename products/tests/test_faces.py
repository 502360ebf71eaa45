"""Cards are read once for the whole shop, and anew when anything has changed."""

import pytest

from products import cards, faces
from products.tests.factories import make_item
from products.tree import tree

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_is_kept_needs_no_query_and_follows_a_change(django_assert_num_queries) -> None:
    first, second = make_item("One", price="5.00"), make_item("Two")
    shelves, ids = tree(), [first.pk, second.pk]
    cards.item_cards(shelves, ids[:1])
    with django_assert_num_queries(2):  # the other's row and its gallery; it has no picture
        assert [card.title for card in cards.item_cards(shelves, ids[::-1])] == ["Two", "One"]
    with django_assert_num_queries(0):
        assert [card.price for card in cards.item_cards(shelves, ids[:1])] == ["$5.00"]
    first.price = "6.00"
    first.save_revision().publish()
    assert [card.price for card in cards.item_cards(shelves, ids[:1])] == ["$6.00"]
    second.unpublish()
    assert [card.title for card in cards.item_cards(shelves, ids)] == ["One"]


def test_what_is_kept_is_bounded(monkeypatch) -> None:
    monkeypatch.setattr(faces._kept, "_limit", 2)
    ids = [make_item().pk for _ in range(4)]
    for pk in ids:
        assert [face.row.id for face in faces.faces([pk])] == [pk]
    assert len(faces._kept._found) <= 2

"""What runs out is a thing on a shelf, in however many languages its page stands."""

import pytest

from products import low_stock
from products.tests.factories import make_item, translate

pytestmark = pytest.mark.django_db


def test_a_translation_is_not_a_thing_of_its_own():
    translate(make_item("Blue Heron", on_hand=50), "de", title="Graureiher")
    assert low_stock.running_out(5) == ([], 0)


def test_what_was_never_counted_comes_first():
    make_item("White Crane", on_hand=1)
    make_item("Grey Goose", on_hand=0)
    found, count = low_stock.running_out(5)
    assert [(low.item.title, low.left, low.counted) for low in found] == [
        ("Grey Goose", 0, False),
        ("White Crane", 1, True),
    ]
    assert count == 2

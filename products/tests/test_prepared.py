"""Statements written once: no condition is lost on the way, and no argument is taken for another."""

import pytest

from products.models import Stock
from products.prepared import Prepared
from products.tests.factories import make_item

pytestmark = pytest.mark.django_db


def test_a_count_that_cannot_be_negative_is_still_compared():
    make_item(on_hand=3)
    enough = Prepared(lambda units: Stock.objects.filter(on_hand__gte=units).values_list("on_hand"), units=int)
    assert [len(enough.rows(units=units)) for units in (3, 4)] == [1, 0]


def test_an_argument_that_the_statement_lost_is_an_error():
    forgetful = Prepared(lambda units: Stock.objects.values_list("pk"), units=int)
    with pytest.raises(ValueError, match="'units' is not among the parameters"):
        forgetful.rows(units=3)


def test_lists_of_any_length_and_two_of_them():
    items = [make_item() for _ in range(5)]
    both = Prepared(
        lambda ids, others: Stock.objects.filter(item_id__in=ids).exclude(item_id__in=others).values_list("item_id"),
        ids=list,
        others=list,
    )
    ids = [item.pk for item in items]
    assert sorted(both.rows(ids=ids, others=ids[1:2])) == [(pk,) for pk in (ids[0], *ids[2:])]
    assert both.rows(ids=ids[:1], others=ids) == []

"""Wagtail's own search as the shop has it: the same hits in a sensible order, and an index written for what changed."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from modelsearch.backends import get_search_backend
from modelsearch.backends.database import SearchBackend as Stock
from modelsearch.conf import get_app_config
from modelsearch.query import Not, PlainText
from wagtail.models import Page

from products.models import ItemPage
from products.tests.factories import make_item

pytestmark = pytest.mark.django_db


@pytest.fixture
def goods():
    return [make_item(title=title) for title in ("Linen", "A very long name about linen", "Linen scarf", "Oak bowl")]


def test_the_hits_are_those_of_the_stock_backend_in_its_order(goods):
    ours, stock = get_search_backend(), Stock({})
    for find in ("search", "autocomplete"):
        for text in ("linen", "linen scarf", "nothing", ""):
            mine = getattr(ours, find)(text, Page.objects.all())
            theirs = getattr(stock, find)(text, Page.objects.all())
            assert [page.pk for page in mine] == [page.pk for page in theirs], (find, text)
            assert mine.count() == theirs.count()
            assert [page.pk for page in mine[1:3]] == [page.pk for page in theirs[1:3]]
            assert mine[1:3].count() == theirs[1:3].count()


def test_other_orders_and_what_is_not_wanted(goods):
    backend = get_search_backend()
    by_title = backend.search("linen", ItemPage.objects.order_by("title"), order_by_relevance=False)
    assert [page.title for page in by_title] == ["A very long name about linen", "Linen", "Linen scarf"]
    others = backend.search(Not(PlainText("linen")), ItemPage.objects.all())
    assert [page.title for page in others] == ["Oak bowl"]
    assert all(hit.score is not None for hit in backend.search("linen", ItemPage.objects.all()).annotate_score("score"))


def test_saving_a_page_leaves_the_rest_of_the_index_alone(goods):
    of_items = ContentType.objects.get_for_model(ItemPage)
    entries = get_app_config().get_model("IndexEntry").objects.filter(content_type=of_items)
    norms = dict(entries.values_list("object_id", "title_norm"))
    long, short = norms[str(goods[1].pk)], norms[str(goods[3].pk)]  # counted in letters or, on PostgreSQL, in words
    assert long < min(short, 1)
    entries.filter(object_id=str(goods[2].pk)).update(title_norm=1.0)
    backend = get_search_backend()
    with CaptureQueriesContext(connection) as queries:
        backend.add(goods[3])
    assert entries.get(object_id=str(goods[2].pk)).title_norm == 1.0
    whole = [query["sql"] for query in queries if "AVG" in query["sql"] and "LIMIT" not in query["sql"]]
    assert whole == []

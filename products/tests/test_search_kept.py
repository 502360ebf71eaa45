"""What a search found is kept as the order of a shelf is: until something changes it, and no longer."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from modelsearch.conf import get_app_config

from products import stock
from products.models import ArticlePage, ItemPage
from products.search import search, stories
from products.tests.factories import make_home, make_item

pytestmark = pytest.mark.django_db(transaction=True)
INDEX = get_app_config().get_model("IndexEntry")


def looks(text: str) -> int:
    """How often a search asks the index."""
    with CaptureQueriesContext(connection) as queries:
        search(text)
    return sum(INDEX._meta.db_table in query["sql"] for query in queries)


def test_the_index_is_asked_once_for_the_same_words():
    ids = {make_item(f"Harbour lamp {number}").pk for number in range(5)}
    assert looks("harbour lamp") == 1
    assert looks("Lamp harbour") == 0
    assert {pk for offset in (0, 2, 4) for pk in search("lamp harbour", limit=2, offset=offset).ids} == ids
    assert looks("harbour") == 1


def test_a_change_is_found_at_once():
    item = make_item("Harbour")
    assert search("harbour").ids == [item.pk]
    assert search("lamp").ids == []
    item = ItemPage.objects.get(pk=item.pk)
    item.title = "Lamp"
    item.save_revision().publish()
    assert search("lamp").ids == [item.pk]
    item.unpublish()
    assert search("lamp").ids == []


def test_a_new_story_is_found_at_once():
    home = make_home()
    make_item("Lamp")
    assert stories("harbour") == []
    home.add_child(instance=ArticlePage(title="A walk along the harbour"))
    assert [page.title for page in stories("harbour")] == ["A walk along the harbour"]


def test_a_sale_changes_nothing_that_is_kept():
    item = make_item("Harbour", on_hand=1)
    search("harbour")
    stock.hold(item_id=item.pk, quantity=1)
    assert looks("harbour") == 0
    assert search("harbour").ids == [item.pk]


def test_nobody_changes_what_is_kept_for_others():
    ids = [make_item(f"Harbour {number}").pk for number in range(3)]
    search("harbour").ids.clear()
    assert sorted(search("harbour").ids) == ids


def test_an_index_made_anew_is_asked_again():
    item = make_item("Harbour")
    INDEX.objects.all().delete()
    if connection.vendor == "sqlite":  # the words stand in a table of their own there
        get_app_config().get_model("SQLiteFTSIndexEntry").objects.all().delete()
    assert search("harbour").ids == []
    call_command("update_index", verbosity=0)
    assert search("harbour").ids == [item.pk]

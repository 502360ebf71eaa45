"""Search finds by name, number, description and beginnings of words, and survives whatever is typed."""

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import PageViewRestriction

from products import search as search_module
from products.models import ArticlePage
from products.search import search, stories, suggest
from products.tests.factories import make_home, make_item

pytestmark = pytest.mark.django_db


def found(text: str) -> list[int]:
    return search(text).ids


def test_an_item_is_found_by_name_number_and_description():
    item = make_item("Tidal study", sku="TS-4711", description=[("text", "<p>Hahnemuehle cotton</p>")])
    make_item("Something else")
    for text in ("tidal", "TIDAL study", "tid", "4711", "ts-4711", "hahnem", "cotton tidal"):
        assert found(text) == [item.pk], text
    assert found("tidal else") == []


def test_a_word_in_the_name_counts_more_than_one_in_the_description():
    mentioned = make_item("Frame", description=[("text", "<p>Goes with a harbour.</p>")])
    named = make_item("Harbour")
    assert found("harbour") == [named.pk, mentioned.pk]


def test_only_what_is_for_sale_is_found():
    make_item("Harbour draft", live=False)
    private = make_item("Harbour private")
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    assert search("harbour")[:2] == ([], 0)


def test_results_come_in_pages_with_the_whole_count():
    ids = {make_item(f"Harbour {number}").pk for number in range(5)}
    pages = [search("harbour", limit=2, offset=offset) for offset in (0, 2, 4, 6)]
    assert {page.count for page in pages} == {5}
    assert {pk for page in pages for pk in page.ids} == ids


def test_one_query_is_enough(django_assert_num_queries):
    make_item("Harbour")
    search("harbour")
    with django_assert_num_queries(1):
        search("harbour")


@pytest.mark.parametrize(
    "text",
    ["", " ", '"', "'", "*", '"*', "a" * 10_000, "\x00", "har\x00bour", "<script>", "NEAR(", "a AND OR", "title:x"]
    + ["-x", "^x", "(", "%", "_", "\\", "é̂", "\ud800", "🎁", "a:*&!|", "'; DROP TABLE x; --"],
)
def test_hostile_text_never_fails(text):
    make_item("Harbour")
    assert search(text).count in (0, 1)


@given(st.text())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_can_be_searched(text):
    assert search(text).count >= 0


def test_a_misspelt_word_is_put_right():
    make_item("Harbour lamp")
    assert suggest("harbuor") == "harbour"
    assert suggest("lamp harbuor") == "lamp harbour"
    assert suggest("harbour") == suggest("qqqq") == suggest("") == ""


def test_nothing_hidden_is_suggested():
    make_item("Harbour", live=False)
    assert suggest("harbuor") == ""


def test_stories_are_found_by_their_words_alone():
    make_item("Harbour")
    make_home().add_child(instance=ArticlePage(title="A walk along the harbour"))
    assert [page.title for page in stories("harbour")] == ["A walk along the harbour"]
    assert stories("lamp") == []


@pytest.mark.parametrize("frequent", [1, 1_000])
def test_of_many_hits_the_newest_are_ranked(frequent, monkeypatch):
    """On PostgreSQL a frequent word has enough hits among the newest entries, and the indexes are not asked."""
    monkeypatch.setattr(search_module, "MAX_HITS", 3)
    monkeypatch.setattr(search_module, "FREQUENT", frequent)
    ids = [make_item(f"Harbour {number}").pk for number in range(5)]
    assert set(found("harbour")) == set(ids[-3:])


def test_hits_are_found_behind_newer_ones_that_are_not_for_sale(monkeypatch):
    """On PostgreSQL the walk ends before them, and the indexes are asked after all."""
    monkeypatch.setattr(search_module, "MAX_HITS", 3)
    monkeypatch.setattr(search_module, "LOOKED_AT", 1)
    monkeypatch.setattr(search_module, "FREQUENT", 1)
    ids = [make_item(f"Harbour {number}").pk for number in range(2)]
    for number in range(4):
        make_item(f"Harbour draft {number}", live=False)
    assert set(found("harbour")) == set(ids)


@pytest.mark.postgresql
def test_a_word_that_the_full_text_leaves_out_is_in_everything():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL default_text_search_config TO 'pg_catalog.english'")
    item = make_item("Linen", description=[("text", "<p>Woven by hand.</p>")])
    assert found("the linen") == [item.pk]
    assert found("the harbour") == []

"""With SEARCH_URL a cluster answers what the database would have; where it does not, the database does."""

import logging
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.test import Client
from wagtail.models import PageViewRestriction

from checkout.doctor.services import search as doctor_says
from products import cluster
from products.importing.creating import index
from products.models import ArticlePage, ItemPage
from products.search import search, stories, suggest
from products.tests.factories import make_category, make_home, make_item
from storefront.settings.services import parse_search
from tests.support.opensearch import Cluster

pytestmark = pytest.mark.django_db
SEARCH = "POST /test_wagtailcore_page/_search"


@pytest.fixture
def server(settings) -> Iterator[Cluster]:
    """A cluster, with the index that update_index makes."""
    made = Cluster()
    settings.WAGTAILSEARCH_BACKENDS = settings.WAGTAILSEARCH_BACKENDS | {"opensearch": parse_search(made.url)}
    cluster.forget()
    make_home()
    call_command("update_index", verbosity=0)
    made.asked.clear()
    yield made
    made.released.set()
    made.shutdown()
    made.server_close()
    cluster.forget()


def asks(server: Cluster) -> int:
    """How many searches there were since the last time."""
    found = server.asked.count(SEARCH)
    server.asked.clear()
    return found


def test_an_item_is_found_by_name_number_and_description(server):
    item = make_item("Tidal study", sku="TS-4711", description=[("text", "<p>Hahnemuehle cotton</p>")])
    make_item("Something else")
    server.asked.clear()
    for text in ("tidal", "TIDAL study", "tid", "4711", "ts-4711", "hahnem", "cotton tidal", "cott tid"):
        assert search(text).ids == [item.pk], text
        assert asks(server) == 1
    assert search("tidal else")[:2] == ([], 0)


def test_a_word_in_the_name_counts_more_than_one_in_the_description(server):
    mentioned = make_item("Frame", description=[("text", "<p>Goes with a harbour.</p>")])
    named = make_item("Harbour")
    assert search("harbour").ids == [named.pk, mentioned.pk]
    assert asks(server) == 1


def test_only_what_is_for_sale_is_found_and_counted(server):
    kept, gone = make_item("Harbour"), make_item("Harbour gone")
    make_item("Harbour draft", live=False)
    private = make_item("Harbour private")
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    ItemPage.objects.filter(pk=gone.pk).update(expired=True)  # by the clock: no index was told
    assert search("harbour")[:2] == ([kept.pk], 1)
    gone.delete()
    assert str(gone.pk) not in server.index("test_wagtailcore_page").documents


def test_results_come_in_pages_and_end_at_the_bound(server, monkeypatch):
    ids = {make_item(f"Harbour {number}").pk for number in range(5)}
    pages = [search("harbour", limit=2, offset=offset) for offset in (0, 2, 4, 6)]
    assert {page.count for page in pages} == {5}
    assert {pk for page in pages for pk in page.ids} == ids
    monkeypatch.setattr("products.search.MAX_HITS", 3)
    assert search("harbour").count == 3


def test_one_query_and_one_call_are_enough(server, django_assert_num_queries):
    make_item("Harbour")
    search("harbour")
    server.asked.clear()
    with django_assert_num_queries(1):
        search("harbour")
    assert server.asked == [SEARCH]


def test_only_what_is_below_a_page_is_found(server):
    item = make_item("Harbour")
    assert search("harbour", below=make_category().path).ids == [item.pk]
    assert search("harbour", below=make_home().path + "ZZZZ").ids == []


def test_a_misspelt_word_is_put_right_and_stories_are_found(server):
    make_item("Harbour lamp")
    make_home().add_child(instance=ArticlePage(title="A walk along the harbour"))
    server.asked.clear()
    assert suggest("lamp harbuor") == "lamp harbour"
    assert suggest("harbour") == suggest("qqqq") == ""
    assert [page.title for page in stories("harbour")] == ["A walk along the harbour"]
    assert stories("lamp") == []
    assert asks(server) > 4


@pytest.mark.parametrize(
    "text", ['"', "*", "\x00", "a AND OR", "title:x", '{"match_all": {}}', "🎁", "\ud800", "a" * 9_000]
)
def test_hostile_text_never_fails(server, text):
    make_item("Harbour")
    assert search(text).count in (0, 1)


@pytest.mark.parametrize("how", ["503", "garbage", "hang", "down", "no index", "not ours"])
def test_where_the_cluster_fails_the_database_answers(server, settings, caplog, how):
    item = make_item("Harbour")
    settings.WAGTAILSEARCH_BACKENDS["opensearch"]["TIMEOUT"] = 0.3
    if how == "down":
        server.shutdown()
        server.server_close()
    elif how == "no index":
        server.indexes.clear()
    elif how == "not ours":  # made up by the cluster, without Wagtail's fields
        server.index("test_wagtailcore_page").properties.pop("pk")
    else:
        server.fails = how
    server.asked.clear()
    with caplog.at_level(logging.WARNING, "products.cluster"):
        assert search("harbour").ids == [item.pk]
        assert search("harbour").ids == [item.pk]
    said = [record.getMessage() for record in caplog.records if record.name == "products.cluster"]
    assert len(said) == 1
    assert "update_index" in said[0]
    assert server.asked.count(SEARCH) <= 1  # the second visitor waits for nobody
    page = Client().get("/search/", {"q": "harbour"}, headers={"accept": "text/html"})
    assert page.status_code == 200
    assert "Harbour" in page.content.decode()


def test_after_a_pause_the_cluster_is_asked_again(server, monkeypatch):
    make_item("Harbour")
    server.fails = "503"
    search("harbour")
    server.fails = ""
    search("harbour")
    assert asks(server) == 1
    monkeypatch.setattr("products.cluster.time.monotonic", lambda: cluster._asked_again_at + 1)
    search("harbour")
    assert asks(server) == 1


def test_a_page_is_saved_and_items_are_imported_while_the_cluster_is_away(server):
    server.fails = "503"
    item = make_item("Harbour")
    index([item])
    assert search("harbour").ids == [item.pk]


def test_imported_items_are_in_the_cluster(server):
    item = make_item("Harbour")
    server.index("test_wagtailcore_page").documents.clear()
    index([item])
    assert list(server.index("test_wagtailcore_page").documents) == [str(item.pk)]


def test_the_doctor_tells(server):
    assert [one.level for one in doctor_says()] == ["ok"]
    server.aliases.clear()
    assert ["update_index" in one.text for one in doctor_says()] == [True]
    server.fails = "503"
    assert ["does not answer" in one.text for one in doctor_says()] == [True]

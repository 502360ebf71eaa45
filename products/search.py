"""Search: one bounded, ranked query on Wagtail's index tables.

The stock `.search()` ranks on SQLite by a correlated subquery, quadratic in hits: seconds at 10,000 items. Here the
index is asked once for at most MAX_HITS entries, the newest first, and only those are ranked. Words match by their
beginnings. Nothing a visitor types reaches the query language: only letters and digits are taken from it.
"""

import re
from typing import NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from modelsearch.conf import get_app_config
from wagtail.models import Page

from . import catalogue
from .models import ArticlePage, ItemPage, LandingPage

MAX_HITS = 1_000
MAX_WORDS = 8
MAX_LENGTH = 200  # of the text that is looked at
WORD = re.compile(r"[^\W_]{1,40}")


class Found(NamedTuple):
    """One page of results; `count` is of all pages, and stops at MAX_HITS."""

    ids: list[int]
    count: int  # type: ignore[assignment]  # a tuple has a method of that name


def words(text: str) -> list[str]:
    """What is searched for: the words of the text, in lower case, each once."""
    return list(dict.fromkeys(WORD.findall(text[:MAX_LENGTH].lower())))[:MAX_WORDS]


def search(text: str, *, limit: int = catalogue.PER_PAGE, offset: int = 0, below: str = "") -> Found:
    """Items for sale whose name, number or description holds every word, the best first. Two queries; never fails."""
    wanted = words(text)
    if not wanted:
        return Found([], 0)
    ranked = _ranked(wanted)
    items = catalogue.for_sale().filter(pk__in=ranked)
    if below:  # one language's tree
        items = items.filter(path__range=catalogue.range_below(below))
    for_sale = set(items.values_list("pk", flat=True)) if ranked else set()
    found = [pk for pk in ranked if pk in for_sale]
    return Found(found[offset : offset + limit], len(found))


def stories(text: str, limit: int = 5, *, below: str = "") -> list[Page]:
    """Landing pages and articles that hold every word, the best first. Three queries; none without a word."""
    from .stories import public

    wanted = words(text)
    ranked = [pk for model in (LandingPage, ArticlePage) for pk in _ranked(wanted, model)] if wanted else []
    pages = public().filter(path__range=catalogue.range_below(below)) if below else public()
    found = pages.in_bulk(ranked) if ranked else {}
    return [found[pk] for pk in ranked if pk in found][:limit]


def _ranked(wanted: list[str], model: type[Page] = ItemPage) -> list[int]:
    """Ids of pages of that type in the index, the best first, whatever their state."""
    content_type = ContentType.objects.get_for_model(model).pk
    if connection.vendor == "postgresql":
        sql, parameters = _postgresql(wanted, content_type)
    else:
        sql, parameters = _sqlite(wanted, content_type)
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [int(object_id) for (object_id,) in cursor.fetchall()]


def _table(model: str) -> str:
    return connection.ops.quote_name(get_app_config().get_model(model)._meta.db_table)


def _sqlite(wanted: list[str], content_type: int) -> tuple[str, list]:
    entry, fts = _table("IndexEntry"), _table("SQLiteFTSIndexEntry")
    # a one-letter beginning would walk a large part of the dictionary
    match = " AND ".join(f'"{word}"*' if len(word) > 1 else f'"{word}"' for word in wanted)
    sql = f"""
        SELECT object_id FROM (
            SELECT entry.object_id AS object_id, bm25({fts}, 2.0, 1.0, 5.0) AS rank
            FROM {fts} JOIN {entry} AS entry ON entry.id = {fts}.rowid
            WHERE {fts} MATCH %s AND entry.content_type_id = %s
            ORDER BY {fts}.rowid DESC LIMIT {MAX_HITS}
        ) ORDER BY rank, object_id
    """  # noqa: S608 - table names are the models', the number is ours
    return sql, [match, content_type]


def _postgresql(wanted: list[str], content_type: int) -> tuple[str, list]:
    entry = _table("IndexEntry")
    # The index on `title || body` and the one on `autocomplete` serve one half of the OR each. Full text is stemmed by
    # the database's own configuration, as at indexing; `autocomplete` is always indexed as 'simple'.
    match = " & ".join(_beginning(word) for word in wanted)
    sql = f"""
        WITH asked AS (SELECT to_tsquery(%s) AS full_text, to_tsquery('simple', %s) AS beginnings),
        hit AS (
            SELECT object_id, title, body, autocomplete FROM {entry}, asked
            WHERE content_type_id = %s AND ((title || body) @@ full_text OR autocomplete @@ beginnings)
            ORDER BY id DESC LIMIT {MAX_HITS}
        )
        SELECT object_id FROM hit, asked
        ORDER BY 4 * ts_rank(title, full_text) + 2 * ts_rank(autocomplete, beginnings) + ts_rank(body, full_text) DESC,
            object_id
    """  # noqa: S608 - as above
    return sql, [match, match, content_type]


def _beginning(word: str) -> str:
    if word.isdigit():  # the parser takes the hyphen of "TS-4711" for a minus sign
        return f"('{word}':* | '-{word}':*)"
    return f"'{word}':*" if len(word) > 1 else f"'{word}'"

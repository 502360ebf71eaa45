"""Search: one bounded, ranked query on Wagtail's index tables.

The stock `.search()` ranks on SQLite by a correlated subquery, quadratic in hits: seconds at 10,000 items. Here the
index is asked once for at most MAX_HITS entries that are for sale, the newest first, and only those are ranked. Words
match by their beginnings. Only the letters and digits of what a visitor types reach the query language.
"""

import difflib
import re
from array import array
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone
from modelsearch.conf import get_app_config
from wagtail.models import Page

from . import catalogue, cluster, tags
from .kept import Kept
from .models import ArticlePage, ItemPage, LandingPage
from .prepared import Prepared

MAX_HITS = 240  # ten pages; more are not counted: ranking a hit and asking whether it is for sale is 0.01 ms
LOOKED_AT = 1_000  # of the newest entries: how frequent what is looked for is (half a millisecond)
FREQUENT = 40  # hits among those; from here up the newest entries are walked, which spares fetching thousands of hits
NEAR = 200  # names that a misspelt word is compared with
ROOT = 3  # letters that are taken to be right
MAX_WORDS = 8
MAX_LENGTH = 200  # of the text that is looked at
KEPT = 500  # answers of at most 2 KB each
WORD = re.compile(r"[^\W_]{1,40}")


class Found(NamedTuple):
    """One page of results; `count` is of all pages, and stops at MAX_HITS."""

    ids: list[int]
    count: int  # type: ignore[assignment]  # a tuple has a method of that name
    ranked: Sequence[int] = ()  # the ids of all pages


def words(text: str) -> list[str]:
    """What is searched for: the words of the text, in lower case, each once."""
    return list(dict.fromkeys(WORD.findall(text[:MAX_LENGTH].lower())))[:MAX_WORDS]


def search(text: str, *, limit: int = catalogue.PER_PAGE, offset: int = 0, below: str = "", tag: str = "") -> Found:
    """Items for sale whose name, number or description holds every word, the best first. One query; never fails.

    `below`: under the page with that path, so in one language. `tag`: the slug of a word that they have.
    """
    wanted = words(text)
    ranked = _items(wanted, below, tag=tag) if wanted else []
    return Found(list(ranked[offset : offset + limit]), len(ranked), ranked)


def stories(text: str, limit: int = 5, *, below: str = "") -> list[Page]:
    """Landing pages and articles that hold every word, the best first. Two queries; none without a word."""
    from .stories import public

    wanted = words(text)
    ranked = _stories(wanted, below) if wanted else []
    if not ranked:
        return []
    pages = public().filter(path__range=catalogue.range_below(below)) if below else public()
    found = pages.in_bulk(ranked)
    return [found[pk] for pk in ranked if pk in found][:limit]


def suggest(text: str, *, below: str = "") -> str:
    """What may have been meant where `text` finds nothing: its words, the misspelt ones put right; "" if unknown.

    A misspelt word is compared with the names that begin as it does (their first three letters), so the work is
    bounded whatever the catalogue's size, and the same on both databases. At most three queries for each word, one for
    the whole.
    """
    wanted = words(text)
    meant = []
    for word in wanted:
        if not (right := _put_right(word, below)):
            return ""  # the others need not be looked at
        meant.append(right)
    if meant == wanted:
        return ""
    corrected = " ".join(meant)
    return corrected if search(corrected, limit=1, below=below).count else ""


def _put_right(word: str, below: str) -> str:
    """The word itself if it finds something, else the nearest word of the names of items; "" if none is near."""
    if search(word, limit=1, below=below).count:
        return word
    if len(word) <= ROOT:
        return ""
    ids = _items([word[:ROOT]], below, titles=True)[:NEAR]
    titles = ItemPage.objects.filter(pk__in=ids).values_list("title", flat=True)
    known = {found for title in titles for found in words(title) if found.startswith(word[:ROOT])}
    return next(iter(difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.7)), "")


def _items(wanted: list[str], below: str, *, titles: bool = False, tag: str = "") -> Sequence[int]:
    """Items for sale, the best first: asked of the cluster, if there is one and it answers, else of the database.

    The database's answer is kept, as the order of a shelf is. The cluster's is not: it hears of a change after the
    shop has, and so might answer for the state before.
    """
    paths = catalogue.range_below(below)
    ids = cluster.ranked(wanted, [ItemPage], below=paths, limit=2 * MAX_HITS, titles=titles)
    if ids is None:
        key = (frozenset(wanted), below, titles, tag)
        return _kept.get(key, lambda: _ranked(wanted, [ItemPage], _for_sale(below, tag), titles=titles))
    # What is for sale changes by the minute, by orders and by the clock: the cluster is not asked that.
    # Nor which have a tag: it may be among the best of its hits, and no further.
    items = catalogue.for_sale().filter(pk__in=ids)
    items = items.filter(pk__in=tags.having(tag)) if tag else items
    selling = set(items.values_list("pk", flat=True)) if ids else set()
    return [pk for pk in ids if pk in selling][:MAX_HITS]


_kept: Kept[array] = Kept(limit=KEPT)


def _stories(wanted: list[str], below: str) -> Sequence[int]:
    models = [LandingPage, ArticlePage]
    ids = cluster.ranked(wanted, models, below=catalogue.range_below(below), limit=MAX_HITS)
    if ids is None:
        return _kept_stories.get(frozenset(wanted), lambda: _ranked(wanted, models))
    return ids


_kept_stories: Kept[array] = Kept(limit=KEPT)


Condition = tuple[str, list]


def _for_sale(below: str, tag: str = "") -> Condition:
    """SQL that holds for an index entry whose item is for sale: in the same statement, because asking for a thousand
    ids afterwards is 15 ms."""
    marks = {"now": timezone.now(), "first": "", "last": ""}
    marks["first"], marks["last"] = catalogue.range_below(below)
    if tag:
        return _hit_with_tag.sql(catalogue.sellable(), tag=tag, **marks)
    return _hit_for_sale.sql(catalogue.sellable(), **marks)


def _hit_for_sale_query(now: datetime, first: str, last: str) -> QuerySet:
    hit = RawSQL("CAST(entry.object_id AS bigint)", ())  # noqa: S611 - nothing of a visitor's is in it
    return catalogue.for_sale(now).filter(pk=hit, path__range=(first, last)).order_by().values("pk")


def _hit_with_tag_query(now: datetime, first: str, last: str, tag: str) -> QuerySet:
    return _hit_for_sale_query(now, first, last).filter(pk__in=tags.having(tag))


_hit_for_sale = Prepared(_hit_for_sale_query, now=datetime, first=str, last=str)
_hit_with_tag = Prepared(_hit_with_tag_query, now=datetime, first=str, last=str, tag=str)


def _ranked(
    wanted: list[str], models: list[type[Page]], condition: Condition = ("SELECT 1", []), *, titles: bool = False
) -> array:
    """Ids of pages of those types in the index, the best first. `titles`: only their names are looked at."""
    types = [one.pk for one in ContentType.objects.get_for_models(*models).values()]
    write = _postgresql if connection.vendor == "postgresql" else _sqlite
    sql, parameters = write(wanted, types, condition, titles)
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return array("l", (int(object_id) for (object_id,) in cursor.fetchall()))


def _table(model: str) -> str:
    return connection.ops.quote_name(get_app_config().get_model(model)._meta.db_table)


def _sqlite(wanted: list[str], types: list[int], condition: Condition, titles: bool) -> tuple[str, list]:
    entry, fts = _table("IndexEntry"), _table("SQLiteFTSIndexEntry")
    # a beginning of one or two letters would walk a large part of the dictionary
    match = " AND ".join(f'"{word}"*' if len(word) > 2 else f'"{word}"' for word in wanted)
    match = f"{{title}} : ({match})" if titles else match
    # Of items there are many: the index is walked from its newest entry. Of stories there are few: each is looked up.
    walk = f"{fts} CROSS JOIN {entry} AS entry" if len(types) == 1 else f"{entry} AS entry CROSS JOIN {fts}"
    sql = f"""
        SELECT object_id FROM (
            SELECT entry.object_id AS object_id, bm25({fts}, 2.0, 1.0, 5.0) AS rank
            FROM {walk}
            WHERE {fts} MATCH %s AND entry.id = {fts}.rowid AND entry.content_type_id IN ({_places(types)})
                AND EXISTS ({condition[0]})
            ORDER BY {fts}.rowid DESC LIMIT {MAX_HITS}
        ) ORDER BY rank, object_id
    """  # noqa: S608 - table names are the models', the number is ours
    return sql, [match, *types, *condition[1]]


def _postgresql(wanted: list[str], types: list[int], condition: Condition, titles: bool) -> tuple[str, list]:
    """The newest hits, ranked. What is frequent has enough among the newest entries, which are walked, as many as its
    share of the very newest asks for; for anything else the indexes say what fits. PostgreSQL does not know how
    frequent the beginning of a word is, and left to itself walks everything: half a second for a rare word among
    100,000 items.
    """
    entry, match, asked = _table("IndexEntry"), *_fitting(wanted, titles)
    of_types = f"content_type_id IN ({_places(types)})"
    newest_first = f"SELECT * FROM {entry} WHERE {of_types} ORDER BY id DESC LIMIT"  # noqa: S608 - as above
    # a third more than should do: not every hit is for sale
    enough = MAX_HITS * LOOKED_AT * 4 // 3
    far = f"SELECT CASE WHEN hits >= {FREQUENT} THEN {enough} / hits ELSE 0 END FROM sample"  # noqa: S608 - our numbers
    sql = f"""
        WITH sample AS MATERIALIZED (
            SELECT count(*) AS hits FROM ({newest_first} {LOOKED_AT}) AS entry WHERE {match}
        ),
        newest AS MATERIALIZED (
            SELECT id, object_id FROM ({newest_first} ({far})) AS entry
            WHERE {match} AND EXISTS ({condition[0]})
            ORDER BY id DESC LIMIT {MAX_HITS}
        ),
        fitting AS MATERIALIZED (
            SELECT id, object_id FROM {entry}
            WHERE (SELECT count(*) FROM newest) < {MAX_HITS} AND {of_types} AND {match}
        ),
        hit AS (
            SELECT * FROM newest WHERE (SELECT count(*) FROM newest) = {MAX_HITS}
            UNION ALL (
                SELECT id, object_id FROM (SELECT * FROM fitting ORDER BY id DESC) AS entry
                WHERE EXISTS ({condition[0]})
                ORDER BY id DESC LIMIT {MAX_HITS}
            )
        )
        SELECT hit.object_id FROM hit JOIN {entry} AS entry USING (id),
            (SELECT to_tsquery(%s) AS full_text, to_tsquery('simple', %s) AS beginnings) AS asked
        ORDER BY 4 * ts_rank(entry.title, full_text) + 2 * ts_rank(autocomplete, beginnings)
            + ts_rank(body, full_text) DESC, hit.object_id
    """  # noqa: S608 - as above
    whole = " & ".join(_beginning(word) for word in wanted)
    hits = [*types, *asked]
    return sql, [*hits, *hits, *condition[1], *hits, *condition[1], whole, whole]


def _fitting(wanted: list[str], titles: bool) -> tuple[str, list[str]]:
    """What has every word, each in a field of its own index; and the parameters.

    Full text is stemmed by the database's own configuration, as at indexing; `autocomplete` holds names and is always
    indexed as 'simple': unstemmed and with every word. A word that the full text leaves out ("the") is in everything.
    """
    name = "autocomplete @@ to_tsquery('simple', %s)"
    text = "SELECT CASE WHEN numnode(word) = 0 THEN !! 'x'::tsquery ELSE word END FROM to_tsquery(%s) AS word"
    one = name if titles else f"(title @@ (SELECT to_tsquery(%s)) OR body @@ ({text}) OR {name})"
    each = 1 if titles else 3
    return " AND ".join([one] * len(wanted)), [_beginning(word) for word in wanted for _ in range(each)]


def _places(values: list) -> str:
    return ", ".join(["%s"] * len(values))


def _beginning(word: str) -> str:
    if word.isdigit():  # the parser takes the hyphen of "TS-4711" for a minus sign
        return f"('{word}':* | '-{word}':*)"
    return f"'{word}':*" if len(word) > 1 else f"'{word}'"

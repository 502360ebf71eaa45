"""Hits that are ranked by one statement."""

from typing import Any

from django.db.models import QuerySet
from modelsearch.backends.base import BaseSearchQueryCompiler
from modelsearch.backends.database.sqlite.query import MatchExpression, normalize
from modelsearch.backends.database.sqlite.sqlite import (
    SQLiteAutocompleteQueryCompiler,
    SQLiteFTSIndexEntry,
    SQLiteIndex,
    SQLiteSearchBackend,
    SQLiteSearchQueryCompiler,
    SQLiteSearchResults,
)
from modelsearch.query import MatchAll, Not
from modelsearch.utils import get_descendants_content_types_pks

from .norms import Norms


class Ranked(BaseSearchQueryCompiler):
    """Beside the backend's own compilers."""

    order_by_relevance: bool

    def scores(self, config: Any) -> dict[str, float] | None:
        """Primary key as text → rank, of everything that fits; the least is the best. None where nothing is ranked."""
        query = normalize(self.query)
        if not self.order_by_relevance or isinstance(query, MatchAll | Not):
            return None
        match = MatchExpression(self.fields or self.FTS_TABLE_FIELDS, self.build_search_query(query, config=config))
        types = get_descendants_content_types_pks(self.queryset.model)
        hits = SQLiteFTSIndexEntry.objects.filter(match, index_entry__content_type__in=types).order_by()
        rank = self._build_rank_expression(self.get_search_vectors(), config)
        return dict(hits.annotate(score=rank).values_list("index_entry__object_id", "score"))

    def unordered(self, config: Any) -> QuerySet:
        """What fits, in no order, which costs one search."""
        ranked, self.order_by_relevance = self.order_by_relevance, False
        try:
            return self.search(config, 0, None).order_by()
        finally:
            self.order_by_relevance = ranked


class WordsCompiler(Ranked, SQLiteSearchQueryCompiler):
    pass


class BeginningsCompiler(Ranked, SQLiteAutocompleteQueryCompiler):
    pass


class Results(SQLiteSearchResults):
    def _do_search(self) -> list:
        compiler = self.query_compiler
        config = compiler.get_config(self.backend)
        scores = None if self._score_field else compiler.scores(config)
        if scores is None:
            return super()._do_search()
        fitting = compiler.unordered(config).values_list("pk", flat=True)
        best = sorted(fitting, key=lambda pk: (scores[str(pk)], -pk))[self.start : self.stop]
        found = {one.pk: one for one in compiler.queryset.order_by().filter(pk__in=best)}
        return [found[pk] for pk in best if pk in found]

    def _do_count(self) -> int:
        count = self.query_compiler.unordered(self.query_compiler.get_config(self.backend)).count()
        stop = count if self.stop is None else min(count, self.stop)
        return max(stop - self.start, 0)


class SQLiteOwnIndex(Norms, SQLiteIndex):
    pass


class SQLiteBackend(SQLiteSearchBackend):
    index_class = SQLiteOwnIndex
    query_compiler_class = WordsCompiler
    autocomplete_query_compiler_class = BeginningsCompiler
    results_class = Results

"""Wagtail's OpenSearch backend, whose words match by their beginnings, as in the database. Imported with SEARCH_URL."""

from typing import Any

from modelsearch.backends.opensearch3 import OpenSearch3SearchBackend, OpenSearch3SearchQueryCompiler


class BeginningsCompiler(OpenSearch3SearchQueryCompiler):
    """Every word must be there, anywhere in the page: as a whole it counts by its field, as a beginning a little."""

    def get_inner_query(self) -> dict[str, Any]:
        return {"bool": {"must": [self._word(word) for word in self.query.query_string.split()]}}

    def _word(self, word: str) -> dict[str, Any]:
        fields = [field.field_name_with_boost for field in self.remapped_fields]
        everything = self.remapped_fields[0].field_name  # "_all_text", or the only field that is asked for
        either = [
            {"multi_match": {"query": word, "fields": fields}},
            {"match_bool_prefix": {everything: {"query": word}}},
        ]
        return {"bool": {"should": either, "minimum_should_match": 1}}


class SearchBackend(OpenSearch3SearchBackend):
    query_compiler_class = BeginningsCompiler

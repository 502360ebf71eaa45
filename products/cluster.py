"""Search on OpenSearch, where SEARCH_URL names a cluster: Wagtail's backend, asked for words by their beginnings.

Only `products.search` asks it, and goes to the database's own index whenever this module answers None: there is no
cluster, it does not answer, or it has no index yet. Both indexes are kept up to date by Wagtail, so nothing is lost.
"""

import logging
import time
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from modelsearch.backends import get_search_backend
from modelsearch.query import PlainText
from wagtail.models import Page

logger = logging.getLogger(__name__)
NAME = "opensearch"  # in WAGTAILSEARCH_BACKENDS
PAUSE = 30.0  # seconds in which a cluster that failed is not asked again: its time-out would be every visitor's
_asked_again_at = 0.0


def ranked(
    wanted: list[str], models: list[type[Page]], *, below: tuple[str, str], limit: int, titles: bool = False
) -> list[int] | None:
    """Ids of at most `limit` live pages of those types that hold every word, the best first; None: ask the database.

    `below`: the first and the last path they may have. `titles`: only their names are looked at.
    """
    global _asked_again_at
    if NAME not in settings.WAGTAILSEARCH_BACKENDS or time.monotonic() < _asked_again_at:
        return None
    from opensearchpy.exceptions import OpenSearchException

    try:
        hits = [hit for model in models for hit in _hits(wanted, model.objects.live(), below, limit, titles)]
        hits.sort(key=lambda hit: -hit["_score"])  # of equals the order stays: the newest come first
        return [int(hit["fields"]["pk"][0]) for hit in hits[:limit]]
    except (OpenSearchException, KeyError, TypeError, ValueError) as error:
        # KeyError: an index that the cluster made up itself at a first page, without Wagtail's fields
        _asked_again_at = time.monotonic() + PAUSE
        logger.warning(
            "The search cluster fails (%s); for %d s the database answers. Is it up, and was update_index run?",
            type(error).__name__,
            PAUSE,
        )
        return None


def _hits(wanted: list[str], pages: QuerySet, below: tuple[str, str], limit: int, titles: bool) -> list[dict[str, Any]]:
    backend = _backend(repr(settings.WAGTAILSEARCH_BACKENDS[NAME]))
    fields = ["title"] if titles else None
    found = backend.search(PlainText(" ".join(wanted)), pages.filter(path__range=below), fields=fields)
    body = {"query": found.query_compiler.get_query(), "sort": ["_score", {"pk": "desc"}], "track_scores": True}
    index = backend.get_index_for_model(pages.model).name
    answer = backend.es.search(index=index, body=body, size=limit, _source=False, stored_fields="pk")
    return answer["hits"]["hits"]


@lru_cache(maxsize=1)
def _backend(described: str) -> Any:
    """One for each process, whose connections last; made anew where the settings changed."""
    return get_search_backend(NAME)


def has_index() -> bool:
    """Whether update_index made one. Raises what the client raises if the cluster does not answer."""
    backend = _backend(repr(settings.WAGTAILSEARCH_BACKENDS[NAME]))
    return bool(backend.get_index_for_model(Page).is_alias())


def forget() -> None:
    """A cluster that failed is asked again at once."""
    global _asked_again_at
    _asked_again_at = 0.0

"""Wagtail's search in the database, as its admin and its API use it, for a shop of any size.

What visitors type is answered by products/search.py; everywhere else Wagtail's own backend searches, and writes the
index for both. Two things of it grow with the shop, and are done otherwise here:

After each page that is saved it reads the whole index twice, for the average length of a name (`title_norm`, by which
long names rank lower).

On SQLite it ranks by a subquery that runs the whole search anew for each hit, so twice as many hits take four times as
long. Here the hits are ranked by one statement, once.
"""

from typing import Any

from django.db import connection
from modelsearch.backends import database


def SearchBackend(params: dict[str, Any]) -> Any:  # noqa: N802 - the name that Wagtail looks for
    """Ours for the database in use; Wagtail's own where that is neither PostgreSQL nor SQLite with full-text search."""
    # each imports the tables of its own database, which no other has
    if connection.vendor == "postgresql":
        from .postgresql import PostgreSQLBackend

        return PostgreSQLBackend(params)
    found = database.SearchBackend(params)
    if connection.vendor == "sqlite" and type(found).__name__ == "SQLiteSearchBackend":
        from .sqlite import SQLiteBackend

        return SQLiteBackend(params)
    return found

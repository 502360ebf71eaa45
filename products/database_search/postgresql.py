from modelsearch.backends.database.postgres.postgres import PostgresIndex, PostgresSearchBackend

from .norms import Norms


class PostgreSQLIndex(Norms, PostgresIndex):
    pass


class PostgreSQLBackend(PostgresSearchBackend):
    index_class = PostgreSQLIndex

"""Making a backup while the shop sells: the database as it was at one moment, then the uploads."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from django.core.files.storage import Storage, storages
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from tqdm import tqdm

from .archive import STORES, BackupError, Manifest, Writer, writing

DATABASE = "database.sqlite3"


def save(path: Path, *, with_media: bool, quiet: bool = False) -> Manifest:
    """Writes the archive at `path`; tells what is in it."""
    with writing(path) as writer:
        manifest = _save_sqlite(writer) if connection.vendor == "sqlite" else _save_postgresql(writer, quiet)
        # Listed afterwards, so that whatever a row names is there; what was uploaded since does no harm.
        names = [(folder, name) for folder in STORES for name in _stored(folder)] if with_media else []
        manifest.uploads = len(names) if with_media else None
        writer.add_manifest(manifest)
        _save_uploads(writer, names, quiet)
    return manifest


def _begin(engine: str) -> Manifest:
    applied = sorted(map(list, MigrationRecorder(connection).applied_migrations()))
    return Manifest(engine, datetime.now(UTC).isoformat(timespec="seconds"), applied)


def _save_sqlite(writer: Writer) -> Manifest:
    """SQLite's online backup, in one step: writers go on in the write-ahead log and do not make it begin anew."""
    name = str(connection.settings_dict["NAME"])
    if ":memory:" in name:
        raise BackupError("DATABASE_URL names a database in memory: there is nothing to keep.")
    manifest = _begin("sqlite")
    copy = writer.folder / DATABASE
    with closing(sqlite3.connect(name, timeout=20)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")
        if (state := target.execute("PRAGMA quick_check").fetchone()[0]) != "ok":
            raise BackupError(f"The database is damaged: {state}. Restore an older backup.")
        manifest.rows = {
            table: target.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # noqa: S608 - from the schema
            for table in sorted(connection.introspection.django_table_names(only_existing=True))
        }
    with copy.open("rb") as file:
        writer.add(DATABASE, file, copy.stat().st_size)
    return manifest


def _save_postgresql(writer: Writer, quiet: bool) -> Manifest:
    """Every table by COPY, in one transaction that sees one moment."""
    manifest = _begin("postgresql")
    own = connection.copy()
    try:
        own.set_autocommit(False)
        with own.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            cursor.execute("SET LOCAL statement_timeout = 0")
            for table, columns in tqdm(_tables(cursor).items(), desc="Tables", unit="table", disable=quiet or None):
                manifest.columns[table] = columns
                manifest.rows[table] = _copy_out(cursor, table, columns, writer)
    finally:
        own.close()
    return manifest


def _tables(cursor) -> dict[str, list[str]]:
    """The columns of each table that can be written; generated ones come by themselves."""
    cursor.execute(
        "SELECT c.table_name, c.column_name FROM information_schema.columns c JOIN information_schema.tables t "
        "USING (table_schema, table_name) WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' "
        "AND c.is_generated = 'NEVER' ORDER BY c.table_name, c.ordinal_position"
    )
    found: dict[str, list[str]] = {}
    for table, column in cursor.fetchall():
        found.setdefault(table, []).append(column)
    return found


def _copy_out(cursor, table: str, columns: list[str], writer: Writer) -> int:
    path = writer.folder / "table"
    quoted = ", ".join(f'"{column}"' for column in columns)
    with path.open("wb") as file, cursor.copy(f'COPY "{table}" ({quoted}) TO STDOUT') as copy:
        for block in copy:
            file.write(block)
    with path.open("rb") as file:
        writer.add(f"tables/{table}", file, path.stat().st_size)
    return int(cursor.rowcount)


def _stored(folder: str) -> list[str]:
    return sorted(_files(storages[STORES[folder]]))


def _save_uploads(writer: Writer, names: list[tuple[str, str]], quiet: bool) -> None:
    for folder, name in tqdm(names, desc="Uploads", unit="file", disable=quiet or None):
        try:
            with storages[STORES[folder]].open(name) as file:
                writer.add(f"{folder}{name}", file, file.size)
        except FileNotFoundError:  # an editor deleted it meanwhile
            continue


def _files(storage: Storage, folder: str = "") -> Iterator[str]:
    try:
        folders, names = storage.listdir(folder)
    except FileNotFoundError:  # nothing was ever uploaded
        return
    for name in names:
        yield f"{folder}/{name}".lstrip("/")
    for inner in folders:
        yield from _files(storage, f"{folder}/{inner}".lstrip("/"))

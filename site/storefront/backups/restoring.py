"""A backup back into the shop's database and uploads. What was there is only replaced when that was asked for."""

import shutil
import sqlite3
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path

from django.core.files import File
from django.core.files.storage import storages
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from . import moving
from .archive import BackupError, Manifest, member, reading, uploads
from .saving import DATABASE


def restore(path: Path, *, replace: bool, with_media: bool) -> Manifest:
    """Raises BackupError, mostly before anything was changed. Afterwards `boot` brings older data up to date."""
    with reading(path) as (manifest, tar):
        if manifest.engine == "postgresql" and connection.vendor == "sqlite":
            raise BackupError("A backup of PostgreSQL goes into PostgreSQL only, and DATABASE_URL names SQLite.")
        _refuse_unknown(manifest)
        if not replace and not is_empty():
            raise BackupError("The database is not empty. Take another one, or say --replace to lose what it holds.")
        if manifest.engine == "postgresql":
            _restore_tables(manifest, tar)
        else:
            _restore_file(tar)
        if with_media:
            _restore_uploads(tar, replace=replace)
    return manifest


def is_empty() -> bool:
    """Whether there is no shop in the database: no tables, or no order and no page but Wagtail's own two."""
    tables = set(connection.introspection.table_names())
    if not {"checkout_order", "wagtailcore_page"} <= tables:
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT count(*) FROM checkout_order), (SELECT count(*) FROM wagtailcore_page)")
        orders, pages = cursor.fetchone()
    return orders == 0 and pages <= 2


def _refuse_unknown(manifest: Manifest) -> None:
    known = MigrationExecutor(connection).loader.disk_migrations
    newer = [name for app, name in manifest.migrations if app in ("checkout", "products") and (app, name) not in known]
    if newer:
        raise BackupError(f"The backup is of a newer version of the shop ({newer[-1]}). Install that version first.")


def _restore_file(tar: tarfile.TarFile) -> None:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / DATABASE
        with copy.open("wb") as file:
            shutil.copyfileobj(member(tar, DATABASE), file)
        if connection.vendor == "postgresql":
            moving.move(copy, replace=True)
            return
        connection.close()
        target = connection.settings_dict["NAME"]
        with closing(sqlite3.connect(copy)) as source, closing(sqlite3.connect(target, timeout=20)) as database:
            source.backup(database)
            database.execute("PRAGMA journal_mode=WAL")


def _restore_tables(manifest: Manifest, tar: tarfile.TarFile) -> None:
    """Tables of the backup's own version are filled anew in one transaction, which brings all rows or changes none;
    others are made anew first, which takes as long as migrating."""
    executor = MigrationExecutor(connection)
    if set(executor.loader.applied_migrations) != {(app, name) for app, name in manifest.migrations}:
        moving.drop_everything()
        executor = MigrationExecutor(connection)
        executor.migrate(_last_of_each_app(executor, manifest))
    with transaction.atomic(), connection.cursor() as cursor:
        moving.empty(cursor, [*manifest.columns])
        for table, columns in manifest.columns.items():
            quoted = ", ".join(f'"{column}"' for column in columns)
            with cursor.copy(f'COPY "{table}" ({quoted}) FROM STDIN') as copy:
                content = member(tar, f"tables/{table}")
                while block := content.read(1 << 16):
                    copy.write(block)
            if cursor.rowcount != manifest.rows[table]:
                raise BackupError(f"{table}: {cursor.rowcount} rows instead of {manifest.rows[table]}.")
        moving.set_counters(no_style())


def _last_of_each_app(executor: MigrationExecutor, manifest: Manifest) -> list[tuple[str, str]]:
    """How far the tables went when the backup was made; what came later is applied to the data afterwards."""
    graph = executor.loader.graph
    wanted = {(app, name) for app, name in manifest.migrations} & set(graph.nodes)
    followed = {
        node
        for node in wanted
        for child in graph.node_map[node].children
        if child.key in wanted and child.key[0] == node[0]
    }
    return sorted(wanted - followed)


def _restore_uploads(tar: tarfile.TarFile, *, replace: bool) -> None:
    for alias, name, content in uploads(tar):
        storage = storages[alias]
        if storage.exists(name):
            if not replace:
                continue
            storage.delete(name)
        saved = storage.save(name, File(content, name=name))
        if saved != name:
            raise BackupError(f"{name} could not be written under its own name.")


def catch_up() -> None:
    """Migrations that the restored data lack."""
    call_command("migrate", interactive=False, verbosity=0)

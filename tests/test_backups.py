"""Backup while selling, restore, the move to PostgreSQL: nothing is lost, nothing is half done."""

import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import threading
from collections.abc import Iterator
from contextlib import closing
from io import StringIO
from pathlib import Path

import psycopg
import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.core.management import CommandError, call_command
from django.db import connection

from checkout.audit import audit
from checkout.models import Order, Payment
from checkout.tests.factories import make_paid_order
from checkout.tests.shop import at_payment_page, deliver, pay
from products.tests.factories import make_home, make_item
from storefront.backups import archive, moving
from tests.support import databases

ROOT = Path(__file__).resolve().parents[1]

pytestmark = pytest.mark.django_db(transaction=True)


def run(command: str, *args: object, **options: object) -> str:
    out = StringIO()
    call_command(command, *map(str, args), stdout=out, verbosity=0, **options)
    return out.getvalue()


def counts() -> dict[str, int]:
    """Rows of every table but those that change by being looked at."""
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    return {
        model._meta.db_table: model._base_manager.count() for model in models if "search" not in model._meta.app_label
    }


@pytest.fixture
def sold(settings, tmp_path_factory: pytest.TempPathFactory) -> Order:
    """A home page, an item, an order that was really paid, an uploaded file, one for sale; none of other tests."""
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")
    private = {**settings.STORAGES["downloads"], "OPTIONS": {"location": str(tmp_path_factory.mktemp("downloads"))}}
    settings.STORAGES = {**settings.STORAGES, "downloads": private}
    make_home()
    item = make_item("Blue Heron", price="24.50", on_hand=10)
    order, started = at_payment_page(item)
    pay(order, started)
    deliver()
    default_storage.save("images/heron.jpg", ContentFile(b"a heron"))
    storages["downloads"].save("secret.pdf", ContentFile(b"a pattern"))
    order.refresh_from_db()
    return order


def test_what_was_saved_comes_back_with_its_uploads(sold: Order, tmp_path: Path) -> None:
    before, file = counts(), tmp_path / "shop.tar.gz"
    said = run("backup", file)
    assert "2 uploads" in said
    assert file.stat().st_mode & 0o077 == 0
    Payment.objects.all().delete()
    make_paid_order()
    default_storage.delete("images/heron.jpg")
    storages["downloads"].delete("secret.pdf")
    run("restore", file, replace=True)
    assert counts() == before
    assert default_storage.open("images/heron.jpg").read() == b"a heron"
    assert storages["downloads"].open("secret.pdf").read() == b"a pattern"
    assert not default_storage.exists("secret.pdf")
    assert Order.objects.get(pk=sold.pk).snapshot_hash == sold.snapshot_hash
    assert audit()["ok"]
    make_paid_order()  # numbers go on after the last one


@pytest.mark.postgresql
def test_what_was_saved_comes_back_where_no_table_is(sold: Order, tmp_path: Path) -> None:
    before, file = counts(), tmp_path / "shop.tar.gz"
    run("backup", file)
    moving.drop_everything()
    run("restore", file)
    assert counts() == before
    assert audit()["ok"]
    make_paid_order()


@pytest.mark.postgresql
def test_a_backup_with_a_row_too_few_leaves_the_shop_as_it_was(sold: Order, tmp_path: Path) -> None:
    whole, damaged = tmp_path / "whole.tar.gz", tmp_path / "damaged.tar.gz"
    run("backup", whole)
    with tarfile.open(whole) as source, tarfile.open(damaged, "w:gz") as target:
        for info in source:
            content = source.extractfile(info).read()
            if info.name == archive.MANIFEST:
                manifest = json.loads(content)
                manifest["rows"]["wagtailcore_page"] += 1
                content = json.dumps(manifest).encode()
            info.size = len(content)
            target.addfile(info, io.BytesIO(content))
    make_paid_order()
    before = counts()
    with pytest.raises(CommandError, match="wagtailcore_page: .* rows instead of"):
        run("restore", damaged, replace=True)
    assert counts() == before


def test_a_shop_that_sells_meanwhile_is_saved_as_it_was_at_one_moment(sold: Order, tmp_path: Path) -> None:
    """Each order comes with its payment, in one transaction: a backup must never hold one without the other."""
    stop = threading.Event()

    def sell() -> None:
        item = make_item("Crane")
        while not stop.is_set():
            from django.db import transaction

            with transaction.atomic():
                make_paid_order(item=item)
        connection.close()

    seller = threading.Thread(target=sell)
    seller.start()
    try:
        files = [tmp_path / f"{number}.tar.gz" for number in range(3)]
        for file in files:
            run("backup", file)
    finally:
        stop.set()
        seller.join()
    for file in files:
        run("restore", file, replace=True)
        assert Order.objects.exclude(payments__disposition="applied").filter(status="paid").count() == 0
        assert Order.objects.filter(status="paid").count() == Payment.objects.count()


def test_a_shop_that_is_there_is_not_replaced_by_accident(sold: Order, tmp_path: Path) -> None:
    file = tmp_path / "shop.tar.gz"
    run("backup", file)
    with pytest.raises(CommandError, match="not empty"):
        run("restore", file)
    with pytest.raises(CommandError, match="exists"):
        run("backup", file)


def test_uploads_may_be_left_out(sold: Order, tmp_path: Path) -> None:
    file = tmp_path / "shop.tar.gz"
    assert "no uploads" in run("backup", file, without_media=True)
    with tarfile.open(file) as saved:
        assert not [name for name in saved.getnames() if name.startswith("media/")]


def test_a_backup_that_fails_leaves_no_file(sold: Order, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(archive.Writer, "add_manifest", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run("backup", tmp_path / "shop.tar.gz")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"nonsense", b"\x1f\x8bhalf"])
def test_what_is_no_backup_changes_nothing(sold: Order, tmp_path: Path, content: bytes) -> None:
    file, before = tmp_path / "x.tar.gz", counts()
    file.write_bytes(content)
    with pytest.raises(CommandError, match="cannot be read as a backup"):
        run("restore", file, replace=True)
    assert counts() == before


def test_names_that_lead_out_of_the_uploads_are_refused(sold: Order, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.tar.gz", tmp_path / "bad.tar.gz"
    run("backup", good, without_media=True)
    with tarfile.open(good) as source, tarfile.open(bad, "w:gz") as target:
        for info in source:
            target.addfile(info, source.extractfile(info))
        evil = tarfile.TarInfo("media/../../evil.txt")
        evil.size = 1
        target.addfile(evil, io.BytesIO(b"x"))
    with pytest.raises(CommandError, match="leads out"):
        run("restore", bad, replace=True)


def test_a_backup_of_a_newer_version_is_refused_before_anything_happens(sold: Order, tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('checkout', '9999_later', CURRENT_TIMESTAMP)"
        )
    file = tmp_path / "shop.tar.gz"
    run("backup", file)
    with pytest.raises(CommandError, match="newer version"):
        run("restore", file, replace=True)
    assert Order.objects.filter(pk=sold.pk).exists()


@pytest.mark.sqlite
def test_moving_is_to_postgresql_only(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="PostgreSQL"):
        run("move_database", tmp_path / "x.sqlite3", replace=True)


def manage(database: str, folder: Path, *command: str, **more: str) -> str:
    """A command in a process of its own, on a database of its own."""
    environment = {"PATH": os.environ["PATH"], "SECRET_KEY": "k", "MEDIA_ROOT": str(folder / "media"), **more}
    environment |= {"DOWNLOADS_ROOT": str(folder / "downloads")}
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=environment | {"DATABASE_URL": database},
        check=True,
        capture_output=True,
        text=True,
    ).stdout


@pytest.fixture
def other_database() -> Iterator[str]:
    """The address of a PostgreSQL database beside the test's own, migrated and empty."""
    found = connection.settings_dict
    name = f"{found['NAME']}_moved"
    base = "_".join(str(found["NAME"]).split("_")[1:-2])  # test_<base>_<run>_<worker>
    template = f"{base}_template_{databases.template_key()}"
    login = f"{found['USER']}:{found['PASSWORD']}@" if found["PASSWORD"] else f"{found['USER']}@"
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    yield f"postgres://{login}{found['HOST']}:{found['PORT'] or 5432}/{name}"
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.postgresql
def test_every_row_moves_to_postgresql(other_database: str, tmp_path: Path) -> None:
    file = tmp_path / "shop.sqlite3"
    migrated = databases.FOLDER / f"{databases.template_key()}.sqlite3"
    if migrated.exists():  # made by the suite's run on SQLite; saves half a minute
        shutil.copy(migrated, file)
    manage(f"sqlite:///{file}", tmp_path, "boot", DEMO="1")
    assert "rows in" in manage(other_database, tmp_path, "move_database", str(file), "-v0")
    tables = [model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    with closing(sqlite3.connect(file)) as there, psycopg.connect(other_database) as here:
        for table in (name for name in tables if "search" not in name and "reference" not in name):
            query = f'SELECT count(*) FROM "{table}"'  # noqa: S608
            assert here.execute(query).fetchone() == there.execute(query).fetchone(), table
        query = "SELECT title, slug, live, draft_title FROM wagtailcore_page ORDER BY id"
        moved = [(title, slug, int(live), draft) for title, slug, live, draft in here.execute(query)]
        assert moved == there.execute(query).fetchall()
        after = "SELECT nextval(pg_get_serial_sequence('wagtailcore_page', 'id')) > max(id) FROM wagtailcore_page"
        assert here.execute(after).fetchone() == (True,)
        words = "SELECT count(*) FROM wagtailsearch_indexentry"
        assert here.execute(words).fetchone()[0] > 10
    assert json.loads(manage(other_database, tmp_path, "audit"))["ok"]

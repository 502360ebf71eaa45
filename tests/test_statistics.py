"""What the databases know of the tables: SQLite is made to count once a day; PostgreSQL does, and compiles nothing."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from benchmarks import goods
from checkout.models import Beat
from products import shelving
from products.models import CategoryPage
from products.tests.factories import make_home
from storefront import periodic, statistics


def plan_of_a_shelf(path: str) -> str:
    sql, parameters = shelving._query(path, "new", shelving.EVERYTHING).values_list("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)
        return "\n".join(row[3] for row in cursor.fetchall())


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_once_counted_a_shelf_is_read_without_its_long_rows(monkeypatch) -> None:
    monkeypatch.setattr(goods, "tidy", lambda: None)  # which counts, too
    goods.main(200)
    shelf = CategoryPage.objects.get(slug="goods")
    assert "USING COVERING INDEX item_terms" not in plan_of_a_shelf(shelf.path)
    statistics.count()
    plan = plan_of_a_shelf(shelf.path)
    assert "wagtailcore_page USING COVERING INDEX products_page_shown" in plan
    assert "products_itempage USING COVERING INDEX item_terms" in plan


@pytest.mark.sqlite
@pytest.mark.django_db
def test_a_tick_counts_once_a_day() -> None:
    make_home()
    said: list[str] = []
    for age in (0, 23, 25):
        Beat.objects.filter(name=statistics.NAME).update(at=timezone.now() - timedelta(hours=age))
        periodic.tick(said.append)
    assert [line for line in said if line.startswith("statistics: ")] == [
        "statistics: counted",
        "statistics: fresh",
        "statistics: counted",
    ]


@pytest.mark.django_db
def test_postgresql_is_told_not_to_compile_and_needs_no_counting(client: Client) -> None:
    assert ("statistics" in periodic.jobs()) == (connection.vendor == "sqlite")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SHOW jit")
            assert cursor.fetchone() == ("off",)

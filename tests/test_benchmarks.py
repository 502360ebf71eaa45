"""What the benchmarks write into the documentation, and that they refuse to measure errors."""

from pathlib import Path

import pytest

from benchmarks import around, goods, report
from benchmarks.peers import oscar
from checkout.models import Order
from products.models import ItemPage, ItemTag

BEGIN, END = "<!-- peers: written by its own command -->", "<!-- end of peers -->"


def test_a_table_takes_the_place_of_its_older_self_alone(tmp_path: Path, monkeypatch) -> None:
    page = tmp_path / "performance.md"
    monkeypatch.setattr(report, "PAGE", page)
    page.write_text(f"# Before\n\n{BEGIN}\n\n| old |\n\n{END}\n\nAfter\n")
    for _ in range(2):
        report.put("peers", ["Today.", *report.table(["page", "ms"], [["item", 3], ["list", None]])])
    assert page.read_text() == (
        f"# Before\n\n{BEGIN}\n\nToday.\n\n| page | ms |\n|---|---|\n| item | 3 |\n| list |  |\n\n{END}\n\nAfter\n"
    )


def test_a_page_without_the_marks_stays_as_it_is(tmp_path: Path, monkeypatch) -> None:
    page = tmp_path / "performance.md"
    monkeypatch.setattr(report, "PAGE", page)
    page.write_text(f"# Mine\n\n{BEGIN}\n")
    with pytest.raises(SystemExit, match="lacks the line"):
        report.put("peers", ["Today."])
    assert page.read_text() == f"# Mine\n\n{BEGIN}\n"


def test_the_documentation_has_the_marks_of_every_command() -> None:
    text = report.PAGE.read_text()
    for name in ("peers", "servers"):
        assert text.count(f"<!-- {name}: written by its own command -->") == text.count(f"<!-- end of {name} -->") == 1
    assert text.count(report.MARK) == 1


def test_oscars_cookies_are_read_as_it_sends_them() -> None:
    lines = ["csrftoken=abc; Path=/; SameSite=Lax", 'oscar_open_basket="7:1tX-y"; HttpOnly', "messages=; Max-Age=0"]
    jar = oscar._given(lines)
    assert jar == {"csrftoken": "abc", "oscar_open_basket": "7:1tX-y", "messages": ""}
    assert oscar._line(jar) == "csrftoken=abc; oscar_open_basket=7:1tX-y; messages="


@pytest.mark.django_db(transaction=True)  # what tidies the tables refuses to run inside a transaction
def test_a_database_to_measure_is_filled_and_tidied() -> None:
    goods.main(12)
    around.main()
    assert ItemPage.objects.live().count() == Order.objects.count() == 12
    assert ItemTag.objects.count() == 18  # a word each, and one more on every second

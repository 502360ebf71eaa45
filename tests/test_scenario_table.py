"""docs/payments.md says which test shows which scenario; here it is held to that."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SUITES = [*ROOT.glob("tests/scenarios/test_*.py"), *ROOT.glob("tests/live/test_*.py")]
SCENARIOS = range(1, 38)


def named_tests() -> dict[str, set[int]]:
    """Every test of the suites with the scenarios that its name names: test_s15_s16_a_crash → {15, 16}."""
    return {
        node.name: {int(number) for number in re.findall(r"(?<=_s)\d\d(?=_)", node.name)}
        for path in SUITES
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def table() -> dict[int, set[str]]:
    rows = re.findall(r"^\| S(\d+) \|[^|]+\|([^|]+)\|$", (ROOT / "docs/payments.md").read_text(), re.MULTILINE)
    return {int(number): set(re.findall(r"`(\w+)`", tests)) for number, tests in rows}


@pytest.mark.parametrize("number", SCENARIOS)
def test_each_scenario_has_its_tests_in_the_table(number: int) -> None:
    wanted = {name for name, numbers in named_tests().items() if number in numbers}
    assert wanted
    assert table()[number] == wanted


def test_the_table_has_every_scenario_and_no_other() -> None:
    assert list(table()) == list(SCENARIOS)

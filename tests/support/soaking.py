"""Short and long: the same suites prove a little in every test run, and much with `--soak` (`make soak`)."""

import logging
import time
from collections.abc import Iterator

import pytest
from tqdm import tqdm

DONE = pytest.StashKey[list[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("soak")
    group.addoption("--soak", action="store_true", help="run the live suites at full length")
    group.addoption("--soak-rounds", type=int, default=20, help="rounds and seeds of the long suites")
    group.addoption("--soak-minutes", type=float, default=10.0, help="how long the shop is killed again and again")
    group.addoption("--postgresql-cluster", help="folder of a cluster that may be restarted (scripts/postgresql.sh)")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[DONE] = []
    if config.getoption("--soak"):
        logging.getLogger("wagtail").setLevel(logging.WARNING)  # a line for each page would hide the progress


class Soak:
    """How much is to be done, how far it is, and what was done."""

    def __init__(self, config: pytest.Config, name: str) -> None:
        self.long = bool(config.getoption("--soak"))
        self._rounds = config.getoption("--soak-rounds") if self.long else 1
        self._minutes = config.getoption("--soak-minutes")
        self._name, self._done = name, config.stash[DONE]

    def rounds(self, what: str) -> Iterator[int]:
        """0, 1, … with a progress bar in the long run."""
        start = time.monotonic()
        yield from tqdm(range(self._rounds), desc=what, disable=not self.long)
        self.say(f"{what}: {self._rounds} rounds in {time.monotonic() - start:.0f} s")

    def seconds(self, short: float) -> float:
        """How long something that goes on lasts."""
        return self._minutes * 60 if self.long else short

    def amount(self, short: int, long: int) -> int:
        return long if self.long else short

    def say(self, line: str) -> None:
        """What the end of a long run tells."""
        self._done.append(f"{self._name}: {line}")


@pytest.fixture
def soak(request: pytest.FixtureRequest) -> Soak:
    return Soak(request.config, request.node.name)


def pytest_terminal_summary(terminalreporter, config: pytest.Config) -> None:
    if config.getoption("--soak") and config.stash[DONE]:
        terminalreporter.section("what was done")
        for line in config.stash[DONE]:
            terminalreporter.write_line(line)

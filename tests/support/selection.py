"""Which tests run here: by database, and by what the machine has. `--require-all` makes a skipped test a failure."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

CHROMIUM = next((path for path in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if path), None)
# Without these Chromium talks to its maker, wants a GPU, or refuses to run as root.
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--require-all", action="store_true", help="fail if any test is skipped")
    parser.addoption("--chromium", help="the Chromium to drive", default=CHROMIUM)


def pytest_configure(config: pytest.Config) -> None:
    # Playwright keeps an event loop in the thread of the test; Django would refuse its database there.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests of the other database (its own run has them); say when there is no browser."""
    other = "sqlite" if connection.vendor == "postgresql" else "postgresql"
    left_out = [item for item in items if item.get_closest_marker(other)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
    chromium = config.getoption("--chromium")
    if not chromium or not Path(chromium).exists():
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason="no Chromium: install it, or name it with CHROMIUM="))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    outcome = yield
    report = outcome.get_result()
    if report.skipped and item.config.getoption("--require-all") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, and --require-all allows none: {report.longrepr}"


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any], request: pytest.FixtureRequest
) -> dict[str, Any]:
    """The machine's own Chromium for pytest-playwright's `page`."""
    return {
        **browser_type_launch_args,
        "executable_path": request.config.getoption("--chromium"),
        "args": CHROMIUM_FLAGS,
    }

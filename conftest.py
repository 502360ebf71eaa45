"""Fixtures that every suite shares."""

import pytest

from checkout.sandbox import alarm

pytest_plugins = ["tests.support.databases", "tests.support.selection", "tests.support.soaking"]


@pytest.fixture(autouse=True)
def quiet_sandbox():
    """What one test leaves due is no business of the next: its rows are gone."""
    alarm.reset()

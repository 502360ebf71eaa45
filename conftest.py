"""Fixtures that every suite shares."""

import pytest
from playwright.sync_api import expect

from checkout import mail_receipts
from checkout.sandbox import alarm
from products import generation

pytest_plugins = ["tests.support.databases", "tests.support.selection", "tests.support.soaking"]
# The suite keeps every core busy: a page that is right may need longer than the five seconds Playwright grants.
expect.set_options(timeout=20_000)


@pytest.fixture(autouse=True)
def quiet_sandbox():
    """What one test leaves due is no business of the next: its rows are gone."""
    alarm.reset()


@pytest.fixture(autouse=True)
def nothing_kept():
    """What a process keeps of the catalogue belongs to the database of the test before."""
    generation.forget()


@pytest.fixture(autouse=True)
def no_receipts():
    """Mails that a test of before sent were other mails, although their orders had the same numbers."""
    mail_receipts.forget()

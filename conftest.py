"""Fixtures that every suite shares."""

import pytest
import stripe  # noqa: TID251 - its pauses alone
from django.urls import resolve
from django.utils import translation
from playwright.sync_api import expect

from checkout import mail_receipts, ratelimit
from checkout.sandbox import alarm
from products import generation

pytest_plugins = ["tests.support.databases", "tests.support.selection", "tests.support.soaking"]
# The suite keeps every core busy: a page that is right may need longer than the five seconds Playwright grants.
expect.set_options(timeout=20_000)
# What Stripe refuses is asked again after half a second: 40 s of the suite would be these pauses.
stripe.HTTPClient.INITIAL_DELAY = 0.01
# By chance every 200th count removes old rows: no test's number of queries may hang on it.
ratelimit.PRUNE_ONE_IN = 10**9


@pytest.fixture(autouse=True, scope="session")
def routes():
    """Made before a test that turns the sandbox off: they are made once for the process."""
    resolve("/sandbox/stripe.js")


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


@pytest.fixture(autouse=True)
def own_language():
    """A page that a test of before read in another language left its thread speaking that."""
    translation.deactivate()

"""One Stripe, one mail server and one shop for all live suites; what they remember is forgotten between tests."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections

from .mailbox import Mailbox
from .processes import end_orderly
from .shop import ACCOUNTS, Shop
from .stripe_process import Stripe, temporary_folder


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The suites share their processes, so one worker runs them all."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("live"))


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    end_orderly()
    made = temporary_folder("live")
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture(scope="session")
def stripe_process(folder: Path) -> Iterator[Stripe]:
    stripe = Stripe(folder)
    stripe.start()
    yield stripe
    stripe.group.kill()


@pytest.fixture(scope="session")
def mail_server() -> Iterator[Mailbox]:
    mailbox = Mailbox()
    yield mailbox
    mailbox.shutdown()
    mailbox.server_close()


@pytest.fixture(scope="session")
def running_shop(stripe_process: Stripe, mail_server: Mailbox, folder: Path, django_db_setup: None) -> Iterator[Shop]:
    shop = Shop(stripe_process.url, mail_server.port, folder)
    shop.collect_static()
    yield shop
    shop.kill()


@pytest.fixture
def stripe(stripe_process: Stripe) -> Stripe:
    stripe_process.control("reset")
    return stripe_process


@pytest.fixture
def mailbox(mail_server: Mailbox) -> Iterator[Mailbox]:
    mail_server.empty()
    yield mail_server
    mail_server.open.set()


@pytest.fixture
def here(transactional_db: None, stripe: Stripe, mailbox: Mailbox, settings) -> None:
    """This process uses the shop's Stripe and mail server too: its procedures and commands are the shop's."""
    settings.STRIPE_SANDBOX = False
    settings.STRIPE_ACCOUNTS = ACCOUNTS
    settings.STRIPE_API_BASE = stripe.url
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mailbox.port


@pytest.fixture
def shop(running_shop: Shop, here: None, stripe: Stripe) -> Iterator[Shop]:
    """The shop, up, on the test's database."""
    running_shop.be_there()
    yield running_shop
    stripe.control("deliver_to", url="")
    connections.close_all()

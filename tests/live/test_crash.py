"""kill -9 of the whole shop, again and again while people buy; with PostgreSQL restarted as well. Nothing is lost."""

import subprocess
import time
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection, connections
from tqdm import tqdm

from checkout.models import Order, OutboxMail
from products.tests.factories import make_item
from tests.support.soaking import Soak

from .ageing import age_shop
from .buyers import NO_ANSWER
from .load import Load
from .mailbox import Mailbox
from .shop import THREADS, WORKERS, Shop, assert_sound
from .snapshots import cut_off
from .stripe_process import Stripe

UP_FOR = 2.0  # seconds between the shop's first sale and the next kill
SELLS_WITHIN = 20.0  # seconds
RATE = 20.0  # orders a second


def wait_until_it_sells(load: Load) -> None:
    """Answering is not selling: on a slow machine a shop that is killed by the clock alone never gets to work."""
    before, end = load.answers[200], time.monotonic() + SELLS_WITHIN
    while load.answers[200] == before and time.monotonic() < end:
        time.sleep(0.05)


def kill_again_and_again(shop: Shop, load: Load, seconds: float, halfway: Callable[[], object]) -> int:
    """Kills, each two seconds after the shop's first sale; how many."""
    begun, kills, was_halfway = time.monotonic(), 0, False
    with tqdm(total=int(seconds), desc="kill -9", unit="s", disable=seconds < 60) as bar:
        while (passed := time.monotonic() - begun) < seconds:
            wait_until_it_sells(load)
            time.sleep(UP_FOR)
            shop.kill()
            kills += 1
            shop.start()
            if passed > seconds / 2 and not was_halfway:
                was_halfway = True
                halfway()
            bar.n = min(int(passed), int(seconds))
            bar.refresh()
    return kills


def put_right(shop: Shop, stripe: Stripe) -> None:
    """Some minutes later, what an operator's timer does."""
    stripe.await_delivery(120)
    age_shop(180)
    done = shop.manage("tick")
    assert done.returncode == 0, done.stderr[-2000:]


def survive(
    shop: Shop, stripe: Stripe, mailbox: Mailbox, soak: Soak, halfway: Callable[[], object] = lambda: None
) -> None:
    items = [make_item(on_hand=1_000_000).pk for _ in range(4)]
    stripe.control("deliver_to", url=shop.webhook)
    load = Load(shop, stripe, items, per_second=RATE)
    load.begin()
    kills = kill_again_and_again(shop, load, soak.seconds(5), halfway)
    load.end()
    connections.close_all()
    put_right(shop, stripe)
    assert_sound()
    paid = set(Order.objects.filter(status="paid").values_list("token", flat=True))
    assert paid == set(load.paid)
    assert OutboxMail.objects.filter(kind="paid", sent_at__isnull=False).count() == len(paid)
    mails = Counter(mailbox.orders())
    assert set(mails) == paid
    assert set(load.answers) <= {200, 503, NO_ANSWER}, load.answers
    twice = sum(count > 1 for count in mails.values())
    soak.say(f"{kills} kills; {len(paid)} orders paid, each once; {len(mails)} mailed, {twice} of them twice")
    soak.say(f"answers to /buy {dict(load.answers)} (0: nobody there); the slowest took {load.slow:.1f} s")
    # killed between the mail server's answer and the commit: no protocol can rule it out, but it is the same mail,
    # and no more of them than were being sent at that moment
    assert len({message["Message-ID"] for message in mailbox.messages}) == len(paid)
    assert twice <= kills * WORKERS * THREADS


def test_kill_nine_loses_nothing(shop: Shop, stripe: Stripe, mailbox: Mailbox, soak: Soak) -> None:
    survive(shop, stripe, mailbox, soak)


@pytest.mark.postgresql
def test_a_restart_of_postgresql_loses_nothing(
    shop: Shop, stripe: Stripe, mailbox: Mailbox, soak: Soak, request: pytest.FixtureRequest
) -> None:
    """A cluster of our own is restarted; of a shared one our connections are cut, which is the same to the shop."""
    folder = request.config.getoption("--postgresql-cluster")

    def restart() -> None:
        if not folder:
            cut_off(str(connection.settings_dict["NAME"]))
            return
        connections.close_all()
        subprocess.run(["sh", "scripts/postgresql.sh", "restart", folder], check=True, timeout=120)

    survive(shop, stripe, mailbox, soak, halfway=restart)

"""A click on Buy while Stripe takes 300 ms, with twenty buyers at once; then the webhooks of what was paid."""

import json
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from tqdm import tqdm

from checkout.sandbox import keys
from tests.live.processes import PYTHON, Group, environment
from tests.live.stripe_process import Stripe

from .load import share
from .parts import PROXIED, Rows, addresses
from .shops import Data, Server

BUYERS = 20
RUSHES = 5
THREADS = 24  # a process that happens to take most of the twenty lets none of them wait for a thread
DELAY = 300  # milliseconds of Stripe for a session
CURRENCIES = ("USD", "EUR")


@dataclass(frozen=True, slots=True)
class Bought:
    """A click on Buy: the session, the account (a currency) it is at, and how long the buyer waited."""

    session: str
    account: str
    seconds: float


class Bank(Stripe):
    """tests/live's Stripe, with one of this folder's modules for its server.

    `stripe_quick` answers from memory, so that shop and buyers have the processors to themselves; `stripe_server` keeps
    books, so that what was bought can be paid.
    """

    def __init__(self, folder: Path, module: str) -> None:
        super().__init__(folder)
        self.group = Group(
            [PYTHON, "-m", f"benchmarks.{module}", str(self.port), str(DELAY)],
            environment(
                DJANGO_SETTINGS_MODULE="storefront.settings.test",
                DATABASE_URL=f"sqlite:///{folder / 'stripe.sqlite3'}",
            ),
            folder / "stripe.log",
        )


def measure(data: Data, count: int) -> Rows:
    """`count` purchases; as many once more, and their events."""
    items = [int(path.rsplit("/", 1)[1]) for path in addresses(data)["basket add"]]
    with _shop(data, "stripe_quick") as (shop, stripe):
        rows: Rows = {
            "/buy, 20 buyers at once": _purchases(shop, stripe, items, count),
            "/buy, 20 in one instant": _rushes(shop, stripe, items),
        }
    with _shop(data, "stripe_server") as (shop, stripe):
        _warm(shop, items)
        return rows | {"webhooks": _webhooks(shop, stripe, _all_buy(shop, items, count))}


@contextmanager
def _shop(data: Data, module: str) -> Iterator[tuple[Server, Bank]]:
    with tempfile.TemporaryDirectory(prefix="storefront-bench-") as folder:
        stripe = Bank(Path(folder), module)
        stripe.start()
        try:
            env = data.environment(**PROXIED, **settings(stripe.url), GUNICORN_THREADS=str(THREADS))
            with Server(f"buying-{data.name}", env) as shop:
                yield shop, stripe
        finally:
            stripe.group.kill()


def settings(url: str) -> dict[str, str]:
    """A Stripe account for each currency, at that address."""
    found = {"STRIPE_API_BASE": url, "STRIPE_SANDBOX": "0"}
    for currency in CURRENCIES:
        found[f"STRIPE_SECRET_KEY_{currency}"] = keys.secret_key(currency)
        found[f"STRIPE_PUBLISHABLE_KEY_{currency}"] = keys.publishable_key(currency)
        found[f"STRIPE_WEBHOOK_SECRET_{currency}"] = keys.webhook_secret(currency)
    return found


def _purchases(shop: Server, stripe: Bank, items: list[int], count: int) -> dict[str, float]:
    """Times of buyers without Stripe's part in them, and what a purchase costs the shop's processes."""
    _warm(shop, items)
    cpu = shop.cpu()
    bought = _all_buy(shop, items, count, apart=DELAY / 1000 / BUYERS)
    cpu = shop.cpu() - cpu
    return _own(stripe, bought) | {"cpu_ms": round(cpu / count * 1000, 1)}


def _rushes(shop: Server, stripe: Bank, items: list[int]) -> dict[str, float]:
    """All click in the same millisecond, and once more when everybody has the answer."""
    return _own(stripe, [one for _ in range(RUSHES) for one in _all_buy(shop, items, BUYERS)])


def _own(stripe: Bank, bought: list[Bought]) -> dict[str, float]:
    at_stripe = stripe.control("times")
    own = [(one.seconds - at_stripe[one.session]) * 1000 for one in bought]
    return {"own_p50": round(statistics.median(own), 1), "own_p95": round(share(own, 0.95), 1)}


def _warm(shop: Server, items: list[int]) -> None:
    """Every item is bought by twenty at a time: tax rates are made, pools are filled, threads have connections."""
    _all_buy(shop, items, max(len(items), 10 * BUYERS))


def _buy(shop: Server, item: int, buyer: int) -> Bought:
    headers = {"X-Forwarded-For": f"198.18.{buyer // 250}.{buyer % 250 + 1}", "Accept": "application/json"}
    connection = HTTPConnection("127.0.0.1", shop.port, timeout=60)
    connection.connect()
    start = time.perf_counter()
    connection.request("POST", f"/buy/{item}", headers=headers)
    response = connection.getresponse()
    body = response.read()
    took = time.perf_counter() - start
    connection.close()
    if response.status != 200:
        raise SystemExit(f"/buy/{item} answers {response.status}: {body[:200]!r}")
    answer = json.loads(body)
    return Bought(answer["session_id"], keys.account_of_publishable(answer["publishable_key"]) or "", took)


def _all_buy(shop: Server, items: list[int], count: int, apart: float = 0) -> list[Bought]:
    """Each buyer has an address that earlier runs hardly had: their unpaid orders still count for theirs.

    `apart`: seconds between the first clicks of the twenty.
    """
    first = random.randrange(50_000)  # noqa: S311

    def buyer(number: int) -> Bought:
        if number < BUYERS:
            time.sleep(number * apart)
        return _buy(shop, items[number % len(items)], first + number)

    with ThreadPoolExecutor(BUYERS) as buyers:
        return list(tqdm(buyers.map(buyer, range(count)), total=count, desc="Twenty buyers", unit="order"))


def _webhooks(shop: Server, stripe: Bank, bought: list[Bought]) -> dict[str, float]:
    """All buyers pay; then every event is delivered by four couriers."""
    for one in tqdm(bought, desc="Paying", unit="order"):
        stripe.control("pay", session=one.session, account=one.account)
    events = len(stripe.control("events"))
    cpu, start = shop.cpu(), time.perf_counter()
    stripe.control("deliver_to", url=f"http://127.0.0.1:{shop.port}/stripe/webhook/")
    stripe.await_delivery(600)
    took, cpu = time.perf_counter() - start, shop.cpu() - cpu
    return {
        "events": events,
        "per_second": round(events / took),
        "per_core": round(events / cpu),
        "orders_per_core": round(len(bought) / cpu),
    }

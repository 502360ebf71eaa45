"""What one page costs inside the process: queries, CPU and time, without server and network.

python -m benchmarks.inside 300        with the shop's own settings in the environment; prints JSON

CPU is this process's own. What PostgreSQL works meanwhile is told apart (`database_ms`), if it runs on this machine;
SQLite works inside the process.
"""

import itertools
import json
import math
import os
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings")
# Every page is made anew: what is stored is measured under a server.
os.environ["PAGE_CACHE_URL"] = "dummycache://"
import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from benchmarks.around import CLERK  # noqa: E402
from benchmarks.paths import FILTER, admin_paths, paths  # noqa: E402
from products import catalogue, exporting, generation, seo, sheets  # noqa: E402
from products.generation import COUNTS  # noqa: E402
from products.merchant import feed  # noqa: E402
from products.search import search, suggest  # noqa: E402
from products.tree import forest, tree  # noqa: E402

ROUNDS = 10
LONGEST = 5  # seconds for one row; what is slower is measured less often
Cost = dict[str, float]


def main(repeats: int) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    print(json.dumps(_public(repeats) | _functions(repeats) | _whole() | _admin(max(repeats // 3, 1))))


def _public(repeats: int) -> dict[str, Cost]:
    client, found = Client(), {}
    for name, some in paths().items():
        if name != "basket add":
            turns = itertools.cycle(some)
            found[name] = measure(lambda turns=turns: page(client, next(turns)), repeats)
    chosen = "&".join(f"{name}={value}" for name, value in FILTER.query().items())
    changes = {"change": generation.forget, "sale": partial(generation.raise_after, math.inf, COUNTS)}
    for name, path in (("list", "/goods/"), ("list, all filters", f"/goods/?{chosen}&sort=price")):
        for what, change in changes.items():
            found[f"{name}, first after a {what}"] = measure(partial(page_after, change, client, path), repeats // 3)
    return found


@transaction.atomic  # inside of which nothing is kept
def _functions(repeats: int) -> dict[str, Cost]:
    found = {}
    for name, text in (("first results", "linen"), ("two words", "linen harb"), ("rare word", "kestrel")):
        found[f"search() {name}"] = measure(lambda text=text: search(text), repeats)
    for name, text in (("beginning", "harb"), ("misspelt", "harbuor")):
        found[f"suggest() {name}"] = measure(lambda text=text: suggest(text), repeats)
    return found


def _whole() -> dict[str, Cost]:
    """What reads the whole shop, told for a thousand items."""
    items = catalogue.for_sale().count()
    of_file = min(items, seo.SITEMAP_PAGE)
    works: dict[str, tuple[int, Callable[[], object]]] = {
        "sitemap file": (of_file, lambda: list(seo.sitemap(forest(), 1))),
        "merchant feed": (items, lambda: list(feed(tree()))),
        "export": (items, _export),
    }
    found = {}
    for name, (count, work) in works.items():
        cost = measure(work, 10) if items < 5_000 else once(work)
        found[f"{name}, 1,000 items"] = {"queries": cost["queries"]} | {
            one: round(value / count * 1000, 2) for one, value in cost.items() if one != "queries"
        }
    return found


def _export() -> list:
    return list(sheets.stream("csv", exporting.rows(exporting.everything()), exporting.COLUMNS))


def _admin(repeats: int) -> dict[str, Cost]:
    client = Client()
    client.force_login(get_user_model().objects.get(username=CLERK))
    return {
        f"admin: {name}": measure(lambda path=path: page(client, path), repeats) for name, path in admin_paths().items()
    }


def page(client: Client, path: str) -> None:
    response = client.get(path)
    if response.status_code != 200:
        raise SystemExit(f"{path} answers {response.status_code}")
    response.getvalue() if response.streaming else response.content


def page_after(change: Callable[[], None], client: Client, path: str) -> None:
    change()
    page(client, path)


def measure(work: Callable[[], object], repeats: int) -> Cost:
    """Queries of the second call; medians of CPU, of time, and of the database's CPU, in milliseconds."""
    work()
    start = time.perf_counter()
    with CaptureQueriesContext(connection) as queries:
        work()
    count = len(queries)  # now: the next request empties the log
    per_round = int(LONGEST / ROUNDS / (time.perf_counter() - start))
    per_round = max(1, min(repeats // ROUNDS, per_round))
    cpu, wall, server = [], [], []
    for _ in range(min(ROUNDS, repeats)):
        before, began = database_seconds(), time.process_time()
        for _ in range(per_round):
            start = time.perf_counter()
            work()
            wall.append((time.perf_counter() - start) * 1000)
        cpu.append((time.process_time() - began) / per_round * 1000)
        server.append((database_seconds() - before) / per_round * 1000)
    found = {"queries": count, "cpu_ms": _median(cpu), "wall_ms": _median(wall)}
    return found | ({"database_ms": _median(server)} if any(server) else {})


def once(work: Callable[[], object]) -> Cost:
    """The same of what takes minutes."""
    server, cpu, start = database_seconds(), time.process_time(), time.perf_counter()
    with CaptureQueriesContext(connection) as queries:
        work()
    taken = {"cpu_ms": time.process_time() - cpu, "wall_ms": time.perf_counter() - start}
    taken |= {"database_ms": worked} if (worked := database_seconds() - server) else {}
    return {"queries": len(queries)} | {name: seconds * 1000 for name, seconds in taken.items()}


def database_seconds() -> float:
    """CPU of the process of the database that serves this one; 0 where it cannot be seen. Its helpers are not in it."""
    if connection.vendor != "postgresql" or connection.connection is None:
        return 0
    schedule = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return int(schedule.read_text().split()[0]) / 1e9 if schedule.exists() else 0


def _median(values: list[float]) -> float:
    return round(statistics.median(values), 2)


if __name__ == "__main__":
    main(int(sys.argv[1]))

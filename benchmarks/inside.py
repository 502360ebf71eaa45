"""What one page costs inside the process: queries and CPU, without server and network.

python -m benchmarks.inside 300        with the shop's own settings in the environment; prints JSON
"""

import itertools
import json
import os
import statistics
import sys
import time
from collections.abc import Callable

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings")
# Every page is made anew: what is stored is measured under a server.
os.environ["PAGE_CACHE_URL"] = "dummycache://"
import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from benchmarks.paths import paths  # noqa: E402
from products.search import search, suggest  # noqa: E402


def main(repeats: int) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client()
    found = {}
    for name, some in paths().items():
        if name != "basket add":
            turns = itertools.cycle(some)
            found[name] = measure(lambda turns=turns: page(client, next(turns)), repeats)
    for name, text in (("first results", "linen"), ("two words", "linen harb"), ("rare word", "kestrel")):
        found[f"search() {name}"] = measure(lambda text=text: search(text), repeats)
    for name, text in (("beginning", "harb"), ("misspelt", "harbuor")):
        found[f"suggest() {name}"] = measure(lambda text=text: suggest(text), repeats)
    print(json.dumps(found))


def page(client: Client, path: str) -> None:
    response = client.get(path)
    if response.status_code != 200:
        raise SystemExit(f"{path} answers {response.status_code}")
    response.getvalue() if response.streaming else response.content


def measure(work: Callable[[], object], repeats: int) -> dict[str, float]:
    """Queries of the second call; the median of the CPU time of several rounds, in milliseconds."""
    work()
    with CaptureQueriesContext(connection) as queries:
        work()
    count = len(queries)  # now: the next request empties the log
    times = []
    per_round = max(1, repeats // 10)
    for _ in range(10):
        start = time.process_time()
        for _ in range(per_round):
            work()
        times.append((time.process_time() - start) / per_round * 1000)
    return {"queries": count, "cpu_ms": round(statistics.median(times), 2)}


if __name__ == "__main__":
    main(int(sys.argv[1]))

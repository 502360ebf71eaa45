"""What is measured on one database. Each part gives rows for the report: {name: {figure: number}}."""

import json
import statistics
import time
from collections import defaultdict
from collections.abc import Callable
from http.client import HTTPConnection
from typing import Any

from tqdm import tqdm

from . import load
from .shops import FOLDER, Data, Server, run
from .words import ANEW

Rows = dict[str, dict[str, Any]]
NO_STORE = {"PAGE_CACHE_URL": "dummycache://"}
PROXIED = {"TRUSTED_PROXIES": "127.0.0.1"}  # so that each measured buyer has an address of its own


def addresses(data: Data) -> dict[str, list[str]]:
    return json.loads(run("-m", "benchmarks.paths", env=data.environment(), quiet=True))


def stored(data: Data, rounds: int, seconds: int) -> Rows:
    """Stored pages beside a bare view of the same bytes, in turns, so that both meet the same machine."""
    paths, found = addresses(data), {}
    with Server(f"shop-{data.name}", data.environment()) as shop:
        for name in ("item", "list"):
            hot = paths[name][:20]
            sizes = {len(shop.get(path)) for path in hot}
            body = FOLDER / "body.html"
            body.write_bytes(shop.get(hot[0]))
            env = data.environment(BODY=str(body), DJANGO_SETTINGS_MODULE="benchmarks.bare_settings")
            with Server("bare", env, "benchmarks.bare") as bare:
                found[name] = _in_turns(shop, bare, hot, rounds, seconds) | {"bytes": round(statistics.mean(sizes))}
    return found


def _in_turns(shop: Server, bare: Server, hot: list[str], rounds: int, seconds: int) -> dict[str, Any]:
    load.hammer(shop, hot, 1)
    load.hammer(bare, hot, 1)
    both = [
        (load.hammer(shop, hot, seconds), load.hammer(bare, hot, seconds))
        for _ in tqdm(range(rounds), desc="Stored and bare in turns", unit="round")
    ]
    ours, theirs = zip(*both, strict=True)
    return {
        "per_second": median(ours, "per_second"),
        "bare_per_second": median(theirs, "per_second"),
        "share": round(statistics.median(one.per_second / other.per_second for one, other in both) * 100),
        "cpu_ms": median(ours, "cpu_ms"),
        "bare_cpu_ms": median(theirs, "cpu_ms"),
        "p50": median(ours, "p50"),
        "p99": median(ours, "p99"),
    }


def median(loads: tuple[load.Load, ...], figure: str) -> float:
    return round(statistics.median(getattr(one, figure) for one in loads), 2)


def made(data: Data, count: int) -> Rows:
    """Pages that are made for the request, nothing stored: CPU of the workers, times of one reader, queries."""
    paths, found = addresses(data), {}
    inside = json.loads(run("-m", "benchmarks.inside", str(count), env=data.environment(), quiet=True).splitlines()[-1])
    with Server(f"made-{data.name}", data.environment(**NO_STORE, **PROXIED)) as shop:
        for name, some in tqdm(paths.items(), desc="Pages made anew", unit="kind"):
            ask = asking(shop, name, some)
            once = name == ANEW
            if not once:
                load.warm(shop, ask)
            one = load.read(shop, ask, min(count, len(some)) if once else count)
            found[name] = {"cpu_ms": round(one.cpu_ms, 2), "p50": round(one.p50, 1), "p95": round(one.p95, 1)}
            found[name]["queries"] = inside.pop(name, {}).get("queries")
        found["worker memory"] = {"megabytes": round(shop.memory())}
        found["first page after start"] = {"seconds": round(shop.seconds_to_first_page, 2)}
    return found | inside


def asking(shop: Server, name: str, paths: list[str]) -> load.Ask:
    return adding(shop, paths) if name == "basket add" else load.get(paths)


def adding(shop: Server, paths: list[str]) -> load.Ask:
    """A visitor who has a basket puts another thing into it; a visitor for each forty things."""
    visitors: dict[int, dict[str, str]] = defaultdict(dict)
    first = int(time.time()) % 100_000  # an earlier run's addresses have had their orders of this hour

    def ask(connection: HTTPConnection, number: int) -> int:
        visitor = number // 40
        place = first + visitor
        address = f"198.{18 + place // 62_500}.{place // 250 % 250}.{place % 250 + 1}"
        cookies = visitors[visitor]
        headers = {"X-Forwarded-For": address, "Accept": "application/json"}
        if cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        connection.request("POST", paths[number % len(paths)], headers=headers)
        response = connection.getresponse()
        response.read()
        # each answer's: the basket of another currency is one more order, and an hour gives a visitor sixty
        given = (cookie.partition(";")[0] for cookie in response.headers.get_all("Set-Cookie") or [])
        cookies.update(cookie.split("=", 1) for cookie in given)
        return response.status

    return ask


Part = Callable[..., Rows]

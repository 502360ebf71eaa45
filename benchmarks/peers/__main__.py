"""Measures our shop beside django-oscar, in turns on the same machine, and writes the table into docs/performance.md.

    python -m benchmarks.peers                                  100 and 1,000 items, five rounds (a quarter of an hour)
    python -m benchmarks.peers --sizes 100 --rounds 2 --count 20        a look

Oscar is installed from the package index into a virtual environment of its own below var/bench. Nothing of our shop is
stored: each page is made for its request.
"""

import argparse
import os
import statistics
from contextlib import ExitStack
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings.test")
import django

django.setup()

from tqdm import tqdm  # noqa: E402

from benchmarks import load, parts, report  # noqa: E402
from benchmarks.__main__ import machine, when  # noqa: E402
from benchmarks.shops import THREADS, WORKERS, Data, Server  # noqa: E402

from . import oscar  # noqa: E402

KINDS = ("item", "list", "search", "basket add")
SLOWER = 4  # Oscar is given a quarter of the requests: the rounds are of about the same length then
KEPT = {"as documented": 0, "connections kept": 60}  # seconds that Oscar's threads keep a connection
Turn = list[load.Load]  # ours, and each Oscar


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default="100,1000", help="numbers of items")
    parser.add_argument("--rounds", type=int, default=5, help="turns of both shops")
    parser.add_argument("--count", type=int, default=80, help="requests of our shop in each round")
    return parser.parse_args()


def main() -> None:
    given = arguments()
    rows, before = [], os.getloadavg()[0]
    for size in map(int, given.sizes.split(",")):
        print(f"→ {size:,} items")
        data, peer = Data("sqlite", size, ""), oscar.Shop(size)
        data.prepare()
        rows += measure(data, peer, given.rounds, given.count)
    head = ["items", "page", *(f"CPU ms: {name}" for name in ("ours", *(f"Oscar {kind}" for kind in KEPT)))]
    head += [*(f"times Oscar {kind}" for kind in KEPT), "p50 ms: ours", "Oscar", "bytes: ours", "Oscar"]
    about = (
        f"{peer.versions()}; SQLite, gunicorn with {WORKERS} × {THREADS} threads, {given.rounds} rounds in turns; "
        f"nothing stored. {machine()}; {when()}, load {before:.1f} to {os.getloadavg()[0]:.1f}."
    )
    report.put("peers", [about, *report.table(head, rows)])
    print(f"Written to {report.PAGE}.")


def measure(data: Data, peer: oscar.Shop, rounds: int, count: int) -> list[list[Any]]:
    """A row for each kind of page."""
    paths = parts.addresses(data)
    with ExitStack() as stack:
        ours = stack.enter_context(Server(f"ours-{data.name}", data.environment(**parts.NO_STORE, **parts.PROXIED)))
        theirs = [stack.enter_context(peer.server(seconds)) for seconds in KEPT.values()]
        shops: list[tuple[Server, dict[str, load.Ask], int]] = [
            (ours, {kind: parts.asking(ours, kind, paths[kind]) for kind in KINDS}, count),
            *((one, asks(one, peer, count), count // SLOWER) for one in theirs),
        ]
        for kind in tqdm(KINDS, desc="Warming up", unit="page"):
            for server, ask, _count in shops:
                load.warm(server, ask[kind])
        measured: dict[str, list[Turn]] = {kind: [] for kind in KINDS}
        for kind in tqdm(KINDS * rounds, desc="All shops in turns", unit="turn"):
            measured[kind].append([load.read(server, ask[kind], some) for server, ask, some in shops])
        sizes = {
            kind: (len(ours.get(paths[kind][0])), len(theirs[0].get(peer.addresses[kind][0]))) for kind in KINDS[:3]
        }
    return [[f"{data.size:,}", kind, *_row(turns, sizes.get(kind))] for kind, turns in measured.items()]


def asks(server: Server, peer: oscar.Shop, count: int) -> dict[str, load.Ask]:
    baskets = oscar.Baskets(server, peer.addresses, count)
    baskets.assert_fills(server)
    return {kind: load.get(peer.addresses[kind]) for kind in KINDS} | {"basket add": baskets.ask}


def _row(turns: list[Turn], sizes: tuple[int, int] | None) -> list[Any]:
    """Medians over the rounds; a ratio is the median of each round's own."""
    shops = list(zip(*turns, strict=True))
    ratios = [
        statistics.median(turn[place].cpu_ms / turn[0].cpu_ms for turn in turns) for place in range(1, len(shops))
    ]
    return [
        *(parts.median(shop, "cpu_ms") for shop in shops),
        *(f"**{ratio:.1f}**" for ratio in ratios),
        parts.median(shops[0], "p50"),
        parts.median(shops[1], "p50"),
        *(f"{size:,}" for size in sizes or ("", "")),
    ]


if __name__ == "__main__":
    main()

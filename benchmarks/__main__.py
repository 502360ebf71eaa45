"""Measures the shop on this machine and writes docs/performance.md.

    python -m benchmarks                                   everything (an hour at its first run)
    python -m benchmarks --sizes 100 --databases sqlite --rounds 2 --count 40      a look, in two minutes

What was measured is kept in var/bench/results.json: an interrupted run goes on where it stopped; --again begins anew.
"""

import argparse
import json
import os
import platform
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings.test")  # the sandbox's keys depend on it

from . import buying, load, parts, report  # noqa: E402
from .shops import FOLDER, Data  # noqa: E402

RESULTS = FOLDER / "results.json"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default="100,10000,100000", help="numbers of items")
    parser.add_argument("--databases", default="sqlite,postgres")
    parser.add_argument("--postgres", default="postgres://postgres@127.0.0.1:5432/", help="the server's address")
    parser.add_argument("--parts", default="stored,made,buying", help="of these")
    parser.add_argument("--rounds", type=int, default=7, help="turns of shop and bare view")
    parser.add_argument("--seconds", type=int, default=3, help="of each turn")
    parser.add_argument("--count", type=int, default=300, help="requests for each page that is made anew")
    parser.add_argument("--again", action="store_true", help="measure what was measured before, too")
    return parser.parse_args()


def main() -> None:
    given = arguments()
    if not load.have_wrk():
        raise SystemExit("wrk is missing: apt-get install wrk, or brew install wrk")
    FOLDER.mkdir(parents=True, exist_ok=True)
    results: dict[str, Any] = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    for kind in given.databases.split(","):
        for size in map(int, given.sizes.split(",")):
            measure(Data(kind, size, given.postgres), given, results)
    report.write(results)
    print(f"Written to {report.PAGE}.")


def measure(data: Data, given: argparse.Namespace, results: dict[str, Any]) -> None:
    steps = {
        "stored": lambda: parts.stored(data, given.rounds, given.seconds),
        "made": lambda: parts.made(data, given.count),
        "buying": lambda: buying.measure(data, given.count),
    }
    wanted = [name for name in given.parts.split(",") if given.again or f"{data.name} {name}" not in results]
    if wanted:
        print(f"→ {data.size:,} items on {data.kind}")
        data.prepare()
    for name in wanted:
        before = os.getloadavg()[0]
        rows = steps[name]()
        results[f"{data.name} {name}"] = {"rows": rows, "when": when(), "load": [before, os.getloadavg()[0]]}
        results["machine"] = machine()
        RESULTS.write_text(json.dumps(results, indent=1))


def when() -> str:
    return datetime.now(UTC).strftime("%d %B %Y, %H:%M UTC")


def machine() -> str:
    known = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    names = [line.split(":")[1].strip() for line in known if line.startswith("model name")]
    return f"{os.cpu_count()} cores ({names[0] if names else platform.machine()}), Python {platform.python_version()}"


if __name__ == "__main__":
    start = time.monotonic()
    main()
    print(f"Took {time.monotonic() - start:.0f} s.")

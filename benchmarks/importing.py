"""What it takes to import a file of so many items, and a second one that changes the price of each.

python -m benchmarks.importing                          half an hour; the table goes into docs/performance.md
python -m benchmarks.importing --sizes 100 --databases sqlite
"""

import argparse
import csv
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings.test")

from tqdm import tqdm

from products.money import to_major

from . import report
from .__main__ import machine, when
from .shops import FOLDER, ROOT, Data, run
from .words import good

MOST = 50_000  # rows of a file: one of 100,000 such texts is larger than the importer takes
COLUMNS = ("sku", "name", "description", "price", "currency", "stock", "category")
HEAD = ("database, items", "files", "new: seconds", "items/s", "memory", "each changed: seconds", "items/s", "memory")


class Fresh(Data):
    """A migrated database of its own, without goods."""

    @property
    def name(self) -> str:
        return f"{self.kind}-import-{self.size}"

    def begin(self) -> None:
        FOLDER.mkdir(parents=True, exist_ok=True)
        self.empty()
        run("manage.py", "migrate", "--verbosity", "0", env=self.environment())


@dataclass(frozen=True, slots=True)
class Taken:
    seconds: float
    megabytes: float  # at most, of the process


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.importing", description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default="1000,10000,100000", help="numbers of items")
    parser.add_argument("--databases", default="sqlite,postgres")
    parser.add_argument("--postgres", default="postgres://postgres@127.0.0.1:5432/", help="the server's address")
    given = parser.parse_args()
    before = os.getloadavg()[0]
    shops = [
        Fresh(kind, int(size), given.postgres) for kind in given.databases.split(",") for size in given.sizes.split(",")
    ]
    rows = [_row(shop) for shop in tqdm(shops, desc="Shops", unit="shop")]
    about = "`manage.py import_items --publish`, one category, no pictures; the second file makes each dearer. "
    about += f"{machine()}; {when()}, load {before:.1f} to {os.getloadavg()[0]:.1f}."
    report.put("imports", [about, *report.table(HEAD, rows)])
    print(f"Written to {report.PAGE}.")


def _row(shop: Fresh) -> list[Any]:
    shop.begin()
    with tempfile.TemporaryDirectory(prefix="storefront-bench-") as folder:
        path = Path(folder) / "goods.csv"
        cells: list[Any] = []
        for cents in (0, 100):
            taken = []
            for start in range(0, shop.size, MOST):
                _write(path, range(start, min(start + MOST, shop.size)), cents)
                taken.append(_import(shop, path))
            seconds = sum(one.seconds for one in taken)
            memory = max(one.megabytes for one in taken)
            cells += [f"{seconds:.1f}", f"{shop.size / seconds:,.0f}", f"{memory:.0f} MB"]
        size = f"{len(taken)} × {path.stat().st_size / 1024**2:.1f} MB"
    shop.empty()
    return [f"{shop.kind}, {shop.size:,}", size, *cells]


def _write(path: Path, numbers: range, cents: int) -> None:
    """The made-up goods with these numbers; `cents` dearer."""
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        for number in numbers:
            one = good(number)
            price = to_major(one.cents + cents, "USD")
            rows.writerow([one.sku, one.title, one.text, price, "USD", one.units, "Goods"])


def _import(shop: Fresh, path: Path) -> Taken:
    command = [sys.executable, "manage.py", "import_items", str(path), "--publish", "--verbosity", "0"]
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env=shop.environment(), stdout=subprocess.DEVNULL)
    _pid, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(command)} failed.")
    return Taken(time.perf_counter() - start, used.ru_maxrss / 1024)


if __name__ == "__main__":
    main()

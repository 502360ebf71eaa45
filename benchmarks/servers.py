"""Numbers of processes and threads, and another server, beside each other; the table goes into docs/performance.md.

    python -m benchmarks.servers                        ten minutes

granian is installed from the package index into a folder below var/bench; without it, gunicorn alone is measured.
"""

import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings.test")

from tqdm import tqdm

from . import load, parts, report
from .__main__ import machine, when
from .shops import FOLDER, Data, Server

SIZE, ROUNDS, SECONDS = 1_000, 3, 3
SHAPES = ((1, 4), (1, 8), (2, 4), (2, 8), (3, 4))  # processes, threads of each
GRANIAN_SHAPES = ((1, 4), (2, 4))
GRANIAN = "granian==2.8.7"
UNSTORED = "?fresh=1"  # a parameter that no page reads: such a page is made for the one request


class Granian(Server):
    """The same application under granian."""

    def command(self) -> list[str]:
        shape = [
            "--workers",
            self.environment["WEB_CONCURRENCY"],
            "--blocking-threads",
            self.environment["GUNICORN_THREADS"],
        ]
        where = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port)]
        return [self.python, "-m", "granian", *where, *shape, "storefront.wsgi:application"]


def main() -> None:
    data = Data("sqlite", SIZE, "")
    data.prepare()
    pages = parts.addresses(data)["item"][:20]
    before = os.getloadavg()[0]
    with ExitStack() as stack:
        servers = [stack.enter_context(server) for server in _servers(data)]
        for server in tqdm(servers, desc="Warming up", unit="server"):
            load.hammer(server, pages, 1)
            load.hammer(server, [page + UNSTORED for page in pages], 1)
        found: dict[str, list[tuple[load.Load, load.Load]]] = {server.name: [] for server in servers}
        for server in tqdm(servers * ROUNDS, desc="Servers in turns", unit="turn"):
            made = load.hammer(server, [page + UNSTORED for page in pages], SECONDS)
            found[server.name].append((load.hammer(server, pages, SECONDS), made))
        rows = [_row(server, found[server.name]) for server in servers]
    head = ["server, processes × threads"]
    head += [f"{kind}: {what}" for kind in ("stored", "made anew") for what in ("requests/s", "CPU ms", "p99 ms")]
    head += ["memory of all processes"]
    about = (
        f"Item pages, {SIZE:,} items on SQLite, 8 connections, {ROUNDS} rounds in turns. {machine()}; {when()}, load "
    )
    about += f"{before:.1f} to {os.getloadavg()[0]:.1f}."
    report.put("servers", [about, *report.table(head, rows)])
    print(f"Written to {report.PAGE}.")


def _servers(data: Data) -> list[Server]:
    shops = [_named(Server, "gunicorn", data, *shape) for shape in SHAPES]
    if packages := _install_granian():
        shops += [_named(Granian, "granian", data, *shape, packages) for shape in GRANIAN_SHAPES]
    return shops


def _named(kind: type[Server], name: str, data: Data, processes: int, threads: int, packages: str = "") -> Server:
    env = data.environment(WEB_CONCURRENCY=str(processes), GUNICORN_THREADS=str(threads))
    env["PYTHONPATH"] += f":{packages}" if packages else ""
    return kind(f"{name} {processes} × {threads}", env)


def _install_granian() -> str:
    """The folder it is in; "" if the package index does not have it."""
    folder = FOLDER / "granian"
    if not (folder / "granian").is_dir():
        pip = [
            sys.executable,
            "-m",
            "pip",
            "--disable-pip-version-check",
            "install",
            "--quiet",
            "--target",
            str(folder),
            GRANIAN,
        ]
        if subprocess.run(pip, check=False).returncode:
            print("granian could not be installed; gunicorn is measured alone.")
            return ""
    return str(folder)


def _row(server: Server, turns: list[tuple[load.Load, load.Load]]) -> list[Any]:
    cells: list[Any] = [server.name]
    for one in zip(*turns, strict=True):
        cells += [f"{parts.median(one, 'per_second'):,.0f}", parts.median(one, "cpu_ms"), parts.median(one, "p99")]
    return [*cells, f"{_memory(server):.0f} MB"]


def _memory(server: Server) -> float:
    """Megabytes of all its processes; what several share is counted once."""
    shares = [
        int(line.split()[1])
        for pid in server.processes()
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        if line.startswith("Pss:")
    ]
    return sum(shares) / 1024


if __name__ == "__main__":
    main()

"""Visitors: wrk where thousands of requests a second are answered, one or two patient readers where tens are."""

import math
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection

from .shops import FOLDER, Server

READERS = 16  # at once, and some of them meet each worker
WARMING = 4 * READERS  # requests
UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}
SCRIPT = """
local paths = {%s}
local n = 0
request = function()
  n = n %% #paths + 1
  return wrk.format("GET", paths[n])
end
"""


@dataclass(frozen=True)
class Load:
    """What one server did under one load. Times in milliseconds."""

    requests: int
    per_second: float
    cpu_ms: float
    p50: float
    p95: float
    p99: float


def have_wrk() -> bool:
    return shutil.which("wrk") is not None


def hammer(server: Server, paths: list[str], seconds: int, connections: int = 8) -> Load:
    """wrk: as many requests as the server answers, over the paths in turn."""
    script = FOLDER / "paths.lua"
    script.write_text(SCRIPT % ",".join(f'"{path}"' for path in paths))
    address = f"http://127.0.0.1:{server.port}"
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", str(script), address]
    before = server.cpu()
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    cpu = server.cpu() - before
    if found := re.search(r"Non-2xx or 3xx responses: (\d+)", text):
        raise SystemExit(f"{server.name}: {found[1]} answers were errors")
    count = int(re.search(r"(\d+) requests in", text)[1])
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1])
    p50, p99 = (_milliseconds(text, share) for share in ("50%", "99%"))
    return Load(count, rate, cpu / count * 1000, p50, _milliseconds(text, "90%"), p99)


def _milliseconds(text: str, share: str) -> float:
    number, unit = re.search(rf"{share}\s+([\d.]+)(us|ms|s|m)", text).groups()
    return float(number) * UNITS[unit]


Ask = Callable[[HTTPConnection, int], int]


def get(paths: list[str]) -> Ask:
    """Reads the paths in turn."""

    def ask(connection: HTTPConnection, number: int) -> int:
        connection.request("GET", paths[number % len(paths)], headers={"Accept": "text/html,*/*;q=0.8"})
        response = connection.getresponse()
        response.read()
        return response.status

    return ask


def read(server: Server, ask: Ask, count: int, readers: int = 1) -> Load:
    """`count` requests by so many readers, each after the answer to the one before."""
    times: list[float] = []
    wrong: list[int] = []
    numbers = iter(range(count))

    def reader() -> None:
        connection = HTTPConnection("127.0.0.1", server.port, timeout=120)
        for number in numbers:
            start = time.perf_counter()
            status = ask(connection, number)
            times.append((time.perf_counter() - start) * 1000)
            if status >= 400:
                wrong.append(status)
        connection.close()

    before, start = server.cpu(), time.perf_counter()
    threads = [threading.Thread(target=reader) for _ in range(readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took, cpu = time.perf_counter() - start, server.cpu() - before
    if wrong:
        raise SystemExit(f"{server.name}: {len(wrong)} answers were errors, such as {wrong[0]}")
    return Load(count, count / took, cpu / count * 1000, *(share(times, part) for part in (0.5, 0.95, 0.99)))


def warm(server: Server, ask: Ask) -> None:
    """Templates are compiled and files are opened once in each process, so each process must have answered before."""
    read(server, ask, WARMING, READERS)


def share(times: list[float], part: float) -> float:
    """The time that so large a part of them does not exceed."""
    return sorted(times)[math.ceil(part * len(times)) - 1]

"""Databases full of goods, and servers on them. Everything is kept under var/bench and used again."""

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "var" / "bench"
TICK = os.sysconf("SC_CLK_TCK")
WORKERS, THREADS = 2, 4


@dataclass(frozen=True)
class Data:
    """A migrated database with so many goods."""

    kind: str  # sqlite or postgres
    size: int
    postgres: str  # the server's address, ending with a slash

    @property
    def name(self) -> str:
        return f"{self.kind}-{self.size}"

    @property
    def url(self) -> str:
        if self.kind == "sqlite":
            return f"sqlite:///{FOLDER / self.name}.sqlite3"
        return f"{self.postgres}{self.database}"

    @property
    def database(self) -> str:
        """PostgreSQL's."""
        return f"storefront_bench_{self.name.partition('-')[2].replace('-', '_')}"

    def environment(self, **more: str) -> dict[str, str]:
        """For every process that works on it."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        own = {
            "PYTHONPATH": f"{ROOT}:{ROOT / 'site'}",
            "SECRET_KEY": "measured",
            "DATABASE_URL": self.url,
            "MEDIA_ROOT": str(FOLDER / "media" / self.name),
            "DOWNLOADS_ROOT": str(FOLDER / "downloads" / self.name),
            "WEB_CONCURRENCY": str(WORKERS),
            "GUNICORN_THREADS": str(THREADS),
            "ALLOWED_HOSTS": "127.0.0.1,testserver",
        }
        return kept | own | more

    def prepare(self) -> None:
        """Fills it, unless an earlier run has; brings it up to today's migrations."""
        FOLDER.mkdir(parents=True, exist_ok=True)
        done, around = FOLDER / f"{self.name}.done", FOLDER / f"{self.name}.around"
        if not done.exists():
            self.empty()
            around.unlink(missing_ok=True)
        run("manage.py", "migrate", "--verbosity", "0", env=self.environment())
        if not done.exists():
            run("-m", "benchmarks.goods", str(self.size), env=self.environment())
            done.touch()
        if not around.exists():
            run("-m", "benchmarks.around", env=self.environment())
            around.touch()

    def empty(self) -> None:
        if self.kind == "sqlite":
            for path in FOLDER.glob(f"{self.name}.sqlite3*"):
                path.unlink()
            return
        with psycopg.connect(f"{self.postgres}postgres", autocommit=True) as server:
            server.execute(f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)")
            server.execute(f"CREATE DATABASE {self.database}")


def run(*command: str, env: dict[str, str], quiet: bool = False) -> str:
    """One Python command to its end; what it printed if `quiet`."""
    result = subprocess.run([sys.executable, *command], cwd=ROOT, env=env, text=True, capture_output=quiet, check=False)
    if result.returncode:
        raise SystemExit(f"{' '.join(command)} failed. {(result.stderr or '')[-2000:]}")
    return result.stdout or ""


@dataclass
class Server:
    """gunicorn with the shop's own configuration."""

    name: str
    environment: dict[str, str]
    application: str = "storefront.wsgi"
    python: str = sys.executable
    port: int = 0
    seconds_to_first_page: float = 0
    _process: subprocess.Popen | None = field(default=None, repr=False)

    def __enter__(self) -> "Server":
        self.port = free_port()
        env = self.environment | {"PORT": str(self.port), "BASE_URL": f"http://127.0.0.1:{self.port}"}
        log = (FOLDER / f"{self.name}.log").open("w")
        start = time.monotonic()
        self._process = subprocess.Popen(
            self.command(), cwd=ROOT, env=env, stdout=log, stderr=log, start_new_session=True
        )
        while not self.answers("/"):
            if self._process.poll() is not None or time.monotonic() - start > 120:
                raise SystemExit(f"{self.name} does not start: see {log.name}")
            time.sleep(0.02)
        self.seconds_to_first_page = time.monotonic() - start
        return self

    def command(self) -> list[str]:
        return [self.python, "-m", "gunicorn", "-c", "gunicorn.conf.py", self.application]

    def __exit__(self, *_: object) -> None:
        if self._process:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def answers(self, path: str) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("GET", path)
            return connection.getresponse().status < 500
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    def get(self, path: str) -> bytes:
        """Raises SystemExit unless it answers 200."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", path)
        response = connection.getresponse()
        body = response.read()
        connection.close()
        if response.status != 200:
            raise SystemExit(f"{self.name}: {path} answers {response.status}")
        return body

    def workers(self) -> list[int]:
        """Process ids, the master's not among them."""
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def processes(self) -> list[int]:
        """Process ids, the master's first."""
        return [self._process.pid, *self.workers()]

    def cpu(self) -> float:
        """Seconds of CPU, user and system, that the workers have taken."""
        fields = [Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split() for pid in self.workers()]
        return sum(int(one[11]) + int(one[12]) for one in fields) / TICK

    def memory(self) -> float:
        """Megabytes of the largest worker: resident, and what it shares counted in full."""
        sizes = [
            int(line.split()[1])
            for pid in self.workers()
            for line in Path(f"/proc/{pid}/status").read_text().splitlines()
            if line.startswith("VmRSS")
        ]
        return max(sizes) / 1024


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]

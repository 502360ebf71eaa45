"""Oscar's environment, database and visitors, as the measuring process (in our own environment) sees them."""

import hashlib
import json
import os
import re
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.load import WARMING
from benchmarks.shops import FOLDER, ROOT, THREADS, WORKERS, Server
from products.catalogue import PER_PAGE

REQUIREMENTS = Path(__file__).with_name("oscar.txt")
APPLICATION = "benchmarks.peers.oscar_wsgi"
ADDS_OF_ONE = 40  # as in parts.adding: so many things go into one visitor's basket


def python() -> Path:
    """Oscar's own virtual environment, made when its list of requirements is new."""
    home = FOLDER / "peers" / f"oscar-{hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()[:8]}"
    found, done = home / "bin" / "python", home / "installed"
    if not done.exists():
        print(f"→ installing django-oscar into {home.relative_to(ROOT)} (a minute, once)")
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
        pip = [str(found), "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "-r", str(REQUIREMENTS)]
        if subprocess.run(pip, check=False).returncode:
            raise SystemExit(
                "django-oscar could not be installed: the package index does not have it, or does not answer."
            )
        done.touch()
    return found


class Shop:
    """A migrated Oscar with so many goods."""

    def __init__(self, size: int) -> None:
        self.python = python()
        self.folder = FOLDER / "peers" / f"oscar-sqlite-{size}"
        self.folder.mkdir(parents=True, exist_ok=True)
        filled = self.folder / "filled"
        if not filled.exists():
            (self.folder / "shop.sqlite3").unlink(missing_ok=True)
            self._run("-m", "django", "migrate", "--verbosity", "0")
        said = self._run("-m", "benchmarks.peers.oscar_goods", "0" if filled.exists() else str(size))
        self.addresses: dict[str, list[str]] = json.loads(said)
        filled.touch()

    def server(self, kept_for: int) -> Server:
        """`kept_for`: seconds that a thread keeps its connection to the database."""
        env = self._environment() | {"CONN_MAX_AGE": str(kept_for)}
        return Server(f"oscar-{self.folder.name}-{kept_for}", env, APPLICATION, python=str(self.python))

    def versions(self) -> str:
        said = self._run("-c", "import django, oscar; print(oscar.get_version(), django.__version__)").split()
        return f"django-oscar {said[0]} on Django {said[1]}, Whoosh for its search"

    def _environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return kept | {
            "PYTHONPATH": f"{ROOT}:{ROOT / 'site'}",
            "DJANGO_SETTINGS_MODULE": "benchmarks.peers.oscar_settings",
            "PEER_FOLDER": str(self.folder),
            "PER_PAGE": str(PER_PAGE),
            "WEB_CONCURRENCY": str(WORKERS),
            "GUNICORN_THREADS": str(THREADS),
        }

    def _run(self, *command: str) -> str:
        """What it printed; its progress is shown."""
        done = subprocess.run(
            [str(self.python), *command],
            cwd=ROOT,
            env=self._environment(),
            text=True,
            stdout=subprocess.PIPE,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"{' '.join(command)} failed in {self.folder}.")
        return done.stdout


class Baskets:
    """Visitors who put things into their baskets by the form of an item's page. Their tokens are fetched beforehand."""

    def __init__(self, server: Server, addresses: dict[str, list[str]], most: int) -> None:
        """For requests numbered below `most`, and for those of the warming up."""
        self.paths = addresses["basket add"]
        visitors = max(most, WARMING) // ADDS_OF_ONE + 1
        self.cookies = [_visit(server, addresses["item"][0]) for _ in range(visitors)]

    def ask(self, connection: HTTPConnection, number: int) -> int:
        jar = self.cookies[number // ADDS_OF_ONE]
        form = urlencode({"csrfmiddlewaretoken": jar["csrftoken"], "quantity": 1})
        headers = {"Cookie": _line(jar), "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", self.paths[number % len(self.paths)], form, headers)
        response = connection.getresponse()
        response.read()
        jar |= _given(response.headers.get_all("Set-Cookie"))
        return response.status

    def assert_fills(self, server: Server) -> None:
        """A form that Oscar refuses leads back with a redirect too: the basket itself must say what is in it."""
        connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
        self.ask(connection, 0)
        connection.request("GET", "/basket/", headers={"Cookie": _line(self.cookies[0])})
        page = connection.getresponse().read().decode()
        connection.close()
        if 'name="form-0-quantity"' not in page:
            raise SystemExit("Oscar's basket stayed empty: its form was refused.")


def _visit(server: Server, path: str) -> dict[str, str]:
    connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request("GET", path)
    response = connection.getresponse()
    response.read()
    connection.close()
    return _given(response.headers.get_all("Set-Cookie"))


def _given(lines: list[str] | None) -> dict[str, str]:
    pairs = [re.match(r'([^=]+)="?([^;"]*)', line) for line in lines or []]
    return {pair[1]: pair[2] for pair in pairs if pair}


def _line(jar: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in jar.items())

"""Processes of the live suites. Each has its own process group; whatever happens, none outlives the run."""

import atexit
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0  # seconds until a process must answer
_groups: set[int] = set()


class NotServing(RuntimeError):
    """The process ended, or does not answer; the message has the last lines of its log."""


class Group:
    """One command as a process group of its own, with a log file."""

    def __init__(self, command: list[str], environment: dict[str, str], log: Path) -> None:
        self.command, self.environment, self.log = command, environment, log
        self._process: subprocess.Popen[bytes] | None = None
        self._pulse = -1  # the end of a pipe whose other end every process of the group holds

    @property
    def runs(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        self._pulse, theirs = os.pipe()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
                pass_fds=[theirs],
            )
        os.close(theirs)
        _groups.add(self._process.pid)

    def kill(self) -> None:
        """kill -9 of the whole group; afterwards no process of it lives, so none of its connections does."""
        if self._process is not None:
            _kill(self._process.pid)
            self._process.wait(20)
            select.select([self._pulse], [], [], 20)  # ends when the last of them lets go
            os.close(self._pulse)
            self._process = None

    def await_answer(self, port: int, path: str) -> None:
        """Until the process answers there with 200. Raises NotServing."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if not self.runs:
                break
            if answers(port, path):
                return
            time.sleep(0.05)
        raise NotServing(self.log.read_text(errors="replace")[-3000:])


def _kill(group: int) -> None:
    _groups.discard(group)
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return


@atexit.register
def _kill_all() -> None:
    for group in list(_groups):
        _kill(group)


def end_orderly() -> None:
    """From now on SIGTERM ends this process as an exit does, so that no group outlives it."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))


def answers(port: int, path: str) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(**settings: str) -> dict[str, str]:
    """A clean environment: what a process needs to run here, and those settings."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return kept | {"PYTHONPATH": f"{ROOT}:{ROOT / 'site'}", "PYTHONUNBUFFERED": "1"} | settings


PYTHON = sys.executable

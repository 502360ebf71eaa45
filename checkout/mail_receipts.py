"""Which mails a mail server has taken, written into a file of this machine at once.

Between the server's "accepted" and the commit that says so a process may wait for a busy database. Killed there, it
would send the mail again. A line in a file takes microseconds and outlives the process; whoever tries a mail a second
time looks here first. On another machine, or without a writable folder for temporary files, such a mail is sent
again, under the same Message-ID.
"""

import hashlib
import logging
import os
import tempfile
from pathlib import Path

from django.conf import settings
from django.db import connection

log = logging.getLogger(__name__)
LARGEST = 500_000  # bytes: some 15,000 mails; then the file becomes the older of two


def note(name: str) -> None:
    """The mail of that name was taken."""
    path = _path()
    try:
        file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            os.write(file, _line(name))
            full = os.fstat(file).st_size > LARGEST
        finally:
            os.close(file)
        if full:
            path.replace(_older(path))
    except OSError as error:  # the mail is sent, and the database will say so
        log.warning("no receipt of a mail could be written to %s: %s", path, error)


def has(name: str) -> bool:
    """Whether a process of this machine saw the mail of that name taken."""
    path = _path()
    return any(_line(name) in _read(file) for file in (path, _older(path)))


def forget() -> None:
    """Throw the receipts away."""
    path = _path()
    path.unlink(missing_ok=True)
    _older(path).unlink(missing_ok=True)


def _path() -> Path:
    """One for each shop and database, with a name that nobody else can guess."""
    database = connection.settings_dict["NAME"]
    name = hashlib.sha256(f"{settings.SECRET_KEY} {database}".encode()).hexdigest()[:24]
    return Path(tempfile.gettempdir()) / f"storefront-mails-{name}"


def _older(path: Path) -> Path:
    return path.with_name(f"{path.name}-older")


def _line(name: str) -> bytes:
    return hashlib.sha256(name.encode()).hexdigest()[:32].encode() + b"\n"


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        log.warning("the receipts of mails in %s cannot be read: %s", path, error)
        return b""

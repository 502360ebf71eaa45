"""Where a command writes bytes: a file, or standard output."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.core.management.base import CommandError, OutputWrapper


@contextmanager
def opened(path: str | None, stdout: OutputWrapper) -> Iterator[BinaryIO]:
    """The file to write to. Raises CommandError if it cannot be opened."""
    if not path:
        stream = getattr(stdout, "_out", sys.stdout)
        yield getattr(stream, "buffer", sys.stdout.buffer)
        return
    try:
        with Path(path).open("wb") as file:
            yield file
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from None

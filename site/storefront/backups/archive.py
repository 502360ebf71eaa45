"""The file itself: written whole or not at all, read without trusting the names in it."""

import io
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

MANIFEST = "manifest.json"
# Folder in the archive → the name of its storage in the settings.
STORES = {"media/": "default", "downloads/": "downloads"}
FORMAT = 1
# Quick rather than small: pictures do not shrink, and a small host has a tenth of a CPU.
COMPRESSION = 1


class BackupError(Exception):
    """Told to the operator as it is."""


@dataclass
class Manifest:
    """`engine`: sqlite or postgresql; `migrations`: those applied; `rows`: table → count; `uploads`: how many."""

    engine: str
    made_at: str
    migrations: list[list[str]]
    rows: dict[str, int] = field(default_factory=dict)
    columns: dict[str, list[str]] = field(default_factory=dict)
    uploads: int | None = None
    format: int = FORMAT


class Writer:
    def __init__(self, tar: tarfile.TarFile, folder: Path) -> None:
        self.tar = tar
        self.folder = folder

    def add(self, name: str, content: IO[bytes], size: int) -> None:
        info = tarfile.TarInfo(name)
        info.size, info.mode = size, 0o600
        self.tar.addfile(info, content)

    def add_manifest(self, manifest: Manifest) -> None:
        text = json.dumps(asdict(manifest), indent=1).encode()
        self.add(MANIFEST, io.BytesIO(text), len(text))


@contextmanager
def writing(path: Path) -> Iterator[Writer]:
    """A new archive at `path`, readable by its owner alone; there only once it is whole."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with (
            os.fdopen(descriptor, "wb") as file,
            tarfile.open(fileobj=file, mode="w:gz", compresslevel=COMPRESSION) as tar,
            tempfile.TemporaryDirectory(dir=path.parent, prefix=".backup-") as folder,
        ):
            yield Writer(tar, Path(folder))
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def reading(path: Path) -> Iterator[tuple[Manifest, tarfile.TarFile]]:
    """The manifest and the open archive. Raises BackupError if this is no backup of ours."""
    try:
        with tarfile.open(path, "r:gz") as tar:
            yield _manifest(tar, path), tar
    except (tarfile.TarError, OSError, EOFError) as error:
        raise BackupError(f"{path} cannot be read as a backup ({type(error).__name__}).") from error


def _manifest(tar: tarfile.TarFile, path: Path) -> Manifest:
    try:
        found: dict[str, Any] = json.load(member(tar, MANIFEST))
        manifest = Manifest(**found)
    except (KeyError, TypeError, ValueError):
        raise BackupError(f"{path} is no backup of this shop: its manifest is missing or of another kind.") from None
    if manifest.format != FORMAT:
        raise BackupError(f"{path} was written by another version (format {manifest.format}).")
    return manifest


def member(tar: tarfile.TarFile, name: str) -> IO[bytes]:
    """The content of one file. Raises KeyError."""
    content = tar.extractfile(name)
    if content is None:
        raise KeyError(name)
    return content


def uploads(tar: tarfile.TarFile) -> Iterator[tuple[str, str, IO[bytes]]]:
    """Each uploaded file's storage, its name there, and its content. A name that leads out of it is refused."""
    for info in tar:
        folder = next((one for one in STORES if info.name.startswith(one)), None)
        if folder is None or not info.isfile():
            continue
        name = info.name.removeprefix(folder)
        if ".." in PurePosixPath(name).parts or PurePosixPath(name).is_absolute():
            raise BackupError(f"The backup holds a file with the name {name!r}, which leads out of the uploads.")
        content = tar.extractfile(info)
        if content is not None:
            yield STORES[folder], name, content

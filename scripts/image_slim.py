"""Takes out of the image's packages what the shop never opens: `python image_slim.py SITE-PACKAGES en de ru`.

Each line of the lists below must find something, or the build stops: a package that moved its files is noticed at the
upgrade, not by an image that has grown. What is left is tried out by `image_whole.py`, and before that by the suite
(tests/test_deploying.py), which lets the shop run with these files out of its reach.
"""

import shutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

# Folders and files, as patterns below site-packages.
UNUSED = [
    # Only developers of those packages read these.
    "wagtail/test",
    "wagtail/project_template",
    "**/tests",
    "**/*.po",
    # Pictures in HEIC, which the shop does not take (WAGTAILIMAGES_EXTENSIONS); a video encoder of 22 MB comes with it.
    # Willow does without. AVIF is Pillow's own.
    "pillow_heif",
    "pillow_heif.libs",
    "_pillow_heif*.so",
    # Pages to try out an API in a browser. Neither is an app of the shop's, so nobody can be shown them.
    "ninja/static",
    "rest_framework/static",
]
# Compiled, although the shop never imports them; their sources stay, for whoever does.
COMPILED_IN_VAIN = ["stripe/params", "stripe/events", "django/contrib/gis"]
# Below a folder, everything but these is unused.
KEPT = {
    "botocore/data": ["s3", "sts", "*.json*"],  # descriptions of Amazon's other three hundred services
    "boto3/data": ["s3", "sts", "*.json*"],
}
LOCALES = "babel/locale-data"  # root.dat and those of the shop's languages


class NothingThere(Exception):
    """A pattern that finds nothing: the package has changed."""


def unused(packages: Path, languages: Iterable[str]) -> Iterator[Path]:
    """What can go, parents before children. Raises NothingThere."""
    for pattern in UNUSED:
        found = sorted(packages.glob(pattern))
        if not found:
            raise NothingThere(pattern)
        yield from found
    families = {language.partition("-")[0] for language in languages}  # "pt" of "pt-br"
    locales = ["root.dat", *(f"{family}{end}" for family in families for end in (".dat", "_*.dat"))]
    for folder, kept in {**KEPT, LOCALES: locales}.items():
        entries = set((packages / folder).glob("*"))
        keeping = {entry for name in kept for entry in (packages / folder).glob(name)}
        if not keeping or not entries - keeping:
            raise NothingThere(folder)
        yield from sorted(entries - keeping)


def slim(packages: Path, languages: Iterable[str]) -> int:
    """Removes it; the bytes that were freed."""
    before = _size(packages)
    compiled = [path for folder in COMPILED_IN_VAIN for path in (packages / folder).rglob("__pycache__")]
    if not compiled:
        raise NothingThere(", ".join(COMPILED_IN_VAIN))
    for path in [*compiled, *unused(packages, languages)]:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)  # within a folder that has gone
    return before - _size(packages)


def _size(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir())


if __name__ == "__main__":
    try:
        print(f"{slim(Path(sys.argv[1]), sys.argv[2:]) / 1024 / 1024:.0f} MB taken out.")
    except NothingThere as problem:
        sys.exit(f"image_slim.py: {problem} finds nothing. Has the package changed? Look where its files are now.")

"""`python -m products.demo.art`: draw the pictures that are missing (all of them with --force)."""

import argparse
from pathlib import Path

from tqdm import tqdm

from .pictures import PICTURES

FOLDER = Path(__file__).resolve().parent.parent / "pictures"
QUALITY = 82


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m products.demo.art", description=__doc__)
    parser.add_argument("names", nargs="*", help="only these pictures")
    parser.add_argument("--force", action="store_true", help="draw again what is there already")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    options = parser.parse_args()
    unknown = set(options.names) - set(PICTURES)
    if unknown:
        parser.error(f"no such picture: {', '.join(sorted(unknown))}")
    options.folder.mkdir(parents=True, exist_ok=True)
    for name in tqdm(options.names or list(PICTURES), desc="Drawing", unit="picture"):
        target = options.folder / f"{name}.jpg"
        if options.force or not target.exists():
            unfinished = target.with_suffix(".part")  # a broken run must not leave half a picture behind
            PICTURES[name]().save(unfinished, "JPEG", quality=QUALITY, optimize=True, progressive=True)
            unfinished.replace(target)


if __name__ == "__main__":
    main()

"""What a card shows of an item, kept while nothing that pages show has changed.

The same card stands on its shelf, in results and below its neighbours. Reading the items below an item anew, with their
pictures and fifty renditions, was a sixth of an item page made anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from . import catalogue
from .kept import Kept
from .pictures import Album, Cut

MOST = 2_000  # of some 3 KB each


@dataclass(frozen=True, slots=True)
class Face:
    """An item's row and its first picture in the sizes of a card; `cuts` is empty without a picture."""

    row: catalogue.Row
    alt: str = ""
    cuts: tuple[Cut, ...] = ()


_kept: Kept[Face] = Kept(limit=MOST, counts=True)


def faces(item_ids: Sequence[int]) -> list[Face]:
    """These items, as far as they are for sale, in the order of the ids. No query, or three for those not kept."""
    return beside(item_ids)[0]


def beside(
    item_ids: Sequence[int], page_id: int = 0, roles: Sequence[str] = ()
) -> tuple[list[Face], list[catalogue.Picture], Album]:
    """The same, and in the same queries the gallery of one more item, with an album of it in the sizes of `roles`."""
    word, known = _kept.known(item_ids)
    rows = catalogue.rows([item_id for item_id in item_ids if item_id not in known])
    galleries = catalogue.pictures([*([page_id] if page_id else []), *(row.id for row in rows)])
    first = {row.id: galleries[row.id][0] for row in rows if row.id in galleries}
    gallery = galleries.get(page_id, [])
    album = Album((one.image_id for one in gallery), roles, cards=(one.image_id for one in first.values()))
    made = {row.id: Face(row) for row in rows}
    for item_id, picture in first.items():
        made[item_id] = Face(made[item_id].row, picture.alt, album.cuts(picture.image, "card"))
    _kept.keep(word, made)
    found = {**known, **made}
    return [found[item_id] for item_id in item_ids if item_id in found], gallery, album

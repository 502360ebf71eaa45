"""What the shop says of the items that a file names. A cell that says the same changes nothing and is not checked."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from products import exporting
from products.models import ItemPage


@dataclass(slots=True)
class Known:
    """One row as an export would write it. `values`: what is chosen; `image_file`: the picture's other name."""

    item: ItemPage
    cells: dict[str, str]
    values: tuple[str, ...] = ()
    image_file: str = ""

    def says(self, column: str, cell: str) -> bool:
        """Whether that is what the shop says already."""
        now = self.cells.get(column, "")
        if column == "price":
            return _sum(cell) is not None and _sum(cell) == _sum(now)
        if column == "image":
            return cell in (now, self.image_file)
        return _plain(column, cell) == _plain(column, now)

    @property
    def is_counted(self) -> bool:
        return bool(self.cells["stock"])

    def forget(self) -> None:
        """All but the page's own short columns, and whether it is counted."""
        self.cells = {"stock": self.cells["stock"]}
        for name in ("description", "_prefetched_objects_cache", "_cluster_related_objects"):
            self.item.__dict__.pop(name, None)


def read(item_ids: Iterable[int]) -> dict[tuple[int, str], Known]:
    """By (item, SKU); as many items as a statement may name."""
    found: dict[tuple[int, str], Known] = {}
    for item, row, cells in exporting.pairs(ItemPage.objects.filter(pk__in=set(item_ids))):
        pictures = list(item.gallery.all())
        found[item.pk, cells["sku"]] = Known(
            item,
            {name: "" if cells[name] is None else str(cells[name]) for name in exporting.IMPORTED},
            tuple(row.values) if row else (),
            pictures[0].image.file.name.rpartition("/")[2] if pictures else "",
        )
    return found


def _sum(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _plain(column: str, text: str) -> str:
    """Without differences that nobody sees."""
    if column == "description":
        return "\n".join(line.strip() for line in text.replace("\r\n", "\n").strip().split("\n"))
    text = " ".join(text.split())
    if column == "tags":
        return ",".join(sorted({part.strip().casefold() for part in text.split(",") if part.strip()}))
    if column == "currency":
        return text.upper()
    return " > ".join(part.strip() for part in text.split(">")).casefold() if column == "category" else text

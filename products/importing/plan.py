"""What an import would do: things to write, each with everything that was found out about it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(slots=True)
class Wanted:
    """One row, understood. None: the cell was empty, so what is there stays."""

    line: int
    sku: str
    name: str = ""
    description: str = ""
    price: Decimal | None = None
    currency: str = ""
    stock: int | None = None
    category: tuple[str, ...] | None = None
    image: str = ""
    variant: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    # column → what the file says and what the shop said before, where the two differ
    changes: dict[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(slots=True)
class Target:
    """One item with its rows: one row without a variant, or one for each variant. `item_id` None: it is new.

    `title`: its name now; `goes_live`: it is published although nothing of it changes. `note`: what else to know.
    """

    rows: list[Wanted]
    item_id: int | None = None
    title: str = ""
    goes_live: bool = False
    note: str = ""

    @property
    def first(self) -> Wanted:
        return self.rows[0]

    @property
    def has_variants(self) -> bool:
        return bool(self.first.variant)

    @property
    def changes_page(self) -> bool:
        """Whether more than a count changes."""
        return self.goes_live or any(column != "stock" for row in self.rows for column in row.changes)

    @property
    def left_alone(self) -> bool:
        return self.item_id is not None and not self.goes_live and not any(row.changes for row in self.rows)

    def said(self, column: str):
        """The first row that says something about the item as a whole."""
        return next((value for row in self.rows if (value := getattr(row, column))), None)


def portions(targets: list[Target], size: int = 500) -> Iterator[list[Target]]:
    """Not more at once than memory and statements bear."""
    for start in range(0, len(targets), size):
        yield targets[start : start + size]


@dataclass(slots=True)
class Plan:
    targets: list[Target] = field(default_factory=list)
    images: dict[str, int] = field(default_factory=dict)

    @property
    def new(self) -> list[Target]:
        return [one for one in self.targets if one.item_id is None]

    @property
    def changed(self) -> list[Target]:
        return [one for one in self.targets if one.item_id is not None and not one.left_alone]

    @property
    def unchanged(self) -> list[Target]:
        return [one for one in self.targets if one.left_alone]

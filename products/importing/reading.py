"""From the bytes of a file to rows under the names that we know."""

from dataclasses import dataclass, field

from products.exporting import IMPORTED as COLUMNS
from products.exporting import READ_ONLY

from . import formats
from .formats import Lines, Unreadable

NEEDED = ("sku",)
MAX_ROWS = 100_000
# What other programs call our columns.
OTHER_NAMES = {
    "article number": "sku",
    "title": "name",
    "text": "description",
    "amount": "price",
    "quantity": "stock",
    "picture": "image",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """`line` as an editor counts them, the header being 1; `value` is what stands there; `message` what to do."""

    line: int
    column: str
    value: str
    message: str


@dataclass(slots=True)
class Row:
    """One line. A column that the file does not have, or an empty cell, is ""."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(slots=True)
class Table:
    """`columns`: those the file has; `ignored`: those of them that only an export has, which are not read.

    A mistake in the file itself leaves no rows.
    """

    columns: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)


def read(data: bytes, most_rows: int = MAX_ROWS) -> Table:
    """The table in a file's bytes."""
    table = Table()
    try:
        lines = formats.lines(data)
        _line, header = next(lines, (1, []))
        if _header(header, table):
            _rows(lines, table, most_rows)
    except Unreadable as error:
        table.problems.append(Problem(error.line, "", "", str(error)))
    if not table.rows and not table.problems:
        table.problems.append(Problem(1, "", "", "There are no rows below the header."))
    return table


def _header(header: list[str], table: Table) -> bool:
    """Fills `columns`; a header that cannot be understood is a problem for each name."""
    names = [" ".join(name.split()).lower().strip("\ufeff") for name in header]
    names = [OTHER_NAMES.get(name, name) for name in names]
    for name in dict.fromkeys(names):
        if name in READ_ONLY:
            table.ignored.append(name)
        elif name not in COLUMNS:
            known = f"Known are {', '.join(COLUMNS)}. Rename this column or take it out."
            table.problems.append(Problem(1, name or "(no name)", "", f"There is no such column. {known}"))
        elif names.count(name) > 1:
            table.problems.append(Problem(1, name, "", "This column stands there twice. Keep one."))
    for name in NEEDED:
        if name not in names:
            message = "This column is missing: an item is found again by it. The first line names the columns."
            table.problems.append(Problem(1, name, "", message))
    table.columns = names
    return not table.problems


def _rows(lines: Lines, table: Table, most: int) -> None:
    for line, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if len(table.rows) >= most:
            table.problems.append(Problem(line, "", "", f"More than {most:,} rows. Split the file."))
            return
        if extra := [cell for cell in cells[len(table.columns) :] if cell.strip()]:
            message = "More cells than the header has columns. Put text with a separator in it in quotation marks."
            table.problems.append(Problem(line, "", extra[0][:60], message))
            continue
        named = dict(zip(table.columns, cells, strict=False))
        table.rows.append(Row(line, {name: cell.strip() for name, cell in named.items()}))

"""From the bytes of a file to rows: encodings, separators, the header. Whatever a spreadsheet calls CSV."""

import csv
import io
from dataclasses import dataclass, field

COLUMNS = ("sku", "name", "description", "price", "currency", "stock", "category", "image", "variant")
NEEDED = ("sku",)
MAX_BYTES = 50 * 1024 * 1024
MAX_ROWS = 100_000
SEPARATORS = ",;\t|"
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
    """`columns`: those the file has. A mistake in the file itself leaves no rows."""

    columns: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read(data: bytes) -> Table:
    """The table in a file's bytes."""
    table = Table()
    text = _text(data, table)
    if text is None:
        return table
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    try:
        header = next(lines, [])
        if _header(header, table):
            _rows(lines, table)
    except csv.Error as error:
        wrong = "A quotation mark opens here and never closes, or something stands behind a closing one."
        table.problems.append(Problem(lines.line_num, "", "", f"{wrong} ({error})"))
    if not table.rows and not table.problems:
        table.problems.append(Problem(1, "", "", "There are no rows below the header."))
    return table


def _text(data: bytes, table: Table) -> str | None:
    """UTF-8 with or without a mark, UTF-16 with one, else what Windows wrote in western Europe."""
    wrong = ""
    if not data.strip():
        wrong = "The file is empty."
    elif len(data) > MAX_BYTES:
        wrong = f"The file is larger than {MAX_BYTES // 1024 // 1024} MB. Split it."
    elif data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        wrong = "This is a spreadsheet, not CSV. In your program choose “Save as” and then CSV."
    elif data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    elif b"\x00" in data[:1000]:
        wrong = "This is not a text file."
    if wrong:
        table.problems.append(Problem(1, "", "", wrong))
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _separator(text: str) -> str:
    """The one that stands most often in the first line, outside quotes."""
    bare = text.lstrip("\r\n").split("\n", 1)[0].split('"')[::2]
    return max(SEPARATORS, key=lambda one: sum(part.count(one) for part in bare))


def _header(header: list[str], table: Table) -> bool:
    """Fills `columns`; a header that cannot be understood is a problem for each name."""
    names = [" ".join(name.split()).lower().strip("\ufeff") for name in header]
    names = [OTHER_NAMES.get(name, name) for name in names]
    for name in dict.fromkeys(names):
        if name not in COLUMNS:
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


def _rows(lines, table: Table) -> None:
    begun = lines.line_num
    for cells in lines:
        line, begun = begun + 1, lines.line_num
        if not any(cell.strip() for cell in cells):
            continue
        if len(table.rows) >= MAX_ROWS:
            table.problems.append(Problem(line, "", "", f"More than {MAX_ROWS:,} rows. Split the file."))
            return
        if extra := [cell for cell in cells[len(table.columns) :] if cell.strip()]:
            message = "More cells than the header has columns. Put text with a separator in it in quotation marks."
            table.problems.append(Problem(line, "", extra[0][:60], message))
            continue
        named = dict(zip(table.columns, cells, strict=False))
        table.rows.append(Row(line, {name: cell.strip() for name, cell in named.items()}))

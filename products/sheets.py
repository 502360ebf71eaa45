"""Rows written one after the other as CSV, JSON or XLSX: memory does not grow with their number."""

import csv
import io
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO

CHUNK = 64 * 1024
FORMATS = ("csv", "json", "xlsx")
# A spreadsheet runs a cell that begins like this, and buyers choose some of the texts.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def plain_text(value: Any) -> Any:
    """A text that no spreadsheet takes for a formula; numbers and dates as they are."""
    return f"'{value}" if isinstance(value, str) and _is_risky(value) else value


def unquoted(text: str) -> str:
    """What `plain_text` was given."""
    return text[1:] if text.startswith("'") and _is_risky(text[1:]) else text


def _is_risky(text: str) -> bool:
    return text.lstrip("'").startswith(FORMULA_STARTS)


def write(kind: str, rows: Iterable[dict[str, Any]], columns: list[str], out: BinaryIO) -> None:
    """Writes all rows. Every row has all `columns`."""
    for part in stream(kind, rows, columns):
        out.write(part)


def stream(kind: str, rows: Iterable[dict[str, Any]], columns: list[str]) -> Iterator[bytes]:
    """The same, to be sent bit by bit; `kind` is one of FORMATS."""
    waiting = bytearray()
    for part in _WRITERS[kind](rows, columns):
        waiting += part
        if len(waiting) >= CHUNK:
            yield bytes(waiting)
            waiting.clear()
    yield bytes(waiting)


def _csv(rows: Iterable[dict[str, Any]], columns: list[str]) -> Iterator[bytes]:
    """With the mark by which spreadsheets know UTF-8."""
    text = io.StringIO(newline="")
    lines = csv.writer(text)
    lines.writerow(columns)
    yield b"\xef\xbb\xbf" + _emptied(text)
    for row in rows:
        lines.writerow([plain_text(_told(row[name])) for name in columns])
        yield _emptied(text)


def _emptied(text: io.StringIO) -> bytes:
    found = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return found


def _json(rows: Iterable[dict[str, Any]], columns: list[str]) -> Iterator[bytes]:
    """A list with one row on each line."""
    empty = True
    for row in rows:
        body = json.dumps({name: _told(row[name]) for name in columns}, ensure_ascii=False)
        yield (("[\n" if empty else ",\n") + body).encode()
        empty = False
    yield b"[]\n" if empty else b"\n]\n"


def _xlsx(rows: Iterable[dict[str, Any]], columns: list[str]) -> Iterator[bytes]:
    from openpyxl import Workbook

    book = Workbook(write_only=True)  # its rows go to a temporary file, not into memory
    sheet = book.create_sheet("Export")
    sheet.append(columns)
    for row in rows:
        sheet.append([plain_text(_cell(row[name])) for name in columns])
    with tempfile.TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while part := file.read(CHUNK):
            yield part


def _told(value: Any) -> Any:
    """Sums as text with all their decimals, times in ISO 8601."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _cell(value: Any) -> Any:
    """Spreadsheets know no time zones, so times are UTC there, and no control characters."""
    if isinstance(value, str):
        from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

        return ILLEGAL_CHARACTERS_RE.sub("", value)
    return value.replace(tzinfo=None) if isinstance(value, datetime) else value


_WRITERS: dict[str, Callable[[Iterable[dict[str, Any]], list[str]], Iterator[bytes]]] = {
    "csv": _csv,
    "json": _json,
    "xlsx": _xlsx,
}

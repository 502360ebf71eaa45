"""Rows written one after the other as CSV, JSON or XLSX: memory does not grow with their number."""

import csv
import io
import json
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO

FORMATS = ("csv", "json", "xlsx")
# A spreadsheet runs a cell that begins like this, and buyers choose some of the texts.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def plain_text(value: Any) -> Any:
    """A text that no spreadsheet takes for a formula; numbers and dates as they are."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def write(kind: str, rows: Iterable[dict[str, Any]], columns: list[str], out: BinaryIO) -> int:
    """Writes all rows; answers how many. Every row has all `columns`."""
    return _WRITERS[kind](rows, columns, out)


def _csv(rows: Iterable[dict[str, Any]], columns: list[str], out: BinaryIO) -> int:
    """With the mark by which spreadsheets know UTF-8."""
    out.write(b"\xef\xbb\xbf")
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    lines = csv.writer(text)
    lines.writerow(columns)
    count = 0
    for row in rows:
        lines.writerow([plain_text(_told(row[name])) for name in columns])
        count += 1
    text.detach()
    return count


def _json(rows: Iterable[dict[str, Any]], columns: list[str], out: BinaryIO) -> int:
    """A list with one row on each line."""
    count = 0
    for row in rows:
        body = json.dumps({name: _told(row[name]) for name in columns}, ensure_ascii=False)
        out.write((("[\n" if count == 0 else ",\n") + body).encode())
        count += 1
    out.write(b"[]\n" if count == 0 else b"\n]\n")
    return count


def _xlsx(rows: Iterable[dict[str, Any]], columns: list[str], out: BinaryIO) -> int:
    from openpyxl import Workbook

    book = Workbook(write_only=True)  # its rows go to a temporary file, not into memory
    sheet = book.create_sheet("Export")
    sheet.append(columns)
    count = 0
    for row in rows:
        sheet.append([plain_text(_cell(row[name])) for name in columns])
        count += 1
    book.save(out)
    return count


def _told(value: Any) -> Any:
    """Sums as text with all their decimals, times in ISO 8601."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _cell(value: Any) -> Any:
    """Spreadsheets know no time zones: times are UTC there."""
    return value.replace(tzinfo=None) if isinstance(value, datetime) else value


_WRITERS: dict[str, Callable[[Iterable[dict[str, Any]], list[str], BinaryIO], int]] = {
    "csv": _csv,
    "json": _json,
    "xlsx": _xlsx,
}

"""The three kinds of file, as lines of cells: what a spreadsheet calls CSV, its own XLSX, and a list as JSON.

Each reader gives `(line, cells)`, the header first; the line is what an editor sees in the program that wrote the file.
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from products.sheets import unquoted

Lines = Iterator[tuple[int, list[str]]]
SEPARATORS = ",;\t|"
SHEET = b"PK\x03\x04"
OLD_SHEET = b"\xd0\xcf\x11\xe0"
MAX_BYTES = 50 * 1024 * 1024
MAX_UNPACKED = 120 * 1024 * 1024  # of a spreadsheet: a small file may hold a great deal of nothing
BETWEEN = re.compile(r"[\s,]*")
MAX_CELLS = 60  # in a line: formatting alone makes sheets of sixteen thousand columns


class Unreadable(Exception):
    """The file as a whole; `line` is where, the message says what to do."""

    def __init__(self, message: str, line: int = 1) -> None:
        super().__init__(message)
        self.line = line


def lines(data: bytes) -> Lines:
    """The file's lines. Raises Unreadable, also while they are read."""
    if not data.strip():
        raise Unreadable("The file is empty.")
    if len(data) > MAX_BYTES:
        raise Unreadable(f"The file is larger than {MAX_BYTES // 1024 // 1024} MB. Split it.")
    if data.startswith(SHEET):
        return _sheet(data)
    if data.startswith(OLD_SHEET):
        raise Unreadable("This is an old spreadsheet (.xls). In your program choose “Save as” and then XLSX or CSV.")
    text = _text(data)
    return _entries(text) if text.lstrip()[:1] in ("[", "{") else _csv(text)


def _text(data: bytes) -> str:
    """UTF-8 with or without a mark, UTF-16 with one, else what Windows wrote in western Europe."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    if b"\x00" in data[:1000]:
        raise Unreadable("This is not a table. Save it as CSV, XLSX or JSON.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _csv(text: str) -> Lines:
    found = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    begun = 0
    try:
        for cells in found:
            line, begun = begun + 1, found.line_num
            yield line, [unquoted(cell) for cell in cells]
    except csv.Error as error:
        wrong = "A quotation mark opens here and never closes, or something stands behind a closing one."
        raise Unreadable(f"{wrong} ({error})", found.line_num) from None


def _separator(text: str) -> str:
    """The one that stands most often in the first line, outside quotes."""
    bare = text.lstrip("\r\n").split("\n", 1)[0].split('"')[::2]
    return max(SEPARATORS, key=lambda one: sum(part.count(one) for part in bare))


def _sheet(data: bytes) -> Lines:
    """The first sheet of a workbook."""
    from openpyxl import load_workbook

    broken = "This spreadsheet cannot be read. Open it, save it again as XLSX, or as CSV."
    try:
        _check_unpacked(data)
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # some programs write wrong ones
        for line, row in enumerate(sheet.iter_rows(values_only=True), 1):
            cells = [unquoted(_cell(value)) for value in row[:MAX_CELLS]]
            while cells and not cells[-1].strip():
                cells.pop()
            yield line, cells
    except (Unreadable, GeneratorExit):
        raise
    except Exception as error:  # openpyxl raises whatever it stumbles over in a file that somebody tampered with
        raise Unreadable(broken) from error


def _check_unpacked(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        if sum(one.file_size for one in packed.infolist()) > MAX_UNPACKED:
            raise Unreadable("There is too much in this spreadsheet. Split it, or save it as CSV.")


def _cell(value: Any) -> str:
    """As somebody would type it: numbers without the decimals that a spreadsheet does not show."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _entries(text: str) -> Lines:
    """A list of objects; the header is every name that one of them has."""
    found = list(_objects(text))
    names = list(dict.fromkeys(name for _, entry in found for name in entry))
    yield 1, names
    for line, entry in found:
        yield line, [_told(entry.get(name), line, name) for name in names]


def _objects(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    decoder, place = json.JSONDecoder(parse_float=str), len(text) - len(text.lstrip())
    if text[place] == "{":
        raise Unreadable("A list is needed: [ before the first item, ] after the last.")
    place, line, counted = place + 1, 1, 0
    while True:
        place = BETWEEN.match(text, place).end()  # type: ignore[union-attr]  # it fits nothing as well
        line, counted = line + text.count("\n", counted, place), place
        if text[place : place + 1] == "]":
            return
        try:
            entry, place = decoder.raw_decode(text, place)
        except (ValueError, RecursionError) as error:
            raise Unreadable(f"This is not JSON from here on. ({error})"[:200], line) from None
        if not isinstance(entry, dict):
            raise Unreadable('Each item is an object: {"sku": …, "name": …}.', line)
        yield line, entry


def _told(value: Any, line: int, name: str) -> str:
    if isinstance(value, dict | list):
        raise Unreadable(f"“{name}” has to be a text or a number here.", line)
    return _cell(value)

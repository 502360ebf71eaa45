"""Reads and writes the lines of table.txt."""

from pathlib import Path

FILE = Path(__file__).with_name("table.txt")
METHODS = ("GET", "POST")
ROLES = {"E": "Editors", "M": "Moderators", "S": "Shop managers", "A": "superuser"}
HOME = '""'

Table = dict[str, dict[str, str]]


def read() -> Table:
    """Address → method → letters of those who may."""
    table: Table = {}
    for line in FILE.read_text().splitlines():
        if line and not line.startswith("#"):
            name, *letters = line.split()
            table["" if name == HOME else name] = dict(zip(METHODS, letters, strict=True))
    return table


def line(name: str, found: dict[str, str]) -> str:
    """As it stands in the file."""
    return f"{name or HOME:80}{found['GET']:6}{found['POST']}"


def may(letters: str, role: str) -> bool:
    """`role`: a letter of ROLES, or "" for somebody who is not logged in."""
    return letters == "*" or (bool(role) and role in letters)

"""Many items at once. Each operation plans rows (before, after, or why not), carries them out, and takes them back."""

from dataclasses import asdict, dataclass, field
from typing import Any


class NotDone(Exception):
    """One item could not be changed; the message says why."""


@dataclass(slots=True)
class Row:
    """One item of the table. `problem`: why it stays as it is; `note`: what else to know; `data`: for taking back."""

    item_id: int
    title: str
    before: str
    after: str = ""
    problem: str = ""
    note: str = ""
    data: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

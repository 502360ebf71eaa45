"""One thing that was looked at."""

from dataclasses import dataclass

GREEN, YELLOW, RED = "ok", "look", "WRONG"


@dataclass(frozen=True)
class Finding:
    """`level`: ok, look (works, but somebody should know) or WRONG. A text that is not ok says what to do."""

    level: str
    subject: str
    text: str

"""A row's text and choices as an item keeps them."""

from django.utils.html import escape

from .plan import Wanted


def paragraphs(text: str) -> list[dict]:
    """Plain text as the StreamField's blocks: an empty line begins a paragraph."""
    parts = [part.strip() for part in text.replace("\r\n", "\n").split("\n\n") if part.strip()]
    html = "".join("<p>" + escape(part).replace("\n", "<br/>") + "</p>" for part in parts)
    return [{"type": "text", "value": html}] if html else []


def row_values(row: Wanted) -> dict[str, str]:
    """The choices as the columns of an ItemVariant."""
    return {f"value{number}": value for number, value in enumerate(row.variant, 1)}

"""How an item's draft can be looked at before it is published: as it is, sold out, on sale, with a discount, with tax.

What the buyer would pay is worked out by whoever sells: checkout hands in its own pricing, so that a preview cannot
come to other sums than a purchase.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from .cards import availability

MODES = [
    ("", "As it is now"),
    ("sold-out", "Sold out"),
    ("on-sale", "On sale"),
    ("discount", "With a discount code"),
    ("tax-included", "Tax in the price"),
    ("tax-added", "Tax added to the price"),
]


@dataclass(frozen=True, slots=True)
class Note:
    """What stands above a preview. `rows`: label and sum of one unit, the last one the total."""

    mode: str
    rows: list[tuple[str, str]] = field(default_factory=list)
    remark: str = ""


Pricing = Callable[[Any, str], Note]
_pricing: list[Pricing] = []


def price_with(pricing: Pricing) -> None:
    """Checkout says here how a draft is priced. `pricing` may put a tax onto the page object, which is not saved."""
    _pricing[:] = [pricing]


def context(page, request, mode: str | None) -> dict[str, Any]:
    """The context of the item's page in that mode. `page` is a copy of the draft: what is set on it is thrown away."""
    mode = mode or ""  # Wagtail names none where nobody chose one
    if mode == "on-sale":
        page.sale_starts_at = page.sale_ends_at = None
    page.derive_amounts()
    note = _pricing[0](page, mode) if _pricing else Note(mode)
    found = page.get_context(request) | {"preview": note, "preview_label": dict(MODES).get(mode, "")}
    if mode == "sold-out":
        nothing = availability(0)
        options = [replace(option, availability=nothing) for option in found.get("options", [])]
        found |= {"availability": nothing, "options": options, "most": 0}
    return found

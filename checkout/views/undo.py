"""A line that was taken out a moment ago. It stands in the address, so that it can be put back without scripts."""

from django.http import HttpRequest

from products import catalogue

from .. import basket
from ..refusals import Refused


def removed_line(request: HttpRequest, action: str) -> dict[str, object] | None:
    """What the page offers to put back, with a POST to `action`; None if nothing was removed or it cannot come back."""
    item_id = request.GET.get("removed", "")
    if not (item_id.isascii() and item_id.isdigit() and len(item_id) < 10):
        return None
    try:
        quantity = basket.parse_quantity(request.GET.get("quantity", ""))
    except Refused:
        return None
    for row in catalogue.rows([int(item_id)]):
        variant = request.GET.get("variant", "")[:120]
        return {"action": action, "item_id": row.id, "name": row.title, "quantity": quantity, "variant": variant}
    return None

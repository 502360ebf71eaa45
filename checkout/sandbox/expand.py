"""`expand[]`: ids in an answer replaced by the objects they name."""

import copy

from . import store
from .errors import invalid
from .listing import objects, page

# property → kind of the object its id names; None: the sandbox has no such objects, the property stays null
_IDS = {
    "payment_intent": "payment_intent",
    "latest_charge": "charge",
    "charge": "charge",
    "customer": None,
    "invoice": None,
    "payment_method": None,
    "balance_transaction": None,
}


def expanded(account: str, data: dict, paths: object) -> dict:
    """A copy of `data` with each path expanded. Raises a 400 refusal for a path that cannot be."""
    if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
        raise invalid("Invalid array", "expand")
    data = copy.deepcopy(data)
    for path in paths:
        parts = path.split(".")
        nodes = [data]
        if parts[0] == "data" and data.get("object") == "list":
            parts, nodes = parts[1:], data["data"]
        for node in nodes:
            _walk(account, node, parts, path)
    return data


def _walk(account: str, node: dict, parts: list[str], path: str) -> None:
    for index, name in enumerate(parts):
        special = _SPECIAL.get((node.get("object", ""), ".".join(parts[index:])))
        if special:
            special(account, node)
            return
        if name not in _IDS or name not in node:
            raise invalid(f"This property cannot be expanded ({path}).", "expand")
        kind = _IDS[name]
        if isinstance(node[name], str) and kind:
            node[name] = store.get(account, kind, node[name]).data
        if not isinstance(node[name], dict):
            return
        node = node[name]


def _line_items(account: str, session: dict) -> None:
    lines = store.get(account, "checkout.session", session["id"]).private["lines"]
    session["line_items"] = {
        "object": "list",
        "url": f"/v1/checkout/sessions/{session['id']}/line_items",
        "has_more": len(lines) > 10,
        "data": copy.deepcopy(lines[:10]),
    }


def _breakdown(account: str, session: dict) -> None:
    row = store.get(account, "checkout.session", session["id"])
    session["total_details"]["breakdown"] = {"discounts": row.private["discounts"], "taxes": row.private["taxes"]}


def _refunds(account: str, charge: dict) -> None:
    rows = objects(account, "refund").filter(data__charge=charge["id"])
    charge["refunds"] = page(rows, {}, f"/v1/charges/{charge['id']}/refunds")


_SPECIAL = {
    ("checkout.session", "line_items"): _line_items,
    ("checkout.session", "total_details.breakdown"): _breakdown,
    ("charge", "refunds"): _refunds,
}

"""Lists at Stripe: newest first, a hundred at a time, so that memory is bounded whatever their length."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from .accounts import Account
from .client import call

PER_PAGE = 100  # Stripe's most


def pages(
    account: Account, service: str, *, since: datetime | None = None, **params: Any
) -> Iterator[list[dict[str, Any]]]:
    """Every page of a list, objects created from `since` on. Raises Unavailable or Rejected between pages."""
    wanted: dict[str, Any] = {**params, "limit": PER_PAGE}
    if since is not None:
        wanted["created"] = {"gte": int(since.timestamp())}
    while True:
        page = call(account, service, "list", wanted)
        if page["data"]:
            yield page["data"]
        if not page["has_more"] or not page["data"]:
            return
        wanted["starting_after"] = page["data"][-1]["id"]

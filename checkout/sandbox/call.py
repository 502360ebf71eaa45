"""What a resource sees of a request."""

from collections.abc import Mapping
from dataclasses import dataclass

from .params import Checker, check


@dataclass(frozen=True)
class Call:
    """A request of one account, authenticated and decoded but not yet checked."""

    account: str
    params: dict[str, object]

    def checked(self, table: Mapping[str, Checker], required: tuple[str, ...] = ()) -> dict:
        return check(self.params, table, required)

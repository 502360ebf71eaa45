"""What a resource sees of a request."""

from collections.abc import Mapping
from dataclasses import dataclass

from . import params


@dataclass(frozen=True)
class Call:
    """A request of one account, authenticated and decoded but not yet checked."""

    account: str
    params: dict[str, object]

    def checked(self, table: Mapping[str, params.Checker], required: tuple[str, ...] = ()) -> dict:
        return params.check(self.params, table, required)

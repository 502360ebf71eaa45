"""What is worked out once for each generation and kept in the memory of the process."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from . import generation

T = TypeVar("T")


class Kept(Generic[T]):
    """At most `limit` values by key. What is kept is shared by all threads: it must not be changed."""

    def __init__(self, limit: int = 64) -> None:
        self._limit = limit
        self._found: dict[Hashable, tuple[str, T]] = {}

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value, made anew if anything that pages show has changed."""
        now = generation.current()  # before the data is read: what is older than its word is only made once more
        found = self._found.get(key)
        if found is not None and found[0] == now:
            return found[1]
        value = make()
        if len(self._found) >= self._limit:
            self._found.clear()
        self._found[key] = now, value
        return value

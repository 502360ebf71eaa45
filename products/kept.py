"""What is worked out once for each generation and kept in the memory of the process."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Generic, TypeVar

from django.db import connection

from . import generation

T = TypeVar("T")


class Kept(Generic[T]):
    """At most `limit` values by key. What is kept is shared by all threads: it must not be changed.

    Inside a transaction nothing kept is used. `lasting`: but what no transaction of the shop ever changes is.
    `counts`: the values say how much is left of an item, and so are made anew after a sale that pages show, too.
    """

    def __init__(self, limit: int = 64, *, lasting: bool = False, counts: bool = False) -> None:
        self._limit, self._lasting = limit, lasting
        self._word = generation.current if counts else generation.assortment
        self._found: dict[Hashable, tuple[str, T]] = {}

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value, made anew if anything that pages show has changed."""
        # before the data is read: what is older than its word is only made once more
        now = generation.last_seen() if self._lasting and connection.in_atomic_block else self._word()
        found = self._found.get(key)
        if found is not None and found[0] == now:
            return found[1]
        value = make()
        if connection.in_atomic_block:  # it may be rolled back
            return value
        if len(self._found) >= self._limit:
            self._found.clear()
        self._found[key] = now, value
        return value

    def known(self, keys: Iterable[Hashable]) -> tuple[str, dict]:
        """Of several keys those that are kept; and the word of the generation, to be handed to keep()."""
        now = self._word()
        return now, {key: found[1] for key in keys if (found := self._found.get(key)) is not None and found[0] == now}

    def keep(self, word: str, values: Mapping) -> None:
        """Keeps what was read after known() said that word."""
        if connection.in_atomic_block:  # it may be rolled back
            return
        if len(self._found) + len(values) > self._limit:
            self._found.clear()
        self._found.update((key, (word, value)) for key, value in values.items())

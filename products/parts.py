"""Components whose markup follows from the values handed in alone: made once, then remembered by those values.

A card or a gallery stays what it is however often the shop changes elsewhere, so unlike what is kept for a generation
(products/kept.py) it is still right after a change: a new price makes one card anew, not a thousand. Django's
templates take 20 µs for each tag and variable, so these components were two thirds of a page's time: an item page
takes 6 ms instead of 8, a list 6 instead of 11.

Most items are seen for the first time, and their cards differ in words alone. So of the components in SHAPED the
template is rendered once for each shape (which of the words are there), and the words are put into it: a card takes
10 µs instead of 75, an item page a sixth less.

The values must be hashable (frozen dataclasses of such, lists of them), and a field that may hold markup holds nothing
else: text and markup of the same letters are equal to Python, and are shown differently.
"""

import re
from collections.abc import Callable, Hashable, Iterable, Mapping
from contextvars import ContextVar
from functools import lru_cache
from typing import Self

from django.conf import settings
from django.template import loader
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

MOST = 2_000  # of some 5 KB each, with what they are remembered by
# Their templates print each string as it is, or ask whether it is there. So it is with strings in lists and in
# dataclasses that are Printed.
SHAPED = frozenset(("buy", "card", "facts", "gallery", "meta_tags", "promise", "related"))
SLOT = re.compile("\x02([0-9]+)\x03")

Given = tuple[tuple[str, type, Hashable], ...]


class Printed:
    """A dataclass whose strings and numbers are printed as they are, or asked for being there, and nothing else."""

    __slots__ = ()


def made(name: str, **values: Hashable | list) -> SafeString:
    """`components/<name>.html`, which sees these values, the language and nothing else."""
    given = packed(values)
    if settings.DEBUG:  # while templates are being written, each is read anew
        return render(name, get_language(), given)
    if _watching.get():  # a component in a component; to remember it would be to compare
        return _new(name, get_language(), given)
    return _remembered(name, get_language(), given)


def packed(values: Mapping[str, Hashable | list]) -> Given:
    """What a component is remembered by."""
    return tuple((key, type(one), tuple(one) if isinstance(one, list) else one) for key, one in values.items())


def render(name: str, language: str | None, given: Iterable[tuple[str, type, Hashable]]) -> SafeString:
    """By the template alone."""
    values = {key: value for key, _type, value in given}
    return loader.render_to_string(f"components/{name}.html", values | {"LANGUAGE_CODE": language})


def _new(name: str, language: str | None, given: Given) -> SafeString:
    return filled(name, language, given) if name in SHAPED else render(name, language, given)


_remembered = lru_cache(maxsize=MOST)(_new)


def filled(name: str, language: str | None, given: Given) -> SafeString:
    """The same as render(), of a component in SHAPED."""
    words: list[str] = []

    def slot(word: str) -> SafeString:
        words.append(word)
        return SafeString(f"\x02{len(words) - 1}\x03")

    pieces = _shape(name, language, _each(given, slot))
    return _put(pieces, words) if pieces else render(name, language, given)


@lru_cache(maxsize=500)
def _shape(name: str, language: str | None, given: Given) -> list[str]:
    """What stands around the slots, and their numbers, in turns. Empty if the template does more with a string than to
    print it: it is watched, and tried out with others, which no filter leaves alone.
    """
    compared: list[object] = []
    before = _watching.set(True)
    try:
        pieces = SLOT.split(render(name, language, _each(given, lambda slot: _Watched(slot, compared))))
    finally:
        _watching.reset(before)
    tried: list[str] = []

    def trial(slot: str) -> str:
        tried.append(f"Trial <{slot[1:-1]}> & error. " * 20)
        return tried[-1]

    shown = render(name, language, _each(given, trial))
    return pieces if _put(pieces, tried) == shown and not compared else []


_watching = ContextVar("watching", default=False)


class _Watched(SafeString):
    """A slot that notes with what a template compares it."""

    compared: list[object]

    def __new__(cls, text: str, compared: list[object]) -> Self:
        made = super().__new__(cls, text)
        made.compared = compared
        return made

    __hash__ = SafeString.__hash__

    def __eq__(self, other: object) -> bool:
        return self._note(other) and super().__eq__(other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __lt__(self, other: str) -> bool:
        return self._note(other) and super().__lt__(other)

    def __le__(self, other: str) -> bool:
        return self._note(other) and super().__le__(other)

    def __gt__(self, other: str) -> bool:
        return self._note(other) and super().__gt__(other)

    def __ge__(self, other: str) -> bool:
        return self._note(other) and super().__ge__(other)

    def __contains__(self, part: str) -> bool:  # type: ignore[override]
        return self._note(part) and super().__contains__(part)

    def _note(self, other: object) -> bool:
        self.compared.append(other)
        return True


def _put(pieces: list[str], words: list[str]) -> SafeString:
    found = [conditional_escape(words[int(one)]) if place % 2 else one for place, one in enumerate(pieces)]
    return SafeString("".join(found))


def _each(given: Given, change: Callable[[str], str]) -> Given:
    return tuple((key, kind, _changed(value, change)) for key, kind, value in given)


def _changed(value: Hashable, change: Callable[[str], str]) -> Hashable:
    """The value with another string for each that is not empty."""
    if isinstance(value, str):
        return change(value) if value else ""
    if isinstance(value, tuple):
        return tuple(_changed(one, change) for one in value)
    if isinstance(value, Printed):
        inside = (getattr(value, name) for name in type(value).__match_args__)  # type: ignore[attr-defined]
        return type(value)(*(change(str(one)) if type(one) is int else _changed(one, change) for one in inside))
    return value

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
from collections.abc import Hashable, Iterable
from functools import lru_cache

from django.conf import settings
from django.template import loader
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

MOST = 2_000  # of some 5 KB each, with what they are remembered by
# Their templates print each string as it is, or ask whether it is there: no comparison, no filter but default and join.
# So it is with strings in lists, and with strings and numbers in dataclasses that say `printed = True`.
SHAPED = frozenset(("buy", "card", "facts", "gallery", "promise"))
SLOT = re.compile("\x02([0-9]+)\x03")

Given = tuple[tuple[str, type, Hashable], ...]


def made(name: str, **values: Hashable | list) -> SafeString:
    """`components/<name>.html`, which sees these values, the language and nothing else."""
    given = tuple((key, type(one), tuple(one) if isinstance(one, list) else one) for key, one in values.items())
    # while templates are being written, each is read anew
    return render(name, get_language(), given) if settings.DEBUG else _remembered(name, get_language(), given)


def render(name: str, language: str | None, given: Iterable[tuple[str, type, Hashable]]) -> SafeString:
    """By the template alone."""
    values = {key: value for key, _type, value in given}
    return loader.render_to_string(f"components/{name}.html", values | {"LANGUAGE_CODE": language})


@lru_cache(maxsize=MOST)
def _remembered(name: str, language: str | None, given: Given) -> SafeString:
    return filled(name, language, given) if name in SHAPED else render(name, language, given)


def filled(name: str, language: str | None, given: Given) -> SafeString:
    """The same as render(), of a component in SHAPED."""
    words: list[str] = []
    pieces = _shape(name, language, tuple((key, kind, _emptied(value, words)) for key, kind, value in given))
    # text and the number of a word in turns
    found = [conditional_escape(words[int(one)]) if place % 2 else one for place, one in enumerate(pieces)]
    return SafeString("".join(found))


@lru_cache(maxsize=500)
def _shape(name: str, language: str | None, given: Given) -> list[str]:
    """Raises ValueError if the template does more with a word than to print it."""
    pieces = SLOT.split(render(name, language, given))
    if any("\x02" in one or "\x03" in one for one in pieces):
        raise ValueError(f"components/{name}.html changes a string that it should print: see SHAPED")
    return pieces


def _emptied(value: Hashable, words: list[str]) -> Hashable:
    """The value with a slot for each string that is not empty; those are added to `words`."""
    if isinstance(value, str):
        return _slot(value, words) if value else ""
    if isinstance(value, tuple):
        return tuple(_emptied(one, words) for one in value)
    if getattr(value, "printed", False):
        inside = (getattr(value, name) for name in type(value).__match_args__)  # type: ignore[attr-defined]
        return type(value)(*(_slot(str(one), words) if type(one) is int else _emptied(one, words) for one in inside))
    return value


def _slot(value: str, words: list[str]) -> SafeString:
    words.append(value)
    return SafeString(f"\x02{len(words) - 1}\x03")

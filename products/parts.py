"""Components whose markup follows from the values handed in alone: made once, then remembered by those values.

A card or a gallery stays what it is however often the shop changes elsewhere, so unlike what is kept for a generation
(products/kept.py) it is still right after a change: a new price makes one card anew, not a thousand. Django's
templates take 20 µs for each tag and variable, so these components were two thirds of a page's time: an item page
takes 6 ms instead of 8, a list 6 instead of 11.

The values must be hashable (frozen dataclasses of such, lists of them), and a field that may hold markup holds nothing
else: text and markup of the same letters are equal to Python, and are shown differently.
"""

from collections.abc import Hashable, Iterable
from functools import lru_cache

from django.conf import settings
from django.template import loader
from django.utils.safestring import SafeString
from django.utils.translation import get_language

MOST = 2_000  # of some 5 KB each, with what they are remembered by


def made(name: str, **values: Hashable | list) -> SafeString:
    """`components/<name>.html`, which sees these values, the language and nothing else."""
    given = tuple((key, type(one), tuple(one) if isinstance(one, list) else one) for key, one in values.items())
    # while templates are being written, each is read anew
    return _render(name, get_language(), given) if settings.DEBUG else _remembered(name, get_language(), given)


def _render(name: str, language: str | None, given: Iterable[tuple[str, type, object]]) -> SafeString:
    values = {key: value for key, _type, value in given}
    return loader.render_to_string(f"components/{name}.html", values | {"LANGUAGE_CODE": language})


_remembered = lru_cache(maxsize=MOST)(_render)

"""Pictures for pages: which sizes are made, and the markup for them, in one place.

They are Wagtail's renditions, what `{% picture %}` makes too; but read for a whole page in one query and as plain rows,
because making an object for each of a listing's 200 renditions costs more than the rest of the page. A rendition that
does not exist yet never holds a visitor up: one JPEG is made at once, the rest in the background.
"""

import logging
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, lru_cache
from types import SimpleNamespace
from typing import NamedTuple

from django.core.files.storage import Storage
from django.db import Error as DatabaseError
from django.db import close_old_connections, transaction
from django.db.models import Q, QuerySet
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from wagtail.images import get_image_model
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import Filter, SourceImageIOError

from .prepared import Prepared
from .signals import catalogue_changed

logger = logging.getLogger(__name__)
FORMATS = {
    "avif": "format-avif|avifquality-55",
    "webp": "format-webp|webpquality-74",
    "jpeg": "format-jpeg|jpegquality-76",
}
BACKDROP = "bgcolor-ffffff"  # for transparent originals, where the format has no transparency


@dataclass(frozen=True)
class Role:
    """A place pictures stand in: the cuts that are made (Wagtail's operations) and the width they take up."""

    cuts: tuple[str, ...]
    sizes: str
    formats: tuple[str, ...] = ("avif", "webp", "jpeg")

    def spec(self, cut: str, fmt: str) -> str:
        backdrop = f"|{BACKDROP}" if fmt == "jpeg" else ""
        return f"{cut}|{FORMATS[fmt]}{backdrop}"

    @cached_property
    def specs(self) -> list[str]:
        return [self.spec(cut, fmt) for fmt in self.formats for cut in self.cuts]


ROLES = {
    "card": Role(
        ("fill-320x400", "fill-480x600", "fill-640x800"),
        "(min-width: 75rem) 17rem, (min-width: 48rem) 30vw, 46vw",
    ),
    "item": Role(("width-480", "width-800", "width-1200"), "(min-width: 60rem) 36rem, 100vw"),
    "hero": Role(("fill-600x600", "fill-900x900", "fill-1280x1280"), "(min-width: 60rem) 38rem, 100vw"),
    "block": Role(("width-480", "width-800", "width-1200"), "(min-width: 50rem) 44rem, 100vw"),
    "thumb": Role(("fill-160x200",), "5rem", ("webp",)),
    "share": Role(("fill-1200x630",), "", ("jpeg",)),
}
_background = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pictures")
_waiting: set[tuple[int, Role]] = set()  # what the background has still to make
_more = threading.Event()  # it has made some that no page shows yet


class Made(NamedTuple):
    """One rendition: where it is and how large."""

    url: str
    width: int
    height: int


Cut = tuple[str, Made]  # by its filter spec


class Original(NamedTuple):
    """What pages need of an image: a model object has twenty columns, and reading ten of those is 1.5 ms."""

    id: int
    title: str
    description: str
    focal_point_x: int | None
    focal_point_y: int | None
    focal_point_width: int | None
    focal_point_height: int | None

    @property
    def default_alt_text(self) -> str:
        """As Wagtail's images."""
        return self.description or self.title


class Album:
    """The renditions of some images, read in one query, and markup from them.

    `cards`: more images, of which only the sizes of a card are read: each further size is a row for each image.
    """

    def __init__(
        self, image_ids: Iterable[int | None], roles: Sequence[str], *, cards: Iterable[int | None] = ()
    ) -> None:
        ids = sorted({image_id for image_id in image_ids if image_id})
        others = sorted({image_id for image_id in cards if image_id})
        self._made: dict[int, dict[tuple[str, str], Made]] = defaultdict(dict)
        if not ids and not others:
            return
        url = _addresses(get_image_model().get_rendition_model()._meta.get_field("file").storage)
        if ids and others:
            rows = _renditions(tuple(roles), with_cards=True).rows(ids=ids, cards=others)
        else:
            rows = _renditions(tuple(roles) if ids else ("card",)).rows(ids=ids or others)
        for image_id, spec, key, name, width, height in rows:
            self._made[image_id][spec, key] = Made(url(name), width, height)

    def markup(self, image, role: str, *, alt: str, eager: bool = False, main: bool = False) -> SafeString:
        """`<picture>` for that place; "" when there is no picture (or its file is lost).

        `eager`: it is above the fold. `main`: it is probably the page's largest paint, so it is fetched first.
        """
        return picture(self.cuts(image, role), role, alt=alt, eager=eager, main=main)

    def cuts(self, image, role: str) -> tuple[Cut, ...]:
        """The renditions of that place, by their specs; empty when there is no picture (or its file is lost)."""
        return tuple(self._found(image, role).items())

    def first(self, image, role: str) -> Made | None:
        """The smallest rendition of that place, for a link (a share picture, a feed)."""
        return smallest(self.cuts(image, role), role)

    def largest(self, image, role: str) -> str:
        """The address of the largest cut in the format that every browser reads."""
        place, found = ROLES[role], self._found(image, role)
        made = (found[spec] for cut in reversed(place.cuts) if (spec := place.spec(cut, place.formats[-1])) in found)
        return next((one.url for one in made), "")

    def _found(self, image, role: str) -> dict[str, Made]:
        if image is None:
            return {}
        place = ROLES[role]
        focus = (image.focal_point_x, image.focal_point_y, image.focal_point_width, image.focal_point_height)
        key = _key(place.specs[0], *focus)
        made = self._made[image.id]
        found = {spec: made[spec, key] for spec in place.specs if (spec, key) in made}
        if len(found) < len(place.specs):
            found |= _make_one(image.id, place, found)
        return found


@lru_cache
def _renditions(roles: tuple[str, ...], *, with_cards: bool = False) -> Prepared:
    model = get_image_model().get_rendition_model()
    specs = {spec for role in roles for spec in ROLES[role].specs}

    def query(ids: list[int], cards: Sequence[int] = ()) -> QuerySet:
        wanted = Q(image_id__in=ids, filter_spec__in=specs)
        if cards:
            wanted |= Q(image_id__in=cards, filter_spec__in=ROLES["card"].specs)
        found = model.objects.filter(wanted)
        return found.values_list("image_id", "filter_spec", "focal_point_key", "file", "width", "height")

    return Prepared(query, ids=list, cards=list) if with_cards else Prepared(query, ids=list)


def smallest(cuts: tuple[Cut, ...], role: str) -> Made | None:
    """The smallest one in the format that every browser reads."""
    place, found = ROLES[role], dict(cuts)
    return next((found[spec] for cut in place.cuts if (spec := place.spec(cut, place.formats[-1])) in found), None)


def picture(cuts: tuple[Cut, ...], role: str, *, alt: str, eager: bool = False, main: bool = False) -> SafeString:
    """Album.markup() of renditions that were read before."""
    loading = ' fetchpriority="high"' if main else "" if eager else ' loading="lazy"'
    return _markup(cuts, role, alt, loading) if cuts else SafeString("")


@lru_cache(maxsize=2_000)
def _markup(made: tuple[Cut, ...], role: str, alt: str, loading: str) -> SafeString:
    """`<picture>` of these renditions, by their specs. Remembered: 0.07 ms each, twenty-four in a list."""
    found, place = dict(made), ROLES[role]
    sources = []
    for fmt in place.formats[:-1]:
        cuts = [found[spec] for cut in place.cuts if (spec := place.spec(cut, fmt)) in found]
        if cuts:
            sources.append(f'<source type="image/{fmt}" srcset="{_srcset(cuts)}" sizes="{place.sizes}">')
    fallback = [found[spec] for cut in place.cuts if (spec := place.spec(cut, place.formats[-1])) in found]
    base = fallback[min(1, len(fallback) - 1)]
    srcset = f' srcset="{_srcset(fallback)}" sizes="{place.sizes}"' if len(fallback) > 1 else ""
    img = (
        f'<img src="{escape(base.url)}"{srcset} alt="{escape(alt)}" width="{base.width}" height="{base.height}"'
        f'{loading} decoding="async">'
    )
    return mark_safe(f"<picture>{''.join(sources)}{img}</picture>")  # noqa: S308 - every value is escaped above


@lru_cache
def _addresses(storage: Storage) -> Callable[[str], str]:
    """File name → address, which the name alone decides. Remembered: 60 of them are 0.6 ms of an item page, and looking
    each up by its storage as well, which is a lazy object, would be 0.1 ms.
    """
    return lru_cache(maxsize=10_000)(storage.url)


@lru_cache(maxsize=2_000)
def _key(spec: str, x: int | None, y: int | None, width: int | None, height: int | None) -> str:
    """Wagtail's name for the focal point in a rendition's row. Remembered: 0.06 ms for each picture and place."""
    focus = SimpleNamespace(focal_point_x=x, focal_point_y=y, focal_point_width=width, focal_point_height=height)
    return Filter(spec).get_cache_key(focus)


def _srcset(made: list[Made]) -> str:
    if len(made) == 1:
        return escape(made[0].url)
    return ", ".join(f"{escape(one.url)} {one.width}w" for one in {one.width: one for one in made}.values())


def _make_one(image_id: int, place: Role, found: dict[str, Made]) -> dict[str, Made]:
    """The fallback format's middle size now, if there is none of it yet; everything else later."""
    # inside a transaction not: the thread could not see what is not committed
    if (image_id, place) not in _waiting and not transaction.get_connection().in_atomic_block:
        _waiting.add((image_id, place))
        _background.submit(_complete, image_id, place)
    fallbacks = [place.spec(cut, place.formats[-1]) for cut in place.cuts]
    if any(spec in found for spec in fallbacks):
        return {}
    spec = fallbacks[min(1, len(fallbacks) - 1)]
    made = make(image_id, [spec])
    return {spec: Made(made[spec].url, made[spec].width, made[spec].height)} if made else {}


def make(image_id: int, specs: list[str]) -> dict:
    """Makes (or finds) these renditions of one image: {spec: rendition}; empty if the original cannot be read."""
    try:
        return get_image_model().objects.get(pk=image_id).get_renditions(*specs)
    except (SourceImageIOError, OSError, ValueError, InvalidFilterSpecError, get_image_model().DoesNotExist) as error:
        logger.warning("picture %s cannot be made: %s", image_id, type(error).__name__)
        return {}


def make_all(image_id: int, *roles: str) -> None:
    """Every size of one image for these places, right now: for imports, ahead of the first visitor."""
    make(image_id, [spec for role in roles for spec in ROLES[role].specs])


def _complete(image_id: int, place: Role) -> None:
    """Pages that were stored with the one size that was there are made anew, once nothing waits any more."""
    close_old_connections()
    try:
        there = _count(image_id)
        make(image_id, place.specs)
        _waiting.discard((image_id, place))
        if _count(image_id) > there:  # where a file is lost, pages would be made anew for ever
            _more.set()
        if not _waiting and _more.is_set():
            _more.clear()
            catalogue_changed.send(sender=get_image_model().get_rendition_model())
    except DatabaseError as error:  # the next visitor's request asks again
        logger.warning("picture %s waits: %s", image_id, type(error).__name__)
    finally:
        _waiting.discard((image_id, place))
        transaction.get_connection().close()


def _count(image_id: int) -> int:
    return get_image_model().get_rendition_model().objects.filter(image_id=image_id).count()

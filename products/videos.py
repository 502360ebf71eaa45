"""Which videos may stand on a page: those of services that are named here.

The address is taken apart here rather than asked of the service (oEmbed): saving a page needs no network, and nothing
that a service answers becomes part of the shop's pages.
"""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

_YOUTUBE_HOSTS = frozenset({"youtube.com", "www.youtube.com", "m.youtube.com", "www.youtube-nocookie.com"})
_VIMEO_HOSTS = frozenset({"vimeo.com", "www.vimeo.com", "player.vimeo.com"})
_YOUTUBE_ID = re.compile(r"[\w-]{11}\Z")
_VIMEO_ID = re.compile(r"/(?:video/)?(\d{4,12})(?:/[0-9a-f]+)?/?\Z")
# Where the frames come from; the content security policy lets in these and no others.
FRAME_ORIGINS = ("https://www.youtube-nocookie.com", "https://player.vimeo.com")
NAMES = "YouTube or Vimeo"


@dataclass(frozen=True, slots=True)
class Video:
    """`page`: where people watch it; `frame`: what is put on our page once somebody asks for it."""

    service: str
    page: str
    frame: str


def parse(url: str) -> Video | None:
    """The video at that address; None if it is no video of a service we know."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or parts.username is not None:
        return None
    host, path = parts.hostname or "", parts.path
    if host == "youtu.be" or host in _YOUTUBE_HOSTS:
        return _youtube(path.strip("/") if host == "youtu.be" else _youtube_id(path, parts.query))
    if host in _VIMEO_HOSTS and (found := _VIMEO_ID.match(path)):
        number = found.group(1)
        return Video("Vimeo", f"https://vimeo.com/{number}", f"{FRAME_ORIGINS[1]}/video/{number}?dnt=1&autoplay=1")
    return None


def _youtube_id(path: str, query: str) -> str:
    if path == "/watch":
        return parse_qs(query).get("v", [""])[0]
    kind, _, name = path.strip("/").partition("/")
    return name if kind in ("embed", "shorts", "live") else ""


def _youtube(name: str) -> Video | None:
    if not _YOUTUBE_ID.match(name):
        return None
    return Video("YouTube", f"https://www.youtube.com/watch?v={name}", f"{FRAME_ORIGINS[0]}/embed/{name}?autoplay=1")

"""Where stored pages are kept: in the memory of each process, or in a cache that processes share. Both are bounded."""

import gzip
import hashlib
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import brotli
from django.conf import settings
from django.core.cache import caches
from redis.exceptions import RedisError

GREATEST_AGE = 300  # seconds: the net under a generation that could not be raised
LARGEST = 512 * 1024  # bytes of one page
OVERHEAD = 4096  # bytes an entry takes beside its bodies, roughly
STORED = "storefront.stored"  # in a request's environ: what it was answered with, as Stored
# A page is compressed once and served often: 15 KB take gzip 0.3 ms and brotli 0.4 ms at these levels.
COMPRESS = {
    "gzip": lambda body: gzip.compress(body, compresslevel=6, mtime=0),
    "br": lambda body: brotli.compress(body, quality=5),
}


class Key(NamedTuple):
    """All that two visitors must have in common to get the same bytes."""

    generation: str
    origin: str  # scheme and host: links and headers depend on them
    language: str
    path: str
    query: str


@dataclass(slots=True)
class Page:
    """A response as bytes. `bodies`: by content coding; "" is the plain one, the others are made when asked for."""

    headers: dict[str, str]
    bodies: dict[str, bytes]
    etag: str
    born: float = field(default_factory=time.time)
    # (content coding, status) → all headers but the request's id, as they were sent (storefront.ready_answers)
    answers: dict[tuple[str, int], list[tuple[str, str]]] = field(default_factory=dict)

    @classmethod
    def of(cls, headers: dict[str, str], body: bytes) -> "Page":
        return cls(headers, {"": body}, hashlib.blake2b(body, digest_size=10).hexdigest())

    @property
    def size(self) -> int:
        return OVERHEAD + sum(map(len, self.bodies.values()))

    def tag(self, coding: str) -> str:
        """The ETag of the page in that coding."""
        return f'"{self.etag}-{coding}"' if coding else f'"{self.etag}"'

    def body(self, coding: str) -> bytes:
        found = self.bodies.get(coding)
        if found is None:
            found = self.bodies[coding] = COMPRESS[coding](self.bodies[""])
        return found


class Store(Protocol):
    def get(self, key: Key) -> Page | None: ...

    def put(self, key: Key, page: Page) -> None: ...


class _Shelf:
    """The pages used last, up to so many bytes."""

    def __init__(self, limit: int) -> None:
        self.limit, self.taken = limit, 0
        self.pages: OrderedDict[Key, tuple[Page, int]] = OrderedDict()

    def get(self, key: Key) -> Page | None:
        found = self.pages.get(key)
        if found is None:
            return None
        self.pages.move_to_end(key)
        return found[0]

    def put(self, key: Key, page: Page) -> None:
        if key in self.pages:
            self.taken -= self.pages.pop(key)[1]
        self.pages[key] = page, page.size
        self.taken += page.size
        while self.taken > self.limit:
            self.taken -= self.pages.popitem(last=False)[1][1]


class MemoryStore:
    """In this process: the fastest. Of a quarter of the memory, so that addresses with a query (anybody can think up
    searches) cannot push out the pages themselves."""

    def __init__(self, megabytes: int) -> None:
        self._quarter = megabytes * 1024 * 1024 // 4
        self._lock = threading.Lock()
        self._begin("")

    def _begin(self, generation: str) -> None:
        self._generation = generation
        self._plain, self._queried = _Shelf(3 * self._quarter), _Shelf(self._quarter)

    def get(self, key: Key) -> Page | None:
        with self._lock:
            page = (self._queried if key.query else self._plain).get(key)
        return page if page and time.time() - page.born < GREATEST_AGE else None

    def put(self, key: Key, page: Page) -> None:
        with self._lock:
            if key.generation != self._generation:  # pages of an older one are not asked for again
                self._begin(key.generation)
            (self._queried if key.query else self._plain).put(key, page)

    @property
    def size(self) -> int:
        """Bytes taken."""
        return self._plain.taken + self._queried.taken


class Stored(NamedTuple):
    """The page that a request was answered with, and where it is kept."""

    store: MemoryStore
    page: Page
    coding: str


class SharedStore:
    """In a folder or in Redis (CACHES["pages"]): one copy for all processes. A cache that is away is no error."""

    def get(self, key: Key) -> Page | None:
        try:
            return caches["pages"].get(self._name(key))
        except (OSError, RedisError):
            return None

    def put(self, key: Key, page: Page) -> None:
        try:
            caches["pages"].set(self._name(key), page, GREATEST_AGE)
        except (OSError, RedisError):
            return

    @staticmethod
    def _name(key: Key) -> str:
        return hashlib.blake2b("\n".join(key).encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()


def make_store() -> Store | None:
    """The store the settings ask for; None when pages are not to be stored."""
    backend = settings.CACHES["pages"]["BACKEND"]
    if backend.endswith("DummyCache"):
        return None
    return MemoryStore(settings.PAGE_CACHE_MB) if backend.endswith("LocMemCache") else SharedStore()

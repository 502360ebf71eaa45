"""Development: `DEBUG=1`."""

from .base import *  # noqa: F403
from .base import CACHES

# A template that was just changed must be seen.
CACHES["pages"] = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}

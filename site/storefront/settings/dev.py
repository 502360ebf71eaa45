"""Development: `DEBUG=1`."""

from .base import *  # noqa: F403
from .base import CACHES, DATABASES

# A template that was just changed must be seen.
CACHES["pages"] = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
# Its server makes a thread for each request, and a thread would keep its connection.
DATABASES["default"]["CONN_MAX_AGE"] = 0

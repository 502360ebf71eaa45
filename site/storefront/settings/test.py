"""The test suite: fast password hashing, mails in memory, files in a folder that is thrown away."""

import tempfile
from pathlib import Path

from .base import *  # noqa: F403
from .base import CACHES, DATABASES, STORAGES

BASE_URL = WAGTAILADMIN_BASE_URL = "http://testserver"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
CSRF_TRUSTED_ORIGINS = [BASE_URL]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MEDIA_ROOT = Path(tempfile.mkdtemp(prefix="storefront-media-"))
DOWNLOADS_ROOT = Path(tempfile.mkdtemp(prefix="storefront-downloads-"))
STORAGES["downloads"]["OPTIONS"]["location"] = str(DOWNLOADS_ROOT)
# Most tests look at pages that must be made; those of the page cache switch it on.
CACHES["pages"] = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
# Each test's client would otherwise read all 1,300 static files first (0.1 s, a quarter of the suite).
WHITENOISE_AUTOREFRESH = True
DATABASES["default"]["CONN_MAX_AGE"] = 0  # a test's threads must not keep the database from being replaced
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"

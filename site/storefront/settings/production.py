"""Everything that faces visitors, `make run` included: `DEBUG` off, hashed static files."""

from .base import *  # noqa: F403
from .base import IS_HTTPS, STORAGES

STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}
if IS_HTTPS:
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 30 * 24 * 3600
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
# A shop does not speak for the other hosts of its domain, so neither includeSubDomains nor the preload list; and the
# admin shows previews of its pages in frames of its own.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021", "security.W019"]

"""The test suite: fast password hashing, mails in memory, files in a folder that is thrown away."""

import os
import tempfile

os.environ.setdefault("SECRET_KEY", "test-only")  # before base reads it
os.environ.setdefault("BASE_URL", "http://testserver")

from .base import *  # noqa: E402, F403

ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MEDIA_ROOT = tempfile.mkdtemp(prefix="storefront-media-")

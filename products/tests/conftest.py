"""Fixtures of the catalogue's tests."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _nothing_cached():
    """Wagtail caches renditions by the image's id, which the next test's images get again."""
    cache.clear()

"""Development: `DEBUG=1`."""

from .base import *  # noqa: F403

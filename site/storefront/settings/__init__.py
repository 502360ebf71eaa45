"""Settings: `DEBUG` in the environment chooses development or production."""

from . import base

if base.DEBUG:
    from .dev import *  # noqa: F403
else:
    from .production import *  # noqa: F403

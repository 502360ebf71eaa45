"""Settings: `DEBUG` in the environment chooses development or production; a wrong environment ends the process here."""

from . import base
from .reading import refusal

if base.PROBLEMS and not base.REPORTING:
    # SystemExit and not ImproperlyConfigured: one line, in manage.py as in gunicorn, instead of a traceback.
    raise SystemExit(refusal(base.PROBLEMS))
if base.DEBUG:
    from .dev import *  # noqa: F403
else:
    from .production import *  # noqa: F403

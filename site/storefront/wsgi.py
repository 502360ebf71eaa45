"""The WSGI application that gunicorn serves (`gunicorn -c gunicorn.conf.py storefront.wsgi`)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings")
django_application = get_wsgi_application()

from .ready_answers import ReadyAnswers  # noqa: E402 - its imports need Django's settings

application = ReadyAnswers(django_application)

"""The WSGI application that gunicorn serves (`gunicorn -c gunicorn.conf.py storefront.wsgi`)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings")
application = get_wsgi_application()

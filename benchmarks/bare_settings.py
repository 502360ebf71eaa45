"""A Django that does nothing but answer: the limit that a stored page is compared with. Same server, same log."""

import os

SECRET_KEY = "measured"
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "benchmarks.bare"
MIDDLEWARE: list[str] = []
INSTALLED_APPS: list[str] = []
USE_TZ = True
PORT = int(os.environ["PORT"])
WEB_CONCURRENCY = int(os.environ["WEB_CONCURRENCY"])
GUNICORN_THREADS = int(os.environ["GUNICORN_THREADS"])
BODY = os.environ.get("BODY", "")
LOG_FORMAT = "text"

"""How the shop is served: `gunicorn -c gunicorn.conf.py storefront.wsgi` from this folder."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
sys.path[:0] = [str(ROOT), str(ROOT / "site")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings")

# Loaded here, in the master: a setting that is refused ends it with one line, and no worker is started again and again.
from django.conf import settings  # noqa: E402

chdir = str(ROOT)
pythonpath = f"{ROOT},{ROOT / 'site'}"
bind = f"0.0.0.0:{settings.PORT}"
proc_name = "storefront"

# Threads, because a request mostly waits (for the database, for Stripe) and a second process costs 100 MB.
worker_class = "storefront.serving.Worker"
workers = settings.WEB_CONCURRENCY
threads = settings.GUNICORN_THREADS
timeout = 60
graceful_timeout = 30
keepalive = 5
# Image work leaves memory fragmented: a worker that has grown is replaced, and not one that has merely worked, whose
# stored pages would be lost (at 2,000 stored pages a second, four times a second with a limit of 500 requests).
LARGEST_WORKER = 240 * 1024 * 1024  # bytes resident, what it shares with the master included
LOOK_EVERY = 100  # requests
# The application is imported once, before the workers are forked: a replaced worker serves again within
# milliseconds (importing takes half a minute on a tenth of a CPU) and shares the master's memory.
preload_app = True
if Path("/dev/shm").is_dir():  # noqa: S108 - the heartbeat file on a disk can stall a worker
    worker_tmp_dir = "/dev/shm"  # noqa: S108

# Which peers may say "this came by https" is decided by storefront.proxies, from TRUSTED_PROXIES.
forwarded_allow_ips = ""
control_socket_disable = True

accesslog = "-"
access_log_format = '%(h)s "%(r)s" %(s)s %(B)s %(M)sms "%(f)s" "%(a)s" %({x-request-id}o)s'
errorlog = "-"
logger_class = "storefront.logs.GunicornLogger"


def post_request(worker, req, environ, resp) -> None:
    """Gunicorn's hook after each answer: a worker that is too large ends after its open requests."""
    if worker.nr % LOOK_EVERY == 0 and worker.alive and _resident() > LARGEST_WORKER:
        worker.log.info("Worker %s has grown large and is replaced.", worker.pid)
        worker.alive = False


def _resident() -> int:
    statm = Path("/proc/self/statm")  # Linux; elsewhere nothing is replaced
    return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") if statm.exists() else 0

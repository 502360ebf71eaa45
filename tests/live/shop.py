"""The shop as production runs it: gunicorn on the test's own database, Stripe and the mail server over the network."""

import json
import subprocess
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.core.management import call_command
from django.db import connection

from checkout.sandbox import keys

from .buyers import Answer, ask
from .processes import PYTHON, ROOT, Group, environment, free_port

CURRENCIES = ("USD", "EUR")
WORKERS, THREADS = 2, 8
ACCOUNTS = {
    currency: {
        "secret_key": keys.secret_key(currency),
        "publishable_key": keys.publishable_key(currency),
        "webhook_secrets": [keys.webhook_secret(currency)],
    }
    for currency in CURRENCIES
}


def database_url() -> str:
    """The address of the database that this test has now."""
    found = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{found['NAME']}"
    password = f":{quote(found['PASSWORD'], safe='')}" if found["PASSWORD"] else ""
    return f"postgres://{found['USER']}{password}@{found['HOST']}:{found['PORT'] or 5432}/{found['NAME']}"


def settings_of(stripe_url: str, mail_port: int, port: int, media: Path) -> dict[str, str]:
    keys_of = {
        f"STRIPE_{kind}_{currency}": value
        for currency, account in ACCOUNTS.items()
        for kind, value in (
            ("SECRET_KEY", account["secret_key"]),
            ("PUBLISHABLE_KEY", account["publishable_key"]),
            ("WEBHOOK_SECRET", account["webhook_secrets"][0]),
        )
    }
    return {
        "SECRET_KEY": "live-suites",
        "DATABASE_URL": database_url(),
        "BASE_URL": f"http://localhost:{port}",
        "ALLOWED_HOSTS": "127.0.0.1",
        "PORT": str(port),
        "STRIPE_API_BASE": stripe_url,
        "STRIPE_SANDBOX": "0",
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
        "TRUSTED_PROXIES": "127.0.0.1",  # so that each buyer has an address of its own
        "WEB_CONCURRENCY": str(WORKERS),
        "GUNICORN_THREADS": str(THREADS),
        "MEDIA_ROOT": str(media),
        "DOWNLOADS_ROOT": f"{media}-downloads",
        **keys_of,
    }


class Shop:
    """gunicorn, started and killed as often as wanted."""

    def __init__(self, stripe_url: str, mail_port: int, folder: Path, **more: str) -> None:
        self.port = free_port()
        self.settings = settings_of(stripe_url, mail_port, self.port, folder) | more
        self.webhook = f"http://127.0.0.1:{self.port}/stripe/webhook/"
        self.group = Group(
            [PYTHON, "-m", "gunicorn", "-c", "gunicorn.conf.py", "storefront.wsgi"],
            environment(**self.settings),
            folder / f"shop-{self.port}.log",
        )

    def start(self) -> None:
        self.group.start()
        self.group.await_answer(self.port, "/healthz")

    def collect_static(self) -> None:
        """What the image build does; pages cannot be served without."""
        if not (ROOT / "staticfiles" / "staticfiles.json").exists():
            done = self.manage("collectstatic", "--noinput", "--verbosity", "0")
            assert done.returncode == 0, done.stderr

    def be_there(self) -> None:
        if not self.group.runs:
            self.start()

    def kill(self) -> None:
        self.group.kill()

    def ask(self, path: str, form: dict[str, object] | None = None, **how: Any) -> Answer:
        return ask(self.port, path, form, **how)

    def buy(self, item_id: int, buyer: int = 0) -> Answer:
        """A click on Buy."""
        return self.ask(f"/buy/{item_id}", {}, buyer=buyer)

    def manage(self, *command: str, timeout: float = 600) -> subprocess.CompletedProcess[str]:
        """A management command with the shop's settings."""
        return subprocess.run(
            [PYTHON, "manage.py", *command],
            cwd=ROOT,
            env=environment(**self.settings),
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def errors(self) -> list[str]:
        """Tracebacks and 5xx that are none of 503 in the log."""
        text = self.group.log.read_text(errors="replace")
        return [line for line in text.splitlines() if line.startswith("Traceback") or '" 500 ' in line]


def audit() -> dict[str, Any]:
    """What `manage.py audit` says about the test's database."""
    out = StringIO()
    try:
        call_command("audit", stdout=out)
    except SystemExit:
        return json.loads(out.getvalue())
    return json.loads(out.getvalue())


def assert_sound(found: dict[str, Any] | None = None) -> None:
    """The invariants hold, and Stripe was asked about it."""
    found = found or audit()
    breaches = {name: one["breaches"] for name, one in found["invariants"].items() if not one["ok"]}
    assert breaches == {}
    assert found["ok"] is True
    assert found["stripe"] == "read"


Start = Callable[..., Shop]

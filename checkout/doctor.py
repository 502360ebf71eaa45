"""What an operator must know before buyers come: everything the shop leans on, looked at once. No secret is shown."""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.mail import get_connection
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from products.currencies import missing_settings

from .models import Beat, Incident, OutboxMail, StripeEvent

GREEN, YELLOW, RED = "ok", "look", "WRONG"
# Two connections that checkpoint at the same moment can damage a WAL file before this version.
SAFE_SQLITE = (3, 51, 3)
STALE = timedelta(hours=1)


@dataclass(frozen=True)
class Finding:
    """`level`: ok, look (works, but somebody should know) or WRONG."""

    level: str
    subject: str
    text: str


def examine() -> list[Finding]:
    """Every finding, in the order an operator would ask."""
    findings = [*_settings(), *_address(), *_payments()]
    database = list(_database())
    findings += database
    parts: list[Callable[[], Iterator[Finding]]] = [_mail, _media, _cache]
    if all(finding.level != RED for finding in database):
        parts += [_events, _periodic]
    for part in parts:
        findings += part()
    return findings


def _settings() -> Iterator[Finding]:
    for problem in settings.PROBLEMS:
        name, _, advice = problem.partition(": ")
        yield Finding(RED, name, advice)
    if not settings.PROBLEMS:
        yield Finding(GREEN, "settings", "complete and free of contradictions")
    if settings.DEBUG:
        yield Finding(RED if settings.STRIPE_LIVE else YELLOW, "DEBUG", "is on: visitors see the inside of errors")
    if settings.UNSAFE_NO_LOCKS:
        yield Finding(YELLOW, "STOREFRONT_UNSAFE_NO_LOCKS", "is on: this shop can sell what it does not have")
    if len(settings.SECRET_KEY) < 32 and not settings.DEBUG:
        yield Finding(YELLOW, "SECRET_KEY", "is short: use at least 50 random characters")


def _address() -> Iterator[Finding]:
    if settings.IS_HTTPS:
        yield Finding(GREEN, "BASE_URL", settings.BASE_URL)
    else:
        text = f"{settings.BASE_URL} is for this machine only: Stripe cannot send events to it"
        yield Finding(RED if settings.STRIPE_LIVE else YELLOW, "BASE_URL", text)
    if "*" in settings.ALLOWED_HOSTS:
        yield Finding(YELLOW, "ALLOWED_HOSTS", "answers to any name: list the shop's own")


def _payments() -> Iterator[Finding]:
    if settings.STRIPE_SANDBOX:
        yield Finding(YELLOW, "payments", "are pretended: the built-in sandbox is on")
    elif not settings.STRIPE_ACCOUNTS:
        yield Finding(RED, "payments", "no currency has keys, and the sandbox is off: nothing can be sold")
    mode = "live" if settings.STRIPE_LIVE else "test"
    for currency, account in settings.STRIPE_ACCOUNTS.items():
        missing = missing_settings(currency)
        if missing:
            yield Finding(RED, currency, f"cannot be sold: {', '.join(missing)} missing")
            continue
        secrets = len(account["webhook_secrets"])
        events = "no webhook secret" if not secrets else "webhook secret set" + (" (rotating)" if secrets > 1 else "")
        yield Finding(GREEN if secrets else YELLOW, currency, f"{mode} keys, {events}")


def _database() -> Iterator[Finding]:
    try:
        connection.ensure_connection()
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        yield Finding(RED, "database", f"DATABASE_URL: no database answers ({type(error).__name__})")
        return
    yield Finding(GREEN, "database", connection.display_name)
    if plan:
        yield Finding(RED, "migrations", f"{len(plan)} are missing: run `python manage.py boot`")
    else:
        yield Finding(GREEN, "migrations", "all applied")
    if connection.vendor == "sqlite" and sqlite3.sqlite_version_info < SAFE_SQLITE:
        text = f"SQLite {sqlite3.sqlite_version} has a rare fault with parallel writers, mended in 3.51.3"
        yield Finding(YELLOW, "SQLite", f"{text}: use PostgreSQL for a busy shop")


def _mail() -> Iterator[Finding]:
    backend = settings.EMAIL_BACKEND.rsplit(".", 2)[-2]
    if backend != "smtp":
        level = RED if settings.STRIPE_LIVE else YELLOW
        yield Finding(level, "mail", f"goes to “{backend}”, not to buyers: set EMAIL_URL")
        return
    try:
        with get_connection(fail_silently=False):
            yield Finding(GREEN, "mail", f"{settings.EMAIL_HOST} accepts us")
    except OSError as error:  # smtplib's errors are OSErrors
        yield Finding(RED, "mail", f"EMAIL_URL: {settings.EMAIL_HOST} does not accept us ({type(error).__name__})")
    if settings.DEFAULT_FROM_EMAIL.endswith("@localhost"):
        yield Finding(RED, "mail", "DEFAULT_FROM_EMAIL is missing: mails from localhost are thrown away")


def _media() -> Iterator[Finding]:
    try:
        name = default_storage.save("doctor/written-by-doctor.txt", ContentFile(b"ok"))
        default_storage.delete(name)
    except Exception as error:  # noqa: BLE001 - every storage has errors of its own
        yield Finding(RED, "media", f"MEDIA_STORAGE: nothing can be written ({type(error).__name__})")
        return
    if settings.MEDIA_STORAGE == "local":
        level = YELLOW if settings.ON_RENDER else GREEN
        lost = ", which this host empties at every restart: set MEDIA_STORAGE=s3" if settings.ON_RENDER else ""
        yield Finding(level, "media", f"written to {Path(settings.MEDIA_ROOT)}{lost}")
    else:
        yield Finding(GREEN, "media", "the bucket can be written")


def _cache() -> Iterator[Finding]:
    try:
        cache.set("doctor", "ok", 5)
        works = cache.get("doctor") == "ok"
    except Exception as error:  # noqa: BLE001 - every cache has errors of its own
        yield Finding(RED, "cache", f"CACHE_URL: the cache does not answer ({type(error).__name__})")
        return
    yield Finding(GREEN if works else YELLOW, "cache", "works" if works else "keeps nothing")


def _events() -> Iterator[Finding]:
    for currency in settings.STRIPE_ACCOUNTS:
        last = StripeEvent.objects.filter(keypair=currency).order_by("-received").first()
        if last is None:
            text = f"none yet: does the account send to {settings.BASE_URL}/stripe/webhook/ ?"
            yield Finding(YELLOW, f"{currency} events", text)
        else:
            yield Finding(GREEN, f"{currency} events", f"last at {last.received:%Y-%m-%d %H:%M} UTC ({last.type})")


def _periodic() -> Iterator[Finding]:
    beat = Beat.objects.filter(name="reconcile").first()
    if beat is None or timezone.now() - beat.at > STALE:
        since = f"last ran at {beat.at:%Y-%m-%d %H:%M} UTC" if beat else "never ran"
        yield Finding(YELLOW, "scheduler", f"reconcile {since}: let a cron job run `manage.py tick` every few minutes")
    else:
        yield Finding(GREEN, "scheduler", f"reconcile ran at {beat.at:%H:%M} UTC")
    unsent = OutboxMail.objects.filter(sent_at=None, created__lt=timezone.now() - STALE).count()
    if unsent:
        yield Finding(RED, "outbox", f"{unsent} mails wait for more than an hour")
    incidents = Incident.objects.filter(closed_at=None).count()
    if incidents:
        yield Finding(YELLOW, "incidents", f"{incidents} open: see the admin")

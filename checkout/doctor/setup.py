"""Settings, the shop's address, its certificate."""

import socket
import ssl
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings

from .finding import GREEN, RED, YELLOW, Finding

TLS_SECONDS = 5
DAY = 24 * 3600
SOON = 14  # days: whoever renews certificates by itself has done it by then


def settings_read() -> Iterator[Finding]:
    for problem in settings.PROBLEMS:
        name, _, advice = problem.partition(": ")
        yield Finding(RED, name, advice)
    if not settings.PROBLEMS:
        yield Finding(GREEN, "settings", "complete and free of contradictions")
    if settings.DEBUG:
        text = "is on: visitors see the inside of errors. Remove it before anybody visits."
        yield Finding(RED if settings.STRIPE_LIVE else YELLOW, "DEBUG", text)
    if settings.UNSAFE_NO_LOCKS:
        text = "is on: this shop can sell what it does not have. Remove it; it is for tests."
        yield Finding(YELLOW, "STOREFRONT_UNSAFE_NO_LOCKS", text)
    if len(settings.SECRET_KEY) < 32 and not settings.DEBUG:
        yield Finding(YELLOW, "SECRET_KEY", "is short: use at least 50 random characters")


def address() -> Iterator[Finding]:
    if settings.IS_HTTPS:
        yield Finding(GREEN, "BASE_URL", settings.BASE_URL)
    else:
        text = f"{settings.BASE_URL} is for this machine only: Stripe cannot send events to it. Set the public address."
        yield Finding(RED if settings.STRIPE_LIVE else YELLOW, "BASE_URL", text)
    if "*" in settings.ALLOWED_HOSTS:
        yield Finding(YELLOW, "ALLOWED_HOSTS", "answers to any name: list the shop's own")


def certificate() -> Iterator[Finding]:
    """The certificate that visitors are shown at BASE_URL, as a browser judges it."""
    if not settings.IS_HTTPS:
        return
    where = urlsplit(settings.BASE_URL)
    host, port = where.hostname or "", where.port or 443
    try:
        with (
            socket.create_connection((host, port), timeout=TLS_SECONDS) as plain,
            ssl.create_default_context().wrap_socket(plain, server_hostname=host) as wrapped,
        ):
            until = ssl.cert_time_to_seconds(str((wrapped.getpeercert() or {})["notAfter"]))
    except ssl.SSLCertVerificationError as error:
        text = f"browsers refuse the certificate of {host} ({error.verify_message}). Have the host or proxy renew it."
        yield Finding(RED, "TLS", text)
        return
    except OSError as error:
        text = f"{host}:{port} cannot be reached from here ({type(error).__name__}): look at it in a browser."
        yield Finding(YELLOW, "TLS", text)
        return
    days = int((until - time.time()) / DAY)
    advice = ". Is it renewed by itself?" if days < SOON else ""
    yield Finding(YELLOW if days < SOON else GREEN, "TLS", f"certificate good for {days} days{advice}")

"""Carries Stripe's events to the shop's webhook, and again until it answers 2xx. Nowhere without an address."""

import threading
import time
from datetime import timedelta

import requests
from django.db import connections

from checkout.sandbox import delivery

THREADS = 4
# Stripe waits minutes and hours; a suite of seconds cannot.
delivery.BACKOFF = [timedelta(seconds=0.5), timedelta(seconds=1), timedelta(seconds=2)]
delivery.CLAIM = timedelta(seconds=30)
_url = ""
_running: list[threading.Thread] = []


def deliver_to(url: str) -> None:
    """From now on events go there; "": nowhere."""
    global _url
    _url = url
    while url and len(_running) < THREADS:
        _running.append(threading.Thread(target=_carry, daemon=True))
        _running[-1].start()


def _carry() -> None:
    while True:
        if not _url or not delivery.deliver_due(receive=_post):
            time.sleep(0.05)
        connections.close_all()


def _post(body: bytes, signature: str) -> int:
    headers = {"Stripe-Signature": signature, "Content-Type": "application/json"}
    try:
        return requests.post(_url, body, headers=headers, timeout=20).status_code
    except (requests.RequestException, ValueError):  # the shop is down, or the address was taken away
        return 599

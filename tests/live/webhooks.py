"""Events brought to the shop by hand: in what order, how often and by how many at once the suite likes."""

import json
import random
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException
from typing import Any

from checkout.sandbox import delivery, keys

from .shop import Shop

NO_ANSWER = 599
ROUNDS = 12  # Stripe repeats for days; a few rounds must be enough here


def post(shop: Shop, event: dict[str, Any]) -> int:
    """One signed delivery; the shop's answer."""
    body = json.dumps(event["body"]).encode()
    headers = {"Stripe-Signature": delivery.signature(body, keys.webhook_secret(event["account"]))}
    connection = HTTPConnection("127.0.0.1", shop.port, timeout=60)
    try:
        connection.request("POST", "/stripe/webhook/", body, headers)
        return connection.getresponse().status
    except (OSError, HTTPException):
        return NO_ANSWER
    finally:
        connection.close()


def deliver_in_order(shop: Shop, events: Sequence[dict[str, Any]]) -> Counter[int]:
    """Each once, one after the other; those that are not accepted come again after the others."""
    return _until_accepted(shop, list(events), 1)


def deliver_as_storm(
    shop: Shop, events: Sequence[dict[str, Any]], *, seed: int, copies: int, parallel: int
) -> Counter[int]:
    """Each several times, shuffled, several at once; those that are not accepted come again. Answers, counted."""
    storm = list(events) * copies
    random.Random(seed).shuffle(storm)  # noqa: S311
    return _until_accepted(shop, storm, parallel)


def _until_accepted(shop: Shop, events: list[dict[str, Any]], parallel: int) -> Counter[int]:
    answers: Counter[int] = Counter()
    with ThreadPoolExecutor(parallel) as pool:
        for _ in range(ROUNDS):
            found = list(pool.map(lambda event: post(shop, event), events))
            answers.update(found)
            events = [event for event, answer in zip(events, found, strict=True) if answer != 200]
            if not events:
                return answers
    refused = Counter(event["type"] for event in events)
    raise AssertionError(f"never accepted: {refused}; answers: {answers}")

"""Counters shared by the workers of one gunicorn: made before it forks, so that they survive a worker's replacement."""

import multiprocessing
from bisect import bisect_left
from collections.abc import Iterator

STRIPE_BOUNDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds
OUTCOMES = ("answered", "rejected", "unavailable")
CLASSES = ("1xx", "2xx", "3xx", "4xx", "5xx")
# A worker that died while it counted must cost figures, never a request.
PATIENCE = 0.05

_STRIPE_WIDTH = len(STRIPE_BOUNDS) + 2  # each bucket, those beyond the last bound, and the sum of seconds
_REQUESTS = len(OUTCOMES) * _STRIPE_WIDTH
_lock = multiprocessing.get_context("fork").Lock()
_numbers = multiprocessing.get_context("fork").Array("d", _REQUESTS + 2 * len(CLASSES), lock=False)


def count_request(status: int, seconds: float) -> None:
    place = _REQUESTS + 2 * min(max(status // 100, 1), 5) - 2
    _add((place, 1.0), (place + 1, seconds))


def count_stripe_call(outcome: str, seconds: float) -> None:
    """`outcome`: one of OUTCOMES."""
    row = OUTCOMES.index(outcome) * _STRIPE_WIDTH
    _add((row + bisect_left(STRIPE_BOUNDS, seconds), 1.0), (row + _STRIPE_WIDTH - 1, seconds))


def _add(*additions: tuple[int, float]) -> None:
    if not _lock.acquire(timeout=PATIENCE):
        return
    try:
        for place, value in additions:
            _numbers[place] += value
    finally:
        _lock.release()


def lines() -> Iterator[str]:
    """In Prometheus' text format."""
    yield "# HELP storefront_http_requests_total Requests answered, by class of status."
    yield "# TYPE storefront_http_requests_total counter"
    for number, name in enumerate(CLASSES):
        yield f'storefront_http_requests_total{{status="{name}"}} {_numbers[_REQUESTS + 2 * number]:.0f}'
    yield "# HELP storefront_http_request_seconds_total Time spent on them."
    yield "# TYPE storefront_http_request_seconds_total counter"
    for number, name in enumerate(CLASSES):
        yield f'storefront_http_request_seconds_total{{status="{name}"}} {_numbers[_REQUESTS + 2 * number + 1]:.6f}'
    yield "# HELP storefront_stripe_seconds How long Stripe took to answer, retries included."
    yield "# TYPE storefront_stripe_seconds histogram"
    for number, outcome in enumerate(OUTCOMES):
        yield from _histogram(outcome, list(_numbers[number * _STRIPE_WIDTH : (number + 1) * _STRIPE_WIDTH]))


def _histogram(outcome: str, row: list[float]) -> Iterator[str]:
    count = 0.0
    for bound, found in zip([*map(str, STRIPE_BOUNDS), "+Inf"], row, strict=False):
        count += found
        yield f'storefront_stripe_seconds_bucket{{outcome="{outcome}",le="{bound}"}} {count:.0f}'
    yield f'storefront_stripe_seconds_sum{{outcome="{outcome}"}} {row[-1]:.6f}'
    yield f'storefront_stripe_seconds_count{{outcome="{outcome}"}} {count:.0f}'

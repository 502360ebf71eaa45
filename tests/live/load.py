"""Buyers who come at a steady rate, pay at Stripe, and sometimes come back to the shop."""

import random
import threading
import time
from collections import Counter

from .buyers import NO_ANSWER
from .shop import Shop
from .stripe_process import Stripe

BUYERS = 24  # who wait for an answer at the same time, at most


class Load:
    """Runs from `begin` to `end`; then `answers` counts what /buy said and `paid` holds the order of each payment."""

    def __init__(self, shop: Shop, stripe: Stripe, items: list[int], per_second: float, seed: int = 0) -> None:
        self.shop, self.stripe, self.items, self.interval = shop, stripe, items, 1 / per_second
        self.answers: Counter[int] = Counter()
        self.paid: list[str] = []
        self.slow = 0.0
        self._random = random.Random(seed)  # noqa: S311
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._next, self._number = time.monotonic(), 0
        self._threads = [threading.Thread(target=self._buy, daemon=True) for _ in range(BUYERS)]

    def begin(self) -> None:
        self._next = time.monotonic()
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(90)

    def _turn(self) -> tuple[int, int, float]:
        """The next buyer: (number, item, whim between 0 and 1). A buyer who cannot come in time does not come."""
        with self._lock:
            now = time.monotonic()
            self._next = max(self._next + self.interval, now - 1)
            wait = self._next - now
            self._number += 1
            mine = self._number, self._random.choice(self.items), self._random.random()
        if wait > 0:
            self._over.wait(wait)
        return mine

    def _buy(self) -> None:
        while not self._over.is_set():
            number, item, whim = self._turn()
            answer = self.shop.buy(item, number)
            with self._lock:
                self.answers[answer.status] += 1
                self.slow = max(self.slow, answer.seconds if answer.status != NO_ANSWER else 0)
            if answer.status == NO_ANSWER:
                self._over.wait(0.2)
            if answer.status != 200 or whim < 0.1:  # one in ten thinks better of it
                continue
            session = answer.json["session_id"]
            self.stripe.control("pay", session=session, email=f"buyer{number}@example.com")
            with self._lock:
                self.paid.append(answer.json["order_id"])
            if whim > 0.5:
                self.shop.ask(f"/checkout/return/?session_id={session}", buyer=number, accept="text/html")

"""Smooth randomness that is the same on every run."""

import math
import random


def seeded(seed: int | str) -> random.Random:
    """A generator of its own for each picture, so that the order of drawing changes nothing."""
    return random.Random(f"slowline/{seed}")  # noqa: S311 - art, not secrets


class Noise:
    """Perlin's gradient noise in two dimensions; values lie roughly between -1 and 1."""

    def __init__(self, seed: int | str) -> None:
        rng = seeded(f"noise/{seed}")
        order = list(range(256))
        rng.shuffle(order)
        self._order = order * 2
        self._gradients = [(math.cos(a), math.sin(a)) for a in (rng.uniform(0, math.tau) for _ in range(256))]

    def __call__(self, x: float, y: float) -> float:
        left, top = math.floor(x), math.floor(y)
        u, v = x - left, y - top
        order, gradients = self._order, self._gradients
        i, j = left & 255, top & 255
        a, b = order[i] + j, order[i + 1] + j
        (ax, ay), (bx, by) = gradients[order[a]], gradients[order[b]]
        (cx, cy), (dx, dy) = gradients[order[a + 1]], gradients[order[b + 1]]
        fade_u = u * u * u * (u * (u * 6 - 15) + 10)
        fade_v = v * v * v * (v * (v * 6 - 15) + 10)
        near = ax * u + ay * v
        near += fade_u * (bx * (u - 1) + by * v - near)
        far = cx * u + cy * (v - 1)
        far += fade_u * (dx * (u - 1) + dy * (v - 1) - far)
        return 1.4 * (near + fade_v * (far - near))

    def layers(self, x: float, y: float, octaves: int = 4) -> float:
        """Several octaves, each half as strong and twice as fine as the one before."""
        return sum(self(x * 2**n + 17 * n, y * 2**n - 9 * n) / 2**n for n in range(octaves))

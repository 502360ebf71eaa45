"""A herbarium: stems that branch by rule, pressed flat."""

import math
from collections.abc import Sequence

from PIL import Image

from .canvas import FOREST, OCHRE, PAPER, SAGE, TEAL, TERRACOTTA, Canvas, Point, mix
from .noise import seeded


def stem(start: Point, length: float, angle: float, bend: float, steps: int = 40) -> list[tuple[float, float, float]]:
    """Points (x, y, heading) along a curve that starts at `angle` (radians, up is -π/2) and bends evenly."""
    (x, y), out = start, []
    for n in range(steps + 1):
        heading = angle + bend * n / steps
        out.append((x, y, heading))
        x, y = x + length / steps * math.cos(heading), y + length / steps * math.sin(heading)
    return out


def leaf(c: Canvas, at: Point, angle: float, length: float, width: float, fill: str, vein: str | None = None) -> None:
    """An almond with its tip away from `at`."""
    u, v = math.cos(angle), math.sin(angle)
    outline = []
    for side in (1, -1):
        edge = [(length * t, side * width * math.sin(math.pi * t**0.8)) for t in (n / 12 for n in range(13))]
        outline += edge if side == 1 else edge[::-1]
    c.shape([(at[0] + a * u - b * v, at[1] + a * v + b * u) for a, b in outline], fill)
    if vein:
        c.line([at, (at[0] + 0.86 * length * u, at[1] + 0.86 * length * v)], vein, 1.3)


def fern(c: Canvas, start: Point, length: float, angle: float, bend: float, ink: str, size: float = 0.3) -> None:
    path = stem(start, length, angle, bend, 26)
    c.line([(x, y) for x, y, _ in path], ink, 3)
    for n, (x, y, heading) in enumerate(path[4:], 4):
        share = n / len(path)
        reach = length * size * math.sin(math.pi * min(1, share * 0.86 + 0.16)) * (1.05 - share * 0.75)
        for side in (1, -1):
            branch = stem((x, y), reach, heading + side * 1.05, -side * 0.35, 9)
            c.line([(a, b) for a, b, _ in branch], ink, 1.5)
            for m, (bx, by, bh) in enumerate(branch[1:], 1):
                for turn in (0.95, -0.95):
                    leaf(c, (bx, by), bh + turn, reach * 0.17 * (1.15 - m / 10), reach * 0.03, ink)


def sprig(
    c: Canvas, start: Point, length: float, angle: float, bend: float, ink: str, leaves: int = 9, plump: float = 0.42
) -> None:
    """Opposite leaves, smaller towards the tip: olive if slim, eucalyptus if plump."""
    path = stem(start, length, angle, bend, leaves * 4)
    c.line([(x, y) for x, y, _ in path], ink, 3)
    for n in range(1, leaves + 1):
        x, y, heading = path[min(len(path) - 1, n * 4 - 1)]
        size = length * 0.25 * (1.1 - 0.62 * n / leaves)
        for side in (1, -1):
            tone = mix(ink, "#ffffff", 0.22 if side > 0 else 0.0)
            leaf(
                c,
                (x, y),
                heading + side * (0.95 - 0.3 * n / leaves),
                size,
                size * plump,
                tone,
                mix(ink, "#ffffff", 0.6),
            )
    leaf(c, path[-1][:2], path[-1][2], length * 0.12, length * 0.12 * plump, ink, mix(ink, "#ffffff", 0.6))


def umbel(c: Canvas, start: Point, length: float, angle: float, bend: float, ink: str, dots: str) -> None:
    """Fennel in flower: rays from one point, and rays from each ray."""
    path = stem(start, length, angle, bend)
    c.line([(x, y) for x, y, _ in path], ink, 3)
    x, y, heading = path[-1]
    for n in range(11):
        turn = (n - 5) * 0.21
        ray = stem((x, y), length * (0.34 - 0.012 * abs(n - 5)), heading + turn, -turn * 0.3, 8)
        c.line([(a, b) for a, b, _ in ray], ink, 1.6)
        rx, ry, rh = ray[-1]
        for m in range(9):
            far = (
                rx + length * 0.075 * math.cos(rh + (m - 4) * 0.32),
                ry + length * 0.075 * math.sin(rh + (m - 4) * 0.32),
            )
            c.line([(rx, ry), far], ink, 1.1)
            c.circle(*far, length * 0.0085 + 1.2, dots)
    sx, sy, sh = path[len(path) // 2]
    for side in (1, -1):
        fern(c, (sx, sy), length * 0.3, sh + side * 0.8, -side * 0.3, ink, 0.24)


def herbarium(
    w: int, h: int, seed: int = 1, paper: str = PAPER, inks: Sequence[str] = (FOREST, SAGE, TEAL)
) -> Image.Image:
    """Five stems on one sheet, as they were found."""
    c, rng, up = Canvas(w, h, paper), seeded(f"herb{seed}"), -math.pi / 2
    ground = c.height - 120
    fern(c, (300, ground), 860, up - 0.14, 0.2, inks[0])
    umbel(c, (560, ground), 690, up + 0.02, 0.06, inks[2], TERRACOTTA)
    sprig(c, (760, ground), 640, up + 0.16, -0.12, inks[1], 10, 0.3)
    fern(c, (655, ground), 330, up + 0.5, -0.2, inks[1], 0.34)
    sprig(c, (440, ground), 380, up - 0.06 + rng.uniform(-0.02, 0.02), 0.1, inks[2], 7, 0.46)
    return c.finish()


def single_fern(w: int, h: int, seed: int = 1, paper: str = PAPER, ink: str = FOREST) -> Image.Image:
    """Two fronds crossing."""
    c = Canvas(w, h, paper)
    fern(c, (430, c.height - 90), c.height - 240, -math.pi / 2 - 0.2, 0.46, ink, 0.31)
    fern(c, (610, c.height - 100), c.height * 0.5, -math.pi / 2 + 0.36, -0.3, mix(ink, OCHRE, 0.35), 0.34)
    return c.finish()


def wreath(w: int, h: int, seed: int = 1, paper: str = PAPER, inks: Sequence[str] = (FOREST, SAGE)) -> Image.Image:
    """Sprigs following each other around an empty middle."""
    c, rng = Canvas(w, h, paper), seeded(f"wreath{seed}")
    reach = min(500, c.height / 2) * 0.6
    for n in range(16):
        a = math.tau * n / 16
        at = (500 + reach * math.cos(a), c.height / 2 + reach * math.sin(a))
        turn = a + math.pi / 2 + (0.42 if n % 2 else -0.3)
        sprig(c, at, reach * rng.uniform(0.62, 0.78), turn, 0.5, inks[n % len(inks)], 6, 0.3 + 0.14 * (n % 2))
    for n in range(24):
        a, r = math.tau * n / 24 + rng.uniform(-0.06, 0.06), reach * rng.uniform(0.9, 1.12)
        c.circle(500 + r * math.cos(a), c.height / 2 + r * math.sin(a), 9, TERRACOTTA)
    return c.finish()


def scatter(
    w: int, h: int, seed: int = 1, paper: str = PAPER, inks: Sequence[str] = (FOREST, SAGE, OCHRE), cell: float = 118
) -> Image.Image:
    """Small sprigs in every direction, for wrapping paper."""
    c, rng = Canvas(w, h, paper), seeded(f"scatter{seed}")
    for j in range(-1, int(c.height / cell) + 2):
        for i in range(-1, int(1000 / cell) + 2):
            x = (i + (0.5 if j % 2 else 0)) * cell + rng.uniform(-8, 8)
            y = j * cell + rng.uniform(-8, 8)
            angle = rng.uniform(0, math.tau)
            start = (x - cell * 0.36 * math.cos(angle), y - cell * 0.36 * math.sin(angle))
            sprig(c, start, cell * 0.72, angle, rng.uniform(-0.5, 0.5), rng.choice(inks), 5, rng.choice((0.28, 0.4)))
            c.circle(x + cell * 0.45, y + cell * 0.1, cell * 0.035, inks[-1])
    return c.finish()

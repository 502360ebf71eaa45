"""Drawings made of many small things: seeds, tiles, houses, stars, moons, discs."""

import math
from collections.abc import Sequence

from PIL import Image

from .canvas import BLUSH, CHARCOAL, INK, NIGHT, OCHRE, PAPER, SAGE, TEAL, TERRACOTTA, WHITE, Canvas, mix, pick
from .noise import Noise, seeded

GOLDEN = math.pi * (3 - math.sqrt(5))


def sunflower(
    w: int,
    h: int,
    seed: int = 1,
    paper: str = PAPER,
    inks: Sequence[str] = (OCHRE, TERRACOTTA, "#7c3626"),
    count: int = 1150,
    reach: float = 372,
) -> Image.Image:
    """Seeds at the golden angle, one after the other; the spirals were never drawn."""
    c = Canvas(w, h, paper)
    for n in range(1, count):
        share = n / count
        r, angle = reach * math.sqrt(share), n * GOLDEN
        x, y = 500 + r * math.cos(angle), c.height / 2 + r * math.sin(angle)
        size = 1.6 + 6.8 * share**0.55
        colour = pick(inks[::-1], share + 0.07 * math.sin(angle * 3))
        tip = (x + size * 1.25 * math.cos(angle), y + size * 1.25 * math.sin(angle))
        side = (-size * 0.72 * math.sin(angle), size * 0.72 * math.cos(angle))
        back = (x - size * 0.9 * math.cos(angle), y - size * 0.9 * math.sin(angle))
        if n % 13 == 0:
            c.circle(x, y, size * 0.8, None, colour, 1.7)
        else:
            c.shape([tip, (x + side[0], y + side[1]), back, (x - side[0], y - side[1])], colour)
    return c.finish()


def truchet(
    w: int,
    h: int,
    seed: int = 8,
    paper: str = PAPER,
    inks: Sequence[str] = (INK, TERRACOTTA),
    columns: int = 9,
    margin: float = 85,
    width: float = 0.1,
) -> Image.Image:
    """One tile, two ways up. Every path is closed or leaves the sheet; nobody planned either."""
    c, rng, tint = Canvas(w, h, paper), seeded(f"truchet{seed}"), Noise(f"truchet{seed}")
    tile = (1000 - 2 * margin) / columns
    rows = int((c.height - 2 * margin) / tile + 0.01)
    top = (c.height - rows * tile) / 2
    for j in range(rows):
        for i in range(columns):
            x, y = margin + i * tile, top + j * tile
            ink = pick(inks, 0.42 + 0.9 * tint(i / 4.7, j / 4.7))
            corners = ((x, y, 0, 90), (x + tile, y + tile, 180, 270))
            if rng.random() < 0.5:
                corners = ((x + tile, y, 90, 180), (x, y + tile, 270, 360))
            for cx, cy, start, end in corners:
                for share in (0.26, 0.5, 0.74):
                    c.arc(cx, cy, tile * share, (start, end), ink, tile * width)
    return c.finish()


def city(
    w: int,
    h: int,
    seed: int = 6,
    paper: str = PAPER,
    inks: Sequence[str] = (INK, TERRACOTTA, OCHRE, TEAL),
    blocks: int = 11,
) -> Image.Image:
    """A town on a grid, seen from nowhere in particular; taller in the middle, as towns are."""
    c, rng, noise = Canvas(w, h, paper), seeded(f"city{seed}"), Noise(f"city{seed}")
    half = 415 / blocks
    for total in range(2 * blocks - 1):
        for i in range(max(0, total - blocks + 1), min(blocks, total + 1)):
            j = total - i
            near = 1 - math.hypot(i - blocks / 2 + 0.5, j - blocks / 2 + 0.5) / (blocks * 0.72)
            tall = half * max(0.25, 11 * near * near + 3 * noise(i * 0.7, j * 0.7) + rng.uniform(0.2, 3))
            x = 500 + (i - j) * half
            y = c.height * 0.64 + (i + j - blocks + 1) * half * 0.58
            if rng.random() < 0.08:
                _square(c, x, y, half, inks[3])
            else:
                roof = rng.choice((WHITE, WHITE, WHITE, inks[1], inks[2], mix(inks[3], WHITE, 0.45)))
                _house(c, (x, y), half * 0.84, tall, roof, inks[0])
    return c.finish()


def _square(c: Canvas, x: float, y: float, half: float, ink: str) -> None:
    for n in (-1, 0, 1):
        c.circle(x + n * half * 0.42, y - half * (0.18 + 0.1 * (n == 0)), half * 0.25, mix(ink, WHITE, 0.35), ink, 1)


def _house(c: Canvas, at: tuple[float, float], half: float, tall: float, roof: str, ink: str) -> None:
    (x, y), low = at, half * 0.58
    left, right = (x - half, y), (x + half, y)
    front = (x, y + low)
    c.shape([left, front, (x, y + low - tall), (x - half, y - tall)], WHITE, ink, 1.1)
    c.shape([front, right, (x + half, y - tall), (x, y + low - tall)], ink, ink, 1.1)
    c.shape([(x - half, y - tall), (x, y + low - tall), (x + half, y - tall), (x, y - low - tall)], roof, ink, 1.1)
    floors = int(tall / (half * 0.42))
    for floor in range(1, floors + 1):
        rise = floor * half * 0.42
        if rise < tall - 3:
            c.line([(x - half * 0.84, y + low * 0.16 - rise), (x - half * 0.16, y + low * 0.84 - rise)], ink, 1.1)
            for u in (0.28, 0.62):
                a = (x + half * u, y + low * (1 - u) - rise)
                c.line([a, (a[0] + half * 0.17, a[1] - low * 0.17)], mix(ink, "#f3d27a", 0.85), 2.2)


def sky(w: int, h: int, seed: int = 9, paper: str = NIGHT, ink: str = "#efe6d2", gold: str = "#dcae57") -> Image.Image:
    """A chart of an invented sky: rings of declination, hours, and figures nobody has named yet."""
    c, rng, noise = Canvas(w, h, paper), seeded(f"sky{seed}"), Noise(f"sky{seed}")
    cx, cy, reach = 500, c.height / 2, 395
    faint = mix(paper, ink, 0.26)
    for n in range(1, 7):
        c.circle(cx, cy, reach * n / 6, None, faint, 1.1)
    for hour in range(24):
        u, v = math.cos(math.tau * hour / 24), math.sin(math.tau * hour / 24)
        c.line([(cx + u * reach / 6, cy + v * reach / 6), (cx + u * reach, cy + v * reach)], faint, 1.1)
        c.text(cx + u * (reach + 30), cy + v * (reach + 30), f"{hour}", 15, gold)
    for tick in range(360):
        u, v, deep = math.cos(math.radians(tick)), math.sin(math.radians(tick)), 12 if tick % 5 else 18
        c.line([(cx + u * reach, cy + v * reach), (cx + u * (reach - deep), cy + v * (reach - deep))], gold, 1.1)
    c.circle(cx, cy, reach + 2, None, gold, 3)
    c.circle(cx, cy, reach + 54, None, gold, 1.6)
    for _ in range(5200):
        r, a = reach * 0.95 * math.sqrt(rng.random()), rng.uniform(0, math.tau)
        x, y = cx + r * math.cos(a), cy + r * math.sin(a)
        if abs((x - cx) * 0.8 - (y - cy) * 0.5 + 60 * noise(x / 200, y / 200)) < abs(rng.gauss(0, 52)):
            c.circle(x, y, rng.choice((0.7, 0.9, 1.2)), mix(paper, ink, rng.uniform(0.35, 0.8)))
    _figures(c, rng, (cx, cy, reach), ink, gold)
    return c.finish()


def _figures(c: Canvas, rng, disc: tuple[float, float, float], ink: str, gold: str) -> None:
    cx, cy, reach = disc
    for _ in range(17):
        r, a = reach * rng.uniform(0.15, 0.82), rng.uniform(0, math.tau)
        x, y = cx + r * math.cos(a), cy + r * math.sin(a)
        heading, stars = rng.uniform(0, math.tau), []
        for _ in range(rng.randint(3, 7)):
            if math.hypot(x - cx, y - cy) < reach * 0.93:
                stars.append((x, y))
            heading += rng.uniform(-1.1, 1.1)
            x, y = x + rng.uniform(26, 58) * math.cos(heading), y + rng.uniform(26, 58) * math.sin(heading)
        if len(stars) > 1:
            c.line(stars, gold, 1.5)
        for sx, sy in stars:
            c.circle(sx, sy, rng.choice((3.2, 4.2, 5.6)), ink, c.paper, 1.6)
    for _ in range(150):
        r, a = reach * 0.94 * math.sqrt(rng.random()), rng.uniform(0, math.tau)
        c.circle(cx + r * math.cos(a), cy + r * math.sin(a), rng.choice((1.4, 1.8, 2.4)), ink)


def discs(
    w: int,
    h: int,
    seed: int = 12,
    paper: str = PAPER,
    inks: Sequence[str] = (TERRACOTTA, OCHRE, TEAL, INK, SAGE, BLUSH),
    margin: float = 85,
    largest: float = 130,
) -> Image.Image:
    """Circles that grow until they touch; each is filled by one of five habits of the pen."""
    c, rng = Canvas(w, h, paper), seeded(f"discs{seed}")
    placed: list[tuple[float, float, float]] = []
    for attempt in range(9000):
        x, y = rng.uniform(margin, 1000 - margin), rng.uniform(margin, c.height - margin)
        room = min(x - margin, y - margin, 1000 - margin - x, c.height - margin - y, largest * 0.985 ** (attempt / 60))
        for px, py, pr in placed:
            if room < 7:
                break
            room = min(room, math.hypot(px - x, py - y) - pr - 5)
        if room >= 7:
            placed.append((x, y, room))
            _fill_disc(c, rng, (x, y, room), rng.choice(inks))
    return c.finish()


def _fill_disc(c: Canvas, rng, disc: tuple[float, float, float], ink: str) -> None:
    x, y, r = disc
    habit = rng.randrange(5) if r > 15 else rng.choice((0, 1))
    if habit == 0:
        c.circle(x, y, r, ink)
    elif habit == 1:
        for n in range(int(r / 6.5) + 1):
            c.circle(x, y, r - n * 6.5, None, ink, 2.3)
    elif habit == 2:
        c.circle(x, y, r, None, ink, 2.3)
        angle = rng.choice((0.6, -0.6, 1.57, 0))
        u, v = math.cos(angle), math.sin(angle)
        for n in range(-int(r / 7), int(r / 7) + 1):
            d, half = n * 7.0, math.sqrt(max(0, r * r - n * n * 49))
            c.line([(x - v * d - u * half, y + u * d - v * half), (x - v * d + u * half, y + u * d + v * half)], ink, 2)
    elif habit == 3:
        c.circle(x, y, r, mix(ink, WHITE, 0.72), ink, 2.3)
        for n in range(int(r * 1.1)):
            d, a = (r - 6) * math.sqrt(n / (r * 1.1)), n * GOLDEN
            c.circle(x + d * math.cos(a), y + d * math.sin(a), 2.2, ink)
    else:
        c.circle(x, y, r, ink)
        c.circle(x + r * 0.25, y - r * 0.2, r * 0.6, mix(ink, WHITE, 0.8))


def moons(
    w: int,
    h: int,
    seed: int = 0,
    paper: str = CHARCOAL,
    ink: str = "#f1e7d3",
    columns: int = 5,
    rows: int = 6,
    margin: float = 120,
) -> Image.Image:
    """Thirty nights of the moon, hatched line by line; the dark side gets one line in four."""
    c = Canvas(w, h, paper)
    dx, dy = (1000 - 2 * margin) / columns, (c.height - 2 * margin) / rows
    radius = min(dx, dy) * 0.39
    count = columns * rows
    for n in range(count):
        x, y = margin + dx * (n % columns + 0.5), margin + dy * (n // columns + 0.5)
        phase = math.tau * n / count
        steps = max(16, int(radius / 2.3))
        for k in range(-steps, steps + 1):
            v = k / (steps + 0.5)
            half = radius * math.sqrt(1 - v * v)
            edge = half * math.cos(phase)
            lit = (edge, half) if n < count / 2 else (-half, -edge)
            c.line([(x + lit[0], y + v * radius), (x + lit[1], y + v * radius)], ink, 1.5)
            if k % 4 == 0:
                c.line([(x - half, y + v * radius), (x + half, y + v * radius)], mix(paper, ink, 0.3), 1.0)
    return c.finish()


def scallops(
    w: int, h: int, seed: int = 0, paper: str = PAPER, inks: Sequence[str] = (TEAL,), columns: int = 8
) -> Image.Image:
    """Overlapping fans, the oldest way to draw a calm sea."""
    c = Canvas(w, h, paper)
    r = 500 / columns
    for row in range(int(c.height / (r * 0.5)) + 4):
        for i in range(-1, columns + 2):
            x = i * 2 * r + (r if row % 2 else 0)
            y = row * r * 0.5
            ink = inks[(row * 3 + i) % len(inks)]
            for n, share in enumerate((0.98, 0.76, 0.54, 0.32)):
                c.circle(x, y, r * share, paper if n < 3 else mix(paper, ink, 0.35), ink, r * 0.07)
    return c.finish()

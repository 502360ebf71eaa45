"""Drawings made of long lines: wind, land, water, wood, interference."""

import math
from collections.abc import Sequence

from PIL import Image

from .canvas import INK, NIGHT, PAPER, SKY, TEAL, TERRACOTTA, Canvas, Point, mix, pick
from .noise import Noise, seeded

MARGIN = 85


def wind(
    w: int, h: int, seed: int = 4, inks: Sequence[str] = (INK, TEAL, TERRACOTTA), paper: str = PAPER, gap: float = 8
) -> Image.Image:
    """Streamlines of a smooth field that never come nearer to each other than `gap`."""
    c, rng, noise, tint = Canvas(w, h, paper), seeded(f"wind{seed}"), Noise(f"wind{seed}"), Noise(f"tint{seed}")
    taken: dict[tuple[int, int], list[Point]] = {}

    def free(x: float, y: float, room: float) -> bool:
        if not (MARGIN < x < 1000 - MARGIN and MARGIN < y < c.height - MARGIN):
            return False
        i, j = int(x / gap), int(y / gap)
        cells = ((i + a, j + b) for a in (-1, 0, 1) for b in (-1, 0, 1))
        return all((px - x) ** 2 + (py - y) ** 2 > room * room for cell in cells for px, py in taken.get(cell, ()))

    for _ in range(5200):
        start = rng.uniform(MARGIN, 1000 - MARGIN), rng.uniform(MARGIN, c.height - MARGIN)
        if not free(*start, gap):
            continue
        path = _streamline(start, noise, lambda x, y: free(x, y, gap * 0.62))
        if len(path) < 14:
            continue
        for x, y in path:
            taken.setdefault((int(x / gap), int(y / gap)), []).append((x, y))
        shade = 0.5 + 0.75 * tint(start[0] / 420, start[1] / 420) + rng.uniform(-0.12, 0.12)
        c.line(path, pick(inks, shade), rng.choice((1.5, 2.0, 2.0, 3.0)))
    return c.finish()


def _streamline(start: Point, noise: Noise, free) -> list[Point]:
    halves = []
    for direction in (1, -1):
        (x, y), points = start, []
        for _ in range(170):
            angle = 2.6 * noise(x / 520, y / 520) + 0.5 * noise(x / 170 + 40, y / 170) - 0.5
            x += 4 * direction * math.cos(angle)
            y += 4 * direction * math.sin(angle)
            if not free(x, y):
                break
            points.append((x, y))
        halves.append(points)
    return halves[1][::-1] + [start] + halves[0]


def ridges(
    w: int, h: int, seed: int = 11, paper: str = NIGHT, ink: str = "#f0e9da", moon: str = "#e7b75c", rows: int = 62
) -> Image.Image:
    """Rows of hills, each hiding what lies behind it, under a moon drawn in rings."""
    c, noise = Canvas(w, h, paper), Noise(f"ridge{seed}")
    top, bottom = c.height * 0.36, c.height - 110
    for r in range(8, 104, 8):
        c.circle(680, c.height * 0.235, r, None, mix(paper, moon, 0.95 - r / 260), 2.2)
    for row in range(rows):
        y = top + (bottom - top) * (row / (rows - 1)) ** 1.06
        points = []
        for step in range(281):
            x = 110 + step * 780 / 280
            centre = 0.5 + 0.16 * math.sin(row / 9)
            swell = math.exp(-(((x - 110) / 780 - centre) ** 2) / 0.05)
            rough = noise.layers(x / 120, row * 0.22, 4)
            points.append((x, y - 175 * swell * max(0, rough + 0.42) - 5 * noise(x / 40, row * 3.3) - 4))
        c.shape([*points, (890, y + 40), (110, y + 40)], paper)
        c.line(points, mix(ink, moon, max(0, 0.45 - row / rows)), 1.9)
    return c.finish()


def contours(
    w: int,
    h: int,
    seed: int = 7,
    paper: str = PAPER,
    inks: Sequence[str] = (TEAL, INK),
    accent: str = TERRACOTTA,
    frame: bool = True,
    levels: int = 26,
) -> Image.Image:
    """A map of land that does not exist: lines of equal height by marching squares."""
    c, noise = Canvas(w, h, paper), Noise(f"land{seed}")
    edge = MARGIN if frame else 0
    columns, rows = 230, round(230 * (c.height - 2 * edge) / (1000 - 2 * edge))
    dx, dy = (1000 - 2 * edge) / columns, (c.height - 2 * edge) / rows
    field = [[noise.layers(i / 112 + 3, j / 112, 3) for i in range(columns + 1)] for j in range(rows + 1)]
    low, high = min(map(min, field)), max(map(max, field))
    step = (high - low) / levels
    for j in range(rows):
        for i in range(columns):
            corners = (field[j][i], field[j][i + 1], field[j + 1][i + 1], field[j + 1][i])
            first, last = math.ceil((min(corners) - low) / step), math.floor((max(corners) - low) / step)
            for level in range(first, last + 1):
                major = level % 5 == 0
                colour = accent if level == levels - 5 else pick(inks, level / levels)
                for a, b in _crossings(corners, low + level * step):
                    ends = [(edge + (i + u) * dx, edge + (j + v) * dy) for u, v in (a, b)]
                    c.line(ends, colour, 2.6 if major else 1.25)
    if frame:
        _map_border(c, edge, inks[-1])
    return c.finish()


def _crossings(corners: tuple, level: float) -> list[tuple[Point, Point]]:
    """Where the height `level` crosses the edges of one cell, as segments in the cell's own 0 to 1."""
    a, b, c, d = corners
    hits: list[Point] = []
    if (a < level) != (b < level):
        hits.append(((level - a) / (b - a), 0))
    if (b < level) != (c < level):
        hits.append((1, (level - b) / (c - b)))
    if (d < level) != (c < level):
        hits.append(((level - d) / (c - d), 1))
    if (a < level) != (d < level):
        hits.append((0, (level - a) / (d - a)))
    return list(zip(hits[::2], hits[1::2], strict=False))


def _map_border(c: Canvas, edge: float, ink: str) -> None:
    right, bottom = 1000 - edge, c.height - edge
    for inset, width in ((0, 1.6), (-12, 3)):
        left, top = edge + inset, edge + inset
        far, low = right - inset, bottom - inset
        c.line([(left, top), (far, top), (far, low), (left, low), (left, top)], ink, width)
    for n in range(1, 10):
        x, y = edge + n * (right - edge) / 10, edge + n * (bottom - edge) / 10
        for a, b in (((x, edge), (x, edge - 12)), ((x, bottom), (x, bottom + 12))):
            c.line([a, b], ink, 1.6)
        for a, b in (((edge, y), (edge - 12, y)), ((right, y), (right + 12, y))):
            c.line([a, b], ink, 1.6)


def tide(
    w: int,
    h: int,
    seed: int = 3,
    paper: str = PAPER,
    sea: Sequence[str] = (SKY, TEAL, INK),
    sun: str = TERRACOTTA,
    margin: float = MARGIN,
) -> Image.Image:
    """Water lines that grow rougher towards the shore; where they cross the sun they change ink."""
    c, noise = Canvas(w, h, paper), Noise(f"tide{seed}")
    cx, cy, radius = 500, c.height * 0.36, 225
    rows = int((c.height - 2 * margin - 20) / 12.4)
    for row in range(rows):
        depth = row / (rows - 1)
        base = margin + 14 + row * 12.4
        current: list[Point] = []
        inside = None
        for step in range(301):
            x = margin + step * (1000 - 2 * margin) / 300
            swing = 3 + 26 * depth**1.5
            y = base + swing * noise(x / 210 + 7, base / 165) + swing * 0.35 * math.sin(x / 46 + base / 30)
            now = (x - cx) ** 2 + (y - cy) ** 2 < radius * radius
            if now != inside and current:
                c.line([*current, (x, y)], sun if inside else pick(sea, depth), 3.6 if inside else 2.1)
                current = []
            inside = now
            current.append((x, y))
        c.line(current, sun if inside else pick(sea, depth), 3.6 if inside else 2.1)
    return c.finish()


def rings(
    w: int,
    h: int,
    seed: int = 5,
    paper: str = "#f4ead9",
    inks: Sequence[str] = ("#6b3f2a", "#8a5a3a"),
    count: int = 74,
) -> Image.Image:
    """The cut end of a tree: good years wide, dry years narrow, one old wound."""
    c, noise, rng = Canvas(w, h, paper), Noise(f"tree{seed}"), seeded(f"tree{seed}")
    cx, cy, radius = 480, c.height * 0.49, 4.0
    years = [max(0.35, 1 + 0.9 * noise(n / 5, 2) + rng.uniform(-0.3, 0.3)) for n in range(count)]
    unit = 372 / sum(years)
    for year, growth in enumerate(years):
        radius += growth * unit
        points = []
        for step in range(361):
            angle = math.tau * step / 360
            u, v = math.cos(angle), math.sin(angle)
            bulge = noise(u * 0.9 + 5, v * 0.9 + year * 0.006) * 0.2 + noise(u * 3 + 30, v * 3 + year * 0.03) * 0.035
            wound = -0.16 * math.exp(-(((angle - 5.35) / 0.16) ** 2)) * min(1, max(0, (year - 22) / 30))
            r = radius * (1 + bulge + wound)
            points.append((cx + r * u, cy + r * v * 1.04))
        wide = year == count - 1
        c.line(points, inks[0] if wide else inks[year % 7 == 0], 6 if wide else 1.1 + 1.7 * (growth < 0.75))
    for _ in range(26):
        angle, start = rng.uniform(0, math.tau), rng.uniform(40, 250)
        ends = [
            (cx + r * math.cos(angle + r / 9000), cy + r * math.sin(angle))
            for r in (start, start + rng.uniform(30, 90))
        ]
        c.line(ends, paper, 1.6)
    return c.finish()


def moire(
    w: int, h: int, seed: int = 0, paper: str = PAPER, inks: Sequence[str] = (TERRACOTTA, INK), gap: float = 10.5
) -> Image.Image:
    """Two plain sets of rings, laid over each other a little apart: the third pattern is only in the eye."""
    c = Canvas(w, h, paper)
    other = c.layer()
    middle = c.height / 2
    for n in range(1, int(360 / gap)):
        c.circle(500 - 38, middle - 52, n * gap + 2, None, inks[0], 3.0)
        other.circle(500 + 38, middle + 52, n * gap + 2, None, inks[1], 3.0)
    c.overprint(other)
    return c.finish()


def pendulum(
    w: int, h: int, seed: int = 2, paper: str = PAPER, inks: Sequence[str] = (TEAL, TERRACOTTA), width: float = 1.25
) -> Image.Image:
    """A harmonograph: two swinging pendulums that tire slowly, drawn as one line for each ink."""
    c = Canvas(w, h, paper)
    for number, ink in enumerate(inks):
        sheet = c if number == 0 else c.layer()
        drift = 0.0035 + 0.0011 * seed
        points = []
        for step in range(15000):
            t = step / 50
            fade = math.exp(-t / 170)
            x = 500 + fade * (275 * math.sin((2 + drift) * t + 0.4) + 105 * math.sin(3 * t + number * 0.12))
            y = c.height / 2 + fade * (385 * math.sin(3 * t + 1.55 + number * 0.1) + 70 * math.cos((2 + drift) * t))
            points.append((x, y))
        sheet.line(points, ink, width)
        if sheet is not c:
            c.overprint(sheet)
    return c.finish()

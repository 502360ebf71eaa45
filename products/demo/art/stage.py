"""The photographer's table: backdrops, window light, shadows. Sizes are in pixels of the finished picture."""

import math

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from .canvas import Canvas, mix
from .noise import seeded
from .plants import fern, sprig

SIZE = (1280, 1600)
FINE = 2  # objects are built this many times too large, then turned and reduced


def backdrop(colour: str, size: tuple[int, int] = SIZE, light: tuple[float, float] = (0.3, 0.2)) -> Image.Image:
    """A painted wall or a paper sweep, brighter near `light` (shares of width and height)."""
    w, h = size
    glow = Image.radial_gradient("L").resize((int(w * 2.4), int(h * 2.0)), Image.Resampling.BICUBIC)
    left, top = int(glow.width / 2 - light[0] * w), int(glow.height / 2 - light[1] * h)
    mask = glow.crop((left, top, left + w, top + h))
    near, far = (
        Image.new("RGB", size, mix(colour, "#ffffff", 0.26)),
        Image.new("RGB", size, mix(colour, "#3a2c22", 0.17)),
    )
    return Image.composite(far, near, mask)


def grain(image: Image.Image, seed: int | str, strength: float = 0.006) -> Image.Image:
    """A little tooth, so that flat tones look like a photograph and gradients do not band."""
    w, h = image.size
    noise = Image.frombytes("L", (w, h), seeded(f"grain{seed}").randbytes(w * h)).filter(ImageFilter.GaussianBlur(0.8))
    noise = noise.point([max(0, min(255, round(128 + (v - 128) * 1.6))) for v in range(256)])
    return Image.blend(image, ImageChops.overlay(image, noise.convert("RGB")), strength * 10)


def window_light(image: Image.Image, strength: float = 0.3, lean: float = 0.42, at: float = 0.1) -> Image.Image:
    """The low sun through a window with four panes, falling across the wall."""
    w, h = image.size
    mask = Image.new("L", (w // 4, h // 4), 0)
    draw = ImageDraw.Draw(mask)
    mw, mh = mask.size
    for row in range(3):
        for column in range(2):
            x = mw * (at + column * 0.33 + row * lean * 0.3)
            y = mh * (0.02 + row * 0.30 + column * 0.05)
            across, down = mw * 0.29, mh * 0.26
            slide = lean * down * 0.9
            draw.polygon(
                [
                    (x, y),
                    (x + across, y + mh * 0.045),
                    (x + across + slide, y + down + mh * 0.045),
                    (x + slide, y + down),
                ],
                255,
            )
    mask = mask.filter(ImageFilter.GaussianBlur(mw / 60)).resize((w, h), Image.Resampling.BICUBIC)
    bright = ImageChops.screen(image, Image.new("RGB", image.size, "#6b5a40"))
    return Image.composite(bright, image, mask.point([round(v * strength) for v in range(256)]))


def leaf_shadow(image: Image.Image, seed: int, strength: float = 0.17, corner: str = "right") -> Image.Image:
    """The shadow of a plant that stands outside the picture."""
    w, h = image.size
    rng = seeded(f"shade{seed}")
    c = Canvas(w // 4, h // 4, "#ffffff", 2)
    x, direction = (1010, -1) if corner == "right" else (-10, 1)
    for n in range(3):
        angle = -math.pi / 2 + direction * rng.uniform(0.45, 1.15)
        fern(
            c,
            (x, c.height * (0.5 + 0.18 * n)),
            rng.uniform(520, 760),
            angle,
            direction * rng.uniform(0.1, 0.5),
            "#000000",
            0.36,
        )
    mask = ImageChops.invert(c.finish().convert("L")).filter(ImageFilter.GaussianBlur(w / 320))
    mask = mask.resize((w, h), Image.Resampling.BICUBIC).point([round(v * strength) for v in range(256)])
    return Image.composite(ImageChops.multiply(image, Image.new("RGB", image.size, "#5e5348")), image, mask)


def place(
    scene: Image.Image,
    thing: Image.Image,
    centre: tuple[float, float],
    angle: float = 0,
    lift: float = 10,
    depth: float = 0.42,
) -> None:
    """Lay an RGBA object (FINE times too large) on the scene, `lift` pixels above it, lit from the upper left."""
    if angle:
        thing = thing.rotate(angle, Image.Resampling.BICUBIC, expand=True)
    thing = thing.resize((round(thing.width / FINE), round(thing.height / FINE)), Image.Resampling.LANCZOS)
    left, top = round(centre[0] - thing.width / 2), round(centre[1] - thing.height / 2)
    alpha = thing.getchannel("A")
    for share, offset, blur in ((0.55, lift * 1.5, lift * 1.7 + 3), (0.6, lift * 0.35 + 1, lift * 0.3 + 1.2)):
        shadow(scene, alpha, (left + offset * 0.62, top + offset), blur, depth * share)
    scene.paste(thing, (left, top), thing)


def shadow(scene: Image.Image, alpha: Image.Image, at: tuple[float, float], blur: float, strength: float) -> None:
    """Darken the scene below a silhouette."""
    room = math.ceil(blur * 3)
    mask = Image.new("L", (alpha.width + 2 * room, alpha.height + 2 * room), 0)
    mask.paste(alpha, (room, room))
    mask = mask.filter(ImageFilter.GaussianBlur(blur)).point([round(v * strength) for v in range(256)])
    scene.paste(Image.new("RGB", mask.size, "#2b2119"), (round(at[0]) - room, round(at[1]) - room), mask)


def shelf(scene: Image.Image, y: int, colour: str) -> None:
    """A board across the picture: its top catches light, its edge is darker, the wall below lies in shade."""
    w, h = scene.size
    below = Image.new("L", (w, h - y), 150)
    shadow(scene, below, (0, y + 30), 40, 0.42)
    board = Image.new("RGB", (w, 118), colour)
    draw = ImageDraw.Draw(board)
    rng = seeded(f"board{colour}")
    for _ in range(170):
        x, line = rng.uniform(-200, w), rng.uniform(0, 86)
        draw.line(
            [(x, line), (x + rng.uniform(150, 700), line + rng.uniform(-1.5, 1.5))],
            mix(colour, "#4a2f1a", rng.uniform(0.03, 0.13)),
        )
    draw.rectangle((0, 88, w, 118), mix(colour, "#3b2616", 0.3))
    draw.line([(0, 88), (w, 88)], mix(colour, "#ffffff", 0.35), 2)
    scene.paste(board, (0, y))


def vase(height: int, colour: str, ink: str, seed: int = 1, twigs: int = 4) -> Image.Image:
    """A thrown vase with a few sprigs, FINE times too large; its foot is the picture's lower edge."""
    w, h = int(height * 0.9) * FINE, height * FINE
    c = Canvas(w, h, "#ffffff", 2)
    rng = seeded(f"vase{seed}")
    for n in range(twigs):
        angle = -math.pi / 2 + (n - (twigs - 1) / 2) * 0.24 + rng.uniform(-0.05, 0.05)
        sprig(
            c,
            (500, c.height * 0.62),
            c.height * rng.uniform(0.42, 0.58),
            angle,
            rng.uniform(-0.3, 0.3),
            "#000000",
            8,
            0.3,
        )
    alpha = ImageChops.invert(c.finish().convert("L"))
    out = Image.new("RGBA", (w, h), ink)
    out.putalpha(alpha)
    profile = [(0.0, 0.075), (0.06, 0.06), (0.2, 0.07), (0.42, 0.19), (0.62, 0.235), (0.82, 0.2), (1.0, 0.12)]
    body = Image.new("L", (w, h), 0)
    top = h * 0.58
    side = [(w * r, top + (h - top) * t) for t, r in _smooth(profile)]
    ImageDraw.Draw(body).polygon([(w / 2 + x, y) for x, y in side] + [(w / 2 - x, y) for x, y in reversed(side)], 255)
    out.paste(_round_shade((w, h), colour, 0.25, 0.75), (0, 0), body)
    return out


def _smooth(profile: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Cosine steps between the given radii."""
    out = []
    for (t0, r0), (t1, r1) in zip(profile, profile[1:], strict=False):
        for n in range(12):
            u = n / 12
            out.append((t0 + (t1 - t0) * u, r0 + (r1 - r0) * (1 - math.cos(math.pi * u)) / 2))
    return [*out, profile[-1]]


def _round_shade(size: tuple[int, int], colour: str, left: float, right: float) -> Image.Image:
    """A column's shading between two shares of the width: light from the left."""
    w, h = size
    row = Image.new("RGB", (w, 1))
    for x in range(w):
        u = min(1, max(0, (x / w - left) / (right - left)))
        light = 0.5 + 0.5 * math.cos((u - 0.32) * 2.9)
        row.putpixel(
            (x, 0),
            tuple(
                int(mix(mix(colour, "#20160f", 0.55), mix(colour, "#ffffff", 0.35), light)[i : i + 2], 16)
                for i in (1, 3, 5)
            ),
        )
    return row.resize((w, h))

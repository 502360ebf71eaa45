"""Photographs: objects set up on a backdrop. Every function returns a finished RGB picture."""

from collections.abc import Callable, Sequence

from PIL import Image, ImageChops, ImageFilter

from . import objects
from .canvas import Canvas
from .stage import FINE, SIZE, backdrop, grain, leaf_shadow, place, shelf, vase, window_light

Art = Callable[[int, int], Image.Image]


def hung(
    art: Art, *, wall: str, wood: str = objects.OAK, mat: int = 46, seed: int = 1, corner: str = "right"
) -> Image.Image:
    """Framed, on a wall in morning light."""
    scene = window_light(backdrop(wall), 0.32, at=0.02 if corner == "right" else 0.3)
    inner = 860 - 2 * (mat + 22)
    frame = objects.framed(art(inner * FINE, inner * FINE * 5 // 4), wood, mat)
    place(scene, frame, (640, 780), 0, 18)
    return grain(leaf_shadow(scene, seed, corner=corner), seed)


def leaning(
    art: Art,
    *,
    wall: str,
    wood: str = objects.BLACK,
    board: str = "#c9a273",
    pot: str = "#d9c6ae",
    twig: str = "#4d5f4a",
    mat: int = 0,
    seed: int = 1,
    left: bool = True,
) -> Image.Image:
    """Framed, standing on a shelf beside a vase."""
    scene = window_light(backdrop(wall), 0.26, at=0.28)
    shelf(scene, 1410, board)
    inner = 770 - 2 * (mat + 22)
    frame = objects.framed(art(inner * FINE, inner * FINE * 5 // 4), wood, mat)
    x = 500 if left else 780
    place(scene, frame, (x, 1462 - frame.height / 2 / FINE), 0, 12)
    place(scene, vase(680, pot, twig, seed), (1080 if left else 200, 1476 - 340), 0, 9)
    return grain(scene, seed)


def loose(art: Art, *, table: str, angle: float = -5, tool: str = "#26282d", seed: int = 1) -> Image.Image:
    """The unframed sheet on a table, a pen beside it."""
    scene = leaf_shadow(window_light(backdrop(table), 0.3, at=0.25), seed, 0.14, "left")
    place(scene, objects.sheet(art(860 * FINE, 1075 * FINE)), (610, 760), angle, 9)
    place(scene, objects.pen(560, tool), (1010, 1320), 62, 8)
    return grain(scene, seed)


def taped(art: Art, *, wall: str, strip: str = "#d9c08a", seed: int = 1) -> Image.Image:
    """The sheet on the workshop's wall, held by two bits of tape."""
    scene = leaf_shadow(window_light(backdrop(wall), 0.34, at=0.05), seed)
    place(scene, objects.sheet(art(900 * FINE, 1125 * FINE)), (640, 800), 0.7, 5)
    for x, turn in ((400, 8), (880, -5)):
        bit = objects.solid((150, 44), strip)
        bit.putalpha(215)
        place(scene, bit, (x, 240), turn, 2, 0.25)
    return grain(scene, seed)


def close(art: Art, *, focus: tuple[float, float] = (0.5, 0.5), zoom: float = 2.4, seed: int = 1) -> Image.Image:
    """Near enough to see the pen's line, seen at a slant, sharp only in the middle."""
    w, h = SIZE
    whole = art(int(w * zoom * 1.1), int(h * zoom * 1.1))
    cx, cy = focus[0] * whole.width, focus[1] * whole.height
    near, far, tall = w * 0.52, w * 0.72, h * 0.62
    cx = min(max(cx, far + 60), whole.width - far - 60)
    cy = min(max(cy, tall + 20), whole.height - tall - 20)
    quad = (cx - far, cy - tall, cx - near - 50, cy + tall, cx + near - 50, cy + tall, cx + far, cy - tall)
    picture = whole.transform((w, h), Image.Transform.QUAD, quad, Image.Resampling.BICUBIC)
    soft = picture.filter(ImageFilter.GaussianBlur(7))
    ramp = Image.new("L", (1, h))
    for y in range(h):
        ramp.putpixel((0, y), round(255 * min(1, max(0, abs(y / h - 0.58) - 0.17) / 0.36)))
    picture = Image.composite(soft, picture, ramp.resize((w, h)))
    return grain(ImageChops.multiply(picture, backdrop("#f4efe6", SIZE, (0.2, 0.1))), seed)


def fan(
    cards: Sequence[Image.Image],
    *,
    table: str,
    wrapper: str = "#c9a87c",
    size: tuple[int, int] = (780, 570),
    spread: Sequence[tuple[float, float, float]] = ((540, 560, 14), (640, 620, 3), (745, 690, -8)),
    seed: int = 1,
) -> Image.Image:
    """Cards fanned over their envelope."""
    scene = leaf_shadow(backdrop(table), seed, 0.13)
    place(scene, objects.envelope(*size, wrapper), (500, 1170), -8, 6)
    for picture, (x, y, angle) in zip(cards, spread, strict=False):
        place(scene, objects.card(picture), (x, y), angle, 8)
    return grain(scene, seed)


def book(
    cover: Image.Image,
    *,
    table: str,
    cloth: str,
    elastic: str | None,
    label: str = "",
    tool: str = "#26282d",
    seed: int = 1,
) -> Image.Image:
    """A notebook on a table, a pen beside it."""
    scene = leaf_shadow(backdrop(table), seed, 0.13, "left")
    place(scene, objects.notebook(cover, elastic, cloth, label), (600, 780), 6, 17)
    place(scene, objects.pen(620, tool), (1085, 1210), 76, 8)
    return grain(scene, seed)


def table_top(colour: str, things: Sequence[tuple], *, seed: int = 1, corner: str = "right") -> Image.Image:
    """Anything laid out on a table: (object, centre, angle, lift), the lowest first."""
    scene = leaf_shadow(window_light(backdrop(colour), 0.22, at=0.2), seed, 0.12, corner)
    for thing, centre, angle, lift in things:
        place(scene, thing, centre, angle, lift)
    return grain(scene, seed)


def spread(paper: str, ink: str, *, table: str, seed: int = 1) -> Image.Image:
    """An open notebook with a dot grid, and the beginnings of a drawing."""
    scene = leaf_shadow(backdrop(table), seed, 0.14)
    c = Canvas(1080 * FINE, 1500 * FINE // 2, paper, 1)
    for j in range(1, int(c.height / 20)):
        for i in range(1, 50):
            c.circle(i * 20, j * 20, 1.5, "#c6bda9")
    _doodle(c, ink)
    pages = c.finish().convert("RGBA")
    gutter = Image.new("L", (pages.width, 1), 0)
    for x in range(pages.width):
        gutter.putpixel((x, 0), round(120 * max(0, 1 - abs(x / pages.width - 0.5) / 0.055) ** 2))
    pages.paste(Image.new("RGBA", pages.size, "#4a3b29"), (0, 0), gutter.resize(pages.size))
    place(scene, objects.rounded(objects.solid((1110, 770), "#22372f"), 12), (640, 806), 4, 14)
    place(scene, objects.rounded(pages, 10), (640, 800), 4, 3)
    place(scene, objects.pen(600, "#26282d"), (820, 1290), 22, 8)
    return grain(scene, seed)


def _doodle(c: Canvas, ink: str) -> None:
    for n in range(9):
        c.circle(740, c.height * 0.44, 22 + n * 17, None, ink, 2)
    for n, words in enumerate(("pen 0.3, slower round the corners", "14 rings, gap 1.7 mm", "stop before the fold")):
        c.text(80, c.height * 0.22 + n * 44, words, 21, ink, "lm")
    c.line([(80, c.height * 0.22 + 132), (330, c.height * 0.22 + 132)], ink, 2)

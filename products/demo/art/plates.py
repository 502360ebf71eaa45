"""The pictures that need a setting of their own."""

from collections.abc import Callable
from functools import partial

from PIL import Image, ImageDraw

from . import forms, goods, lines, objects, plants
from .canvas import BLUSH, CHARCOAL, FOREST, INK, NIGHT, OCHRE, PAPER, SAGE, SKY, TEAL, TERRACOTTA, Canvas
from .scenes import table_top
from .stage import FINE, backdrop, grain, leaf_shadow, place, shelf, vase, window_light

GREEN_LAND = partial(lines.contours, seed=21, paper=FOREST, inks=("#cfd8c0", "#f1e6cd"), accent="#dba24b", frame=False)


def hero() -> Image.Image:
    """The wall of the studio: three frames, a shelf, morning sun."""
    scene = window_light(backdrop("#d8cbb8", (2000, 1125), (0.3, 0.1)), 0.34, at=0.3)
    shelf(scene, 985, "#c39a69")
    hung = ((lines.wind, objects.OAK, 1130, 470, 420), (lines.tide, objects.WHITE_FRAME, 1650, 430, 360))
    for art, wood, x, y, inner in hung:
        frame = objects.framed(art(inner * FINE, inner * FINE * 5 // 4), wood, 30, 16)
        place(scene, frame, (x, y), 0, 14)
    small = objects.framed(forms.sky(330 * FINE, 412 * FINE), objects.BLACK, 0, 16)
    place(scene, small, (1420, 1030 - small.height / 2 / FINE), 0, 10)
    book = objects.notebook(GREEN_LAND(230 * FINE, 316 * FINE), None, "#22372f")
    place(scene, book, (1700, 1034 - book.height / 2 / FINE), 0, 7)
    place(scene, vase(430, "#e6dccb", "#4d5f4a", 3), (1890, 1045 - 215), 0, 8)
    return grain(leaf_shadow(scene, 3, 0.15, "left"), 1)


def plotter() -> Image.Image:
    """The machine at work: a rail, a carriage, a pen, half a drawing."""
    size = (1600, 1067)
    scene = window_light(backdrop("#b89b80", size), 0.3, at=0.15)
    art = lines.ridges(760 * FINE, 950 * FINE, paper=PAPER, ink=INK, moon=TERRACOTTA)
    ImageDraw.Draw(art).rectangle((0, int(art.height * 0.71), art.width, art.height), PAPER)
    place(scene, objects.sheet(art), (760, 560), 0, 4)
    for y in (690, 742):
        rail = Image.new("RGBA", (1700 * FINE, 20 * FINE))
        for row in range(rail.height):
            tone = 235 - round(150 * abs(row / rail.height - 0.28))
            ImageDraw.Draw(rail).line([(0, row), (rail.width, row)], (tone, tone - 2, tone - 6, 255))
        place(scene, rail, (800, y), 0, 16)
    carriage = objects.rounded(objects.solid((170, 190), "#2b2d31"), 16)
    draw = ImageDraw.Draw(carriage)
    draw.rounded_rectangle((40, 40, 300, 150), 16, "#3a3d42")
    for x, y in ((50, 330), (290, 330), (50, 190), (290, 190)):
        draw.ellipse((x - 13, y - 13, x + 13, y + 13), "#8b8d90")
    place(scene, carriage, (905, 716), 0, 20)
    barrel = objects.pen(250, TERRACOTTA).rotate(90, expand=True)
    place(scene, barrel, (905, 690), 180, 24)
    for n, colour in enumerate((INK, TEAL, OCHRE)):
        place(scene, objects.pen(430, colour), (1360 + n * 62, 300), 84 - n * 4, 8)
    place(scene, goods.cup(70, "#dcd3c4"), (180, 230), 24, 12)
    return grain(leaf_shadow(scene, 8, 0.13), 2)


def postcards() -> Image.Image:
    arts: tuple[Callable[..., Image.Image], ...] = (
        forms.truchet,
        lines.moire,
        plants.single_fern,
        forms.sunflower,
        partial(lines.tide, seed=5),
        forms.city,
        lines.rings,
        forms.discs,
        lines.ridges,
        forms.moons,
        lines.contours,
        forms.sky,
    )
    things = []
    for n, art in enumerate(arts):
        x, y = 262 + (n % 3) * 378, 224 + (n // 3) * 384
        turn = (-4, 3, -2, 5, -3, 2, 4, -5, 3, -2, 3, -3)[n]
        things.append((objects.sheet(art(272 * FINE, 340 * FINE)), (x, y), turn, 6))
    return table_top("#c7bba8", things, seed=34)


def happy_rings() -> Image.Image:
    """One birthday card: a ring for each year, and an envelope to go with it."""
    c = Canvas(640 * FINE, 860 * FINE, "#f6e7d3", 2)
    for n in range(26):
        colour = (TERRACOTTA, OCHRE, TEAL, INK, "#b5705a")[n % 5]
        c.circle(500, c.height * 0.41, 24 + n * 13, None, colour, 7 if n % 5 == 0 else 4)
    c.spaced(500, c.height * 0.79, "MANY HAPPY", 46, INK, 0.4)
    c.spaced(500, c.height * 0.85, "RINGS", 46, INK, 0.4)
    return table_top(
        "#9fb0a8",
        [
            (objects.envelope(880, 640, "#d9785b"), (590, 1060), 8, 6),
            (objects.card(c.finish()), (650, 690), -5, 9),
            (objects.pen(520, "#2c6a72"), (180, 420), 98, 8),
        ],
        seed=35,
    )


def pocket_trio() -> Image.Image:
    covers = (
        partial(forms.scallops, seed=1, paper="#f2e9d6", inks=(TEAL,), columns=6),
        partial(forms.truchet, seed=3, paper="#23304d", inks=("#e9c98d", "#f3ead7"), margin=0, columns=7),
        partial(forms.discs, seed=5, paper="#efe3cf", margin=-60, largest=150),
    )
    cloths = ("#2c6a72", "#182238", "#c5553b")
    spots = ((410, 600, 9), (640, 800, 0), (870, 1010, -9))
    things = [
        (objects.notebook(cover(520 * FINE, 740 * FINE), None, cloth), (x, y), angle, 11)
        for cover, cloth, (x, y, angle) in zip(covers, cloths, spots, strict=True)
    ]
    return table_top("#d6c9b4", things, seed=44)


def calendar() -> Image.Image:
    scene = window_light(backdrop("#d2c8b9"), 0.34, at=0.05)
    art = forms.sunflower(860 * FINE, 660 * FINE, paper="#f3e3c3", reach=340)
    place(scene, goods.wall_calendar(art, "SEPTEMBER", INK), (640, 790), 0, 11)
    return grain(leaf_shadow(scene, 10), 45)


def desk() -> Image.Image:
    strip = lines.wind(1080 * FINE, 300 * FINE, seed=12, inks=(TEAL, INK, OCHRE))
    return table_top(
        "#c9b39a",
        [
            (goods.desk_pad(strip, INK), (640, 850), -3, 9),
            (objects.pen(620, "#2c6a72"), (760, 1370), 8, 8),
            (goods.cup(105, "#e4dbcb"), (1010, 260), 30, 16),
        ],
        seed=47,
    )


def parcels() -> Image.Image:
    scene = window_light(backdrop("#d4b9a4", light=(0.3, 0.35)), 0.24, at=0.15)
    big = forms.truchet(1400, 1400, seed=14, paper="#f4ecdc", inks=(INK, TERRACOTTA), margin=0, columns=11)
    small = forms.truchet(1000, 1000, seed=15, paper="#2c5f63", inks=("#e9dcc0", "#d9a441"), margin=0, columns=9)
    place(scene, goods.parcel(big, "#d9a441", 960, 330), (600, 880), 0, 22)
    place(scene, goods.parcel(small, "#c5553b", 500, 210), (960, 1230), 0, 16)
    return grain(leaf_shadow(scene, 11, 0.13), 51)


def rolls() -> Image.Image:
    papers = (
        (partial(forms.scallops, inks=(TEAL,)), "CALM SEA"),
        (partial(forms.scallops, paper="#23304d", inks=("#e9c98d",)), "AT NIGHT"),
        (partial(forms.scallops, paper="#f3dfcf", inks=(TERRACOTTA,)), "AT DAWN"),
    )
    things = []
    for n, (paper, label) in enumerate(papers):
        flat = paper(1180 * FINE, 190 * FINE, columns=22)
        things.append((goods.roll(flat, label), (560 + n * 85, 500 + n * 300), 27, 26))
    return table_top("#c4c9c0", things, seed=52)


def tags() -> Image.Image:
    arts = (
        partial(plants.single_fern),
        partial(lines.rings, seed=5),
        partial(forms.sunflower, paper="#f3e3c3"),
        partial(plants.wreath, paper="#e9ecdf"),
        partial(lines.tide, seed=3),
    )
    spots = ((300, 500, 16), (660, 430, -3), (1010, 520, -17), (450, 1100, 9), (860, 1110, -8))
    strings = (TERRACOTTA, FOREST, INK, TERRACOTTA, OCHRE)
    things = [
        (goods.tag(art(320 * FINE, 470 * FINE), string), (x, y), angle, 7)
        for art, (x, y, angle), string in zip(arts, spots, strings, strict=True)
    ]
    return table_top("#b58f78", things, seed=53)


def stickers() -> Image.Image:
    sheet = objects.rounded(objects.solid((940, 1240), "#f3efe6"), 18)
    arts: tuple[Callable[..., Image.Image], ...] = (
        forms.sunflower,
        lines.moire,
        forms.sky,
        partial(plants.wreath, paper="#e9ecdf"),
        lines.tide,
        forms.city,
        partial(lines.rings),
        forms.moons,
        partial(plants.single_fern, paper="#efe6d2"),
        forms.discs,
        lines.ridges,
        forms.truchet,
    )
    things = [(sheet, (600, 760), 3, 7)]
    scene_sheet = sheet
    for n, art in enumerate(arts):
        side = 236 * FINE
        whole = art(side, side)
        cut = goods.sticker(whole, 118 if n % 3 != 1 else 26)
        x, y = 60 + (n % 3) * 292, 50 + (n // 3) * 292
        scene_sheet.alpha_composite(cut, (x * FINE, y * FINE))
    loose = goods.sticker(lines.tide(290 * FINE, 290 * FINE, seed=5, sea=(SKY, TEAL, INK)), 145)
    things.append((loose, (1060, 1390), -14, 8))
    return table_top("#8fa6a6", things, seed=54)


def tapes() -> Image.Image:
    patterns = (
        (partial(forms.scallops, inks=(TEAL,), columns=14), TEAL, (400, 640), 470),
        (partial(plants.scatter, cell=120, inks=(FOREST, SAGE, TERRACOTTA)), SAGE, (850, 840), 450),
        (
            partial(forms.truchet, paper=NIGHT, inks=("#e9c98d", BLUSH), margin=0, columns=18, seed=9),
            CHARCOAL,
            (430, 1170),
            480,
        ),
    )
    things = []
    for n, (art, _, _, _) in enumerate(patterns):
        strip = art(900 * FINE, 74 * FINE).convert("RGBA")
        strip.putalpha(225)
        things.append((strip, (760, 120 + n * 110), -4 + n * 3, 2))
    for art, rim, centre, wide in patterns:
        things.append((goods.tape(art(wide * FINE, 150 * FINE), rim), centre, 0, 18))
    return table_top("#d3b7a0", things, seed=55)

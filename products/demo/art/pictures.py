"""Every picture of the shop by name: which drawing, which setting. The name is the file's name without `.jpg`."""

from collections.abc import Callable
from functools import partial

from PIL import Image

from . import forms, lines, objects, plants, scenes
from .canvas import BLUSH, FOREST, INK, NIGHT, OCHRE, SKY, TERRACOTTA
from .plates import (
    calendar,
    desk,
    happy_rings,
    hero,
    parcels,
    plotter,
    pocket_trio,
    postcards,
    rolls,
    stickers,
    tags,
    tapes,
)

wind = partial(lines.wind, seed=4)
night = partial(lines.ridges, seed=11)
land = partial(lines.contours, seed=7)
pair = partial(lines.pendulum, seed=2)
GREEN_LAND = partial(lines.contours, seed=21, paper=FOREST, inks=("#cfd8c0", "#f1e6cd"), accent="#dba24b", frame=False)


def _cover(art: Callable[..., Image.Image], **options) -> Image.Image:
    return art(770 * objects.FINE, 1060 * objects.FINE, **options)


def _cards(*arts: Callable[..., Image.Image]) -> list[Image.Image]:
    return [art(540 * objects.FINE, 740 * objects.FINE) for art in arts]


def _high_water() -> Image.Image:
    dawn = partial(lines.tide, seed=5, sea=(BLUSH, TERRACOTTA, "#7c3626"), sun=OCHRE)
    dusk = partial(lines.tide, seed=6, paper=NIGHT, sea=("#41587a", SKY, "#dfe6e8"), sun="#e7b75c")
    return scenes.fan(_cards(dusk, dawn, partial(lines.tide, seed=3)), table="#d8c3ac", wrapper="#8fa3ab", seed=32)


PICTURES: dict[str, Callable[[], Image.Image]] = {
    "home-hero": hero,
    "home-plotter": plotter,
    "prevailing-wind": lambda: scenes.hung(wind, wall="#d9cfc0", seed=3),
    "prevailing-wind-detail": lambda: scenes.close(wind, focus=(0.72, 0.4), seed=4),
    "night-ridges": lambda: scenes.leaning(night, wall="#b9c2b4", seed=5),
    "night-ridges-detail": lambda: scenes.close(night, focus=(0.5, 0.5), seed=6),
    "contour-no-7": lambda: scenes.hung(land, wall="#c3ccd0", wood=objects.WHITE_FRAME, seed=7, corner="left"),
    "contour-no-7-detail": lambda: scenes.close(land, focus=(0.4, 0.5), zoom=2.1, seed=8),
    "sunflower-arithmetic": lambda: scenes.hung(forms.sunflower, wall="#b7bfae", wood=objects.OAK, seed=9),
    "one-hundred-winters": lambda: scenes.leaning(
        lines.rings, wall="#d8c4ae", wood=objects.WALNUT, mat=44, pot="#5c6b62", twig="#7b6a3c", seed=2, left=False
    ),
    "one-hundred-winters-detail": lambda: scenes.close(lines.rings, focus=(0.55, 0.42), zoom=2.0, seed=12),
    "tide-table": lambda: scenes.hung(lines.tide, wall="#e4ddd0", wood=objects.OAK, seed=13),
    "tide-table-loose": lambda: scenes.loose(lines.tide, table="#c2a88e", seed=14),
    "population-nil": lambda: scenes.hung(forms.city, wall="#cfb7a3", wood=objects.BLACK, seed=15, corner="left"),
    "population-nil-detail": lambda: scenes.close(forms.city, focus=(0.5, 0.5), zoom=2.2, seed=16),
    "two-ring-interference": lambda: scenes.leaning(
        lines.moire, wall="#c9cfd3", wood=objects.OAK, mat=44, board="#8a6546", pot="#c2694d", seed=4
    ),
    "invented-sky": lambda: scenes.hung(forms.sky, wall="#c7beb0", wood=objects.BLACK, mat=0, seed=18),
    "invented-sky-detail": lambda: scenes.close(forms.sky, focus=(0.5, 0.45), seed=19),
    "four-minutes": lambda: scenes.taped(pair, wall="#dcd5c8", seed=20),
    "four-minutes-detail": lambda: scenes.close(pair, focus=(0.5, 0.5), zoom=1.9, seed=21),
    "wrong-turnings": lambda: scenes.taped(forms.truchet, wall="#b9c4c4", strip="#e0b36a", seed=22),
    "understory": lambda: scenes.hung(plants.herbarium, wall="#d6cdbb", wood=objects.WALNUT, seed=23, corner="left"),
    "understory-detail": lambda: scenes.close(plants.herbarium, focus=(0.45, 0.35), zoom=2.0, seed=24),
    "full-house": lambda: scenes.taped(forms.discs, wall="#e2d6c3", strip="#9fb3b0", seed=25),
    "full-house-loose": lambda: scenes.loose(forms.discs, table="#8fa09a", angle=6, tool="#c5553b", seed=26),
    "thirty-nights": lambda: scenes.leaning(
        forms.moons, wall="#cdbfae", wood=objects.OAK, mat=0, board="#7a5a41", pot="#e5ddcf", twig="#6f7f6a", seed=6
    ),
    "thirty-nights-detail": lambda: scenes.close(forms.moons, focus=(0.45, 0.45), zoom=2.2, seed=28),
    "fern-notecards": lambda: scenes.fan(
        _cards(partial(plants.single_fern, paper="#e9e2cd", ink="#5a6b3c"), plants.herbarium, plants.single_fern),
        table="#c9d0d2",
        seed=31,
    ),
    "high-water-cards": _high_water,
    "winter-wreath-cards": lambda: scenes.fan(
        _cards(
            partial(plants.wreath, seed=4, paper="#b5472f", inks=("#f3e6cf", "#e8c9a0")),
            partial(plants.wreath, seed=2, paper=FOREST, inks=("#dfe3cf", "#a9bda0")),
            plants.wreath,
        ),
        table="#c8b69d",
        wrapper="#a63f2c",
        seed=33,
    ),
    "twelve-postcards": postcards,
    "happy-rings-card": happy_rings,
    "field-notebook": lambda: scenes.book(
        _cover(GREEN_LAND), table="#cda68f", cloth="#22372f", elastic="#1d2f29", label="FIELD NOTES", seed=41
    ),
    "field-notebook-open": lambda: scenes.spread("#faf6ea", INK, table="#b98f76", seed=42),
    "night-sketchbook": lambda: scenes.book(
        _cover(lines.ridges, rows=70), table="#b3bdb8", cloth="#8d5b3f", elastic=None, tool="#8d5b3f", seed=43
    ),
    "pocket-trio": pocket_trio,
    "birthday-calendar": calendar,
    "week-desk-pad": desk,
    "moon-planner": lambda: scenes.book(
        _cover(forms.moons, paper="#3b3450", columns=4, rows=6, margin=150),
        table="#d9cdb8",
        cloth="#2a2539",
        elastic="#d9a441",
        tool="#d9a441",
        seed=46,
    ),
    "turnings-wrap": parcels,
    "calm-sea-roll": rolls,
    "gift-tags": tags,
    "sticker-sheet": stickers,
    "paper-tape": tapes,
}

"""What is photographed: frames, sheets, cards, books. Each is an RGBA picture, FINE times too large."""

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from .canvas import PAPER, Canvas, mix
from .noise import seeded
from .stage import FINE

OAK, WALNUT, BLACK, WHITE_FRAME = "#c79e6d", "#6e4a31", "#25242a", "#f4f1ea"


def solid(size: tuple[int, int], colour: str) -> Image.Image:
    """A plain card of `size` finished pixels."""
    return Image.new("RGBA", (size[0] * FINE, size[1] * FINE), colour)


def rounded(thing: Image.Image, radius: int, right_only: bool = False) -> Image.Image:
    """Cut the corners; `radius` in finished pixels."""
    mask = Image.new("L", thing.size, 0)
    corners = (False, True, True, False) if right_only else None
    ImageDraw.Draw(mask).rounded_rectangle(
        (0, 0, thing.width - 1, thing.height - 1), radius * FINE, 255, corners=corners
    )
    out = thing.copy()
    out.putalpha(ImageChops.multiply(mask, thing.getchannel("A")))
    return out


def sheet(art: Image.Image) -> Image.Image:
    """A loose print: the art with a hair of light at its edge."""
    out = art.convert("RGBA")
    draw = ImageDraw.Draw(out)
    draw.rectangle((0, 0, out.width - 1, out.height - 1), None, mix(PAPER, "#8d8272", 0.25), 1)
    return out


def framed(art: Image.Image, wood: str = OAK, mat: int = 70, bar: int = 22) -> Image.Image:
    """Art (FINE times too large) behind a mat in a wooden frame; `mat` and `bar` in finished pixels."""
    m, b = mat * FINE, bar * FINE
    w, h = art.width + 2 * (m + b), art.height + 2 * (m + b)
    out = Image.new("RGBA", (w, h), wood)
    draw = ImageDraw.Draw(out)
    _wood_grain(draw, (w, h), wood)
    faces = {  # each side of the moulding catches the light from the upper left differently
        "#ffffff": ([(0, 0), (w, 0), (w - b, b), (b, b)], 0.16),
        "#fffaf0": ([(0, 0), (b, b), (b, h - b), (0, h)], 0.08),
        "#160e08": ([(w, 0), (w, h), (w - b, h - b), (w - b, b)], 0.2),
        "#140c06": ([(0, h), (b, h - b), (w - b, h - b), (w, h)], 0.27),
    }
    for tone, (corners, share) in faces.items():
        mask = Image.new("L", (w, h), 0)
        ImageDraw.Draw(mask).polygon(corners, round(255 * share))
        out.paste(Image.new("RGBA", (w, h), tone), (0, 0), mask)
    board = Image.new("RGBA", (w - 2 * b, h - 2 * b), "#fbf9f4")
    if m:
        edge = ImageDraw.Draw(board)
        edge.rectangle((m - 5, m - 5, m + art.width + 4, m + art.height + 4), "#e4ded2")
        edge.line(
            [(m - 5, m + art.height + 4), (m + art.width + 4, m + art.height + 4), (m + art.width + 4, m - 5)],
            "#ffffff",
            3,
        )
    board.paste(art, (m, m))
    out.paste(_inner_shade(board, 16 * FINE), (b, b))
    return _glass(out, b)


def _wood_grain(draw: ImageDraw.ImageDraw, size: tuple[int, int], wood: str) -> None:
    rng = seeded(f"wood{wood}{size}")
    for _ in range(240):
        x, y, long = rng.uniform(0, size[0]), rng.uniform(0, size[1]), rng.uniform(80, 500)
        tone = mix(wood, "#3a2313", rng.uniform(0.04, 0.16))
        upright = x < size[0] * 0.06 or x > size[0] * 0.94
        draw.line([(x, y), (x, y + long) if upright else (x + long, y)], tone, 1)


def _inner_shade(board: Image.Image, reach: int) -> Image.Image:
    """The frame throws a narrow shadow on what lies in it."""
    mask = Image.new("L", board.size, 255)
    ImageDraw.Draw(mask).rectangle((reach * 0.7, reach * 0.9, board.width, board.height), 0)
    mask = mask.filter(ImageFilter.GaussianBlur(reach * 0.4)).point([round(v * 0.36) for v in range(256)])
    board.paste(Image.new("RGBA", board.size, "#2d241b"), (0, 0), mask)
    return board


def _glass(frame: Image.Image, inset: int) -> Image.Image:
    """A faint slanting reflection."""
    w, h = frame.size
    mask = Image.new("L", (w, h), 0)
    draw = ImageDraw.Draw(mask)
    draw.polygon([(w * 0.5, inset), (w * 0.78, inset), (w * 0.3, h - inset), (w * 0.02 + inset, h - inset)], 13)
    mask = mask.filter(ImageFilter.GaussianBlur(6))
    frame.paste(Image.new("RGBA", (w, h), "#ffffff"), (0, 0), mask)
    return frame


def envelope(w: int, h: int, colour: str = "#c9a87c") -> Image.Image:
    """The back of an envelope: four flaps and their soft edges."""
    out = solid((w, h), colour)
    fw, fh = out.size
    draw = ImageDraw.Draw(out)
    for corners, share in (
        ([(0, 0), (fw * 0.46, fh * 0.52), (0, fh)], 0.05),
        ([(fw, 0), (fw * 0.54, fh * 0.52), (fw, fh)], 0.07),
        ([(0, fh), (fw / 2, fh * 0.46), (fw, fh)], 0.03),
    ):
        draw.polygon(corners, mix(colour, "#5a4020", share))
        draw.line([*corners, corners[0]], mix(colour, "#4a3218", 0.22), 2)
    flap = [(0, 0), (fw * 0.44, fh * 0.56), (fw * 0.5, fh * 0.6), (fw * 0.56, fh * 0.56), (fw, 0)]
    dark = Image.new("L", out.size, 0)
    ImageDraw.Draw(dark).polygon(flap, 110)
    dark = ImageChops.offset(dark.filter(ImageFilter.GaussianBlur(7)), 0, 9)
    out.paste(Image.new("RGBA", out.size, "#3a2914"), (0, 0), dark)
    draw.polygon(flap, mix(colour, "#ffffff", 0.1))
    return rounded(out, 3)


def card(art: Image.Image) -> Image.Image:
    """A folded card, seen closed: a fold on the left, the back showing a little below."""
    out = art.convert("RGBA")
    fold = (
        Image.linear_gradient("L")
        .rotate(90)
        .resize((36, out.height))
        .point([round((255 - v) * 0.14) for v in range(256)])
    )
    out.paste(
        Image.new("RGBA", fold.size, "#3a2f22"),
        (0, 0),
        ImageChops.invert(fold).point([max(0, v - 219) for v in range(256)]),
    )
    return rounded(out, 2)


def notebook(art: Image.Image, elastic: str | None, cloth: str, label: str = "") -> Image.Image:
    """A bound book from above: cloth spine, cover art, page edges to the right and below, an elastic band."""
    w, h = art.size
    block = 13 * FINE
    out = Image.new("RGBA", (w + block, h + block))
    draw = ImageDraw.Draw(out)
    draw.rounded_rectangle((6, 6, w + block - 1, h + block - 1), 12 * FINE, mix(cloth, "#000000", 0.25))
    for n in range(block - 6):
        tone = mix("#f6f0e2", "#a99c86", 0.15 + 0.55 * (n % 4 == 0) + 0.2 * n / block)
        draw.rounded_rectangle((8, 8, w + block - 5 - n, h + block - 5 - n), 10 * FINE, tone)
    cover = art.convert("RGBA")
    spine = int(w * 0.115)
    ImageDraw.Draw(cover).rectangle((0, 0, spine, h), cloth)
    if label:
        _label(cover, label, spine)
    _cover_light(cover, spine)
    cover = rounded(cover, 12, right_only=True)
    out.alpha_composite(cover, (0, 0))
    if elastic:
        _band(out, int(w * 0.9), h, elastic)
    return out


def _label(cover: Image.Image, words: str, spine: int) -> None:
    w, h = cover.size
    tag = Canvas(int(w * 0.44), int(w * 0.17), PAPER, 1)
    tag.box(14, 14, 972, tag.height - 28, None, "#3a3a3a")
    tag.spaced(500, tag.height / 2, words, 74, "#33312e", 0.3)
    cover.paste(tag.finish(), (spine + int((w - spine) / 2 - w * 0.22), int(h * 0.2)))


def _cover_light(cover: Image.Image, spine: int) -> None:
    """The groove beside the spine, and the roll of the spine itself."""
    w, h = cover.size
    dark = Image.new("L", (w, h), 0)
    draw = ImageDraw.Draw(dark)
    draw.rectangle((spine - 3, 0, spine + 7, h), 130)
    draw.rectangle((0, 0, 10, h), 110)
    cover.paste(Image.new("RGBA", (w, h), "#120c08"), (0, 0), dark.filter(ImageFilter.GaussianBlur(6)))
    light = Image.new("L", (w, h), 0)
    ImageDraw.Draw(light).rectangle((spine * 0.35, 0, spine * 0.6, h), 46)
    cover.paste(Image.new("RGBA", (w, h), "#ffffff"), (0, 0), light.filter(ImageFilter.GaussianBlur(10)))


def _band(book: Image.Image, x: int, h: int, colour: str) -> None:
    wide = 9 * FINE
    mask = Image.new("L", book.size, 0)
    ImageDraw.Draw(mask).rectangle((x + 6, 0, x + wide + 10, h + 10), 120)
    mask = ImageChops.multiply(mask.filter(ImageFilter.GaussianBlur(6)), book.getchannel("A"))
    book.paste(Image.new("RGBA", book.size, "#120c08"), (0, 0), mask)
    draw = ImageDraw.Draw(book)
    draw.rectangle((x, 0, x + wide, h + 8), colour)
    draw.line([(x + 3, 0), (x + 3, h + 8)], mix(colour, "#ffffff", 0.25), 2)


def pen(length: int, colour: str, metal: str = "#c9a961") -> Image.Image:
    """A fineliner lying on the table, tip to the right."""
    w, h = length * FINE, 26 * FINE
    out = Image.new("RGBA", (w, h))
    rows = [mix(mix(colour, "#ffffff", 0.45), mix(colour, "#000000", 0.4), abs(y / h - 0.3) / 0.7) for y in range(h)]
    shade = Image.new("RGBA", (1, h))
    for y, tone in enumerate(rows):
        shade.putpixel((0, y), tuple(int(tone[i : i + 2], 16) for i in (1, 3, 5)) + (255,))
    mask = Image.new("L", (w, h), 0)
    draw = ImageDraw.Draw(mask)
    draw.rounded_rectangle((0, 0, w * 0.9, h - 1), h // 2, 255)
    draw.polygon([(w * 0.86, 0), (w * 0.965, h * 0.36), (w * 0.965, h * 0.64), (w * 0.86, h)], 255)
    draw.rectangle((w * 0.96, h * 0.45, w - 2, h * 0.55), 255)
    out.paste(shade.resize((w, h)), (0, 0), mask)
    draw = ImageDraw.Draw(out)
    draw.rectangle((w * 0.42, 0, w * 0.435, h), metal)
    draw.rounded_rectangle((w * 0.08, h * 0.16, w * 0.36, h * 0.34), 6, metal)
    return out

"""More of what is photographed: calendars, pads, parcels, rolls, tags, stickers, tape."""

import math

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from .canvas import CHARCOAL, PAPER, TERRACOTTA, WHITE, Canvas, mix
from .objects import rounded
from .stage import FINE

WEEK = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")


def wall_calendar(art: Image.Image, month: str, ink: str) -> Image.Image:
    """A birthday calendar: the picture above, a numbered line for each of thirty days below, bound with wire."""
    w = art.width
    lower = Canvas(w, int(w * 0.62), WHITE, 1)
    lower.spaced(500, 62, month, 40, ink, 0.45)
    for day in range(30):
        column, row = divmod(day, 10)
        x, y = 90 + column * 285, 136 + row * 44
        lower.text(x, y, f"{day + 1}", 21, ink, "lm")
        lower.line([(x + 42, y + 12), (x + 245, y + 12)], mix(ink, WHITE, 0.72), 1.2)
    head, wire = int(w * 0.05), int(w * 0.034)
    out = Image.new("RGBA", (w, wire + head + art.height + int(w * 0.62)))
    page = Image.new("RGBA", (w, out.height - wire), WHITE)
    page.paste(art, (0, head))
    page.paste(lower.finish(), (0, head + art.height))
    out.paste(rounded(page, 3), (0, wire))
    draw = ImageDraw.Draw(out)
    for n in range(42):
        at = w * (n + 0.5) / 42
        if abs(at - w / 2) > w * 0.06:
            draw.ellipse((at - 7, wire + head * 0.42, at + 7, wire + head * 0.42 + 14), "#8d8578")
            draw.rounded_rectangle((at - 4, wire - 14, at + 4, wire + head * 0.55), 4, "#5d5b5a")
    draw.arc((w / 2 - w * 0.055, 0, w / 2 + w * 0.055, wire * 3.2), 180, 360, "#5d5b5a", 7)
    draw.ellipse((w / 2 - 10, -4, w / 2 + 10, 18), "#b08d4f")
    return out


def desk_pad(art: Image.Image, ink: str) -> Image.Image:
    """A week to a page, no dates, with a strip of drawing along the top."""
    w, h = art.width, int(art.width * 0.72)
    sheet = Canvas(w, h, WHITE, 1)
    top = 1000 * art.height / w + 30
    for n, day in enumerate(WEEK):
        x = 36 + n * 133
        sheet.text(x, top + 18, day, 20, ink, "lm")
        sheet.line([(x, top + 38), (x + 116, top + 38)], ink, 2.2)
        for row in range(12):
            y = top + 72 + row * 33
            if y < sheet.height - 30:
                sheet.line([(x, y), (x + 116, y)], mix(ink, WHITE, 0.78), 1.1)
    page = sheet.finish().convert("RGBA")
    page.paste(art, (0, 0))
    depth = 9 * FINE
    out = Image.new("RGBA", (w, h + depth))
    draw = ImageDraw.Draw(out)
    for n in range(depth, 0, -2):
        draw.rectangle((0, h - 4, w, h + n), mix("#f3eee3", "#9b907d", (n % 4) / 6 + n / depth * 0.25))
    out.paste(page, (0, 0))
    return out


def _skew(texture: Image.Image, corner, along, down, size: tuple[int, int], shade: float) -> Image.Image:
    """The texture as a parallelogram: `corner` its origin, `along` and `down` its edges; darkened by `shade`."""
    (ox, oy), (ax, ay), (dx, dy) = corner, along, down
    determinant = ax * dy - dx * ay
    tw, th = texture.size
    a, b = tw * dy / determinant, -tw * dx / determinant
    d, e = -th * ay / determinant, th * ax / determinant
    data = (a, b, -(a * ox + b * oy), d, e, -(d * ox + e * oy))
    dark = Image.blend(texture.convert("RGB"), Image.new("RGB", texture.size, "#20150e"), shade).convert("RGBA")
    return dark.transform(size, Image.Transform.AFFINE, data, Image.Resampling.BICUBIC)


def _tied(paper: Image.Image, ribbon: str, both: bool) -> Image.Image:
    out = paper.convert("RGB")
    draw, w, h = ImageDraw.Draw(out), *out.size
    half = 34
    draw.rectangle((w / 2 - half, 0, w / 2 + half, h), ribbon)
    if both:
        draw.rectangle((0, h / 2 - half, w, h / 2 + half), ribbon)
        draw.line([(w / 2 - half, h / 2 - half), (w / 2 - half, h / 2 + half)], mix(ribbon, "#000000", 0.3), 4)
    return out


def parcel(top: Image.Image, ribbon: str, width: int = 820, tall: int = 300) -> Image.Image:
    """A wrapped box seen from a corner, tied with a bow; `top` is square wrapping paper."""
    reach, drop, rise = width / 2 * FINE, width * 0.29 * FINE, tall * FINE
    bow = 190 * FINE
    size = (int(2 * reach) + 4, int(2 * drop + rise + bow))
    west, south, north = (2, bow + drop), (reach, bow + 2 * drop), (reach, bow)
    side = top.crop((0, 0, top.width, int(top.height * tall / width)))
    out = Image.new("RGBA", size)
    faces = (
        (_tied(top, ribbon, True), west, (reach, -drop), (reach, drop), 0.0),
        (_tied(side, ribbon, False), west, (reach, drop), (0, rise), 0.17),
        (_tied(side, ribbon, False), south, (reach, -drop), (0, rise), 0.38),
    )
    for texture, corner, along, down, shade in faces:
        out.alpha_composite(_skew(texture, corner, along, down, size, shade))
    _bow(out, (reach, north[1] + drop), ribbon)
    return out


def _bow(out: Image.Image, at: tuple[float, float], ribbon: str) -> None:
    x, y = at
    layer = Image.new("RGBA", out.size)
    draw = ImageDraw.Draw(layer)
    for side in (-1, 1):
        tail = [
            (x, y),
            (x + side * 150, y + 70),
            (x + side * 330, y + 60),
            (x + side * 300, y + 110),
            (x + side * 120, y + 120),
        ]
        draw.polygon(tail, mix(ribbon, "#000000", 0.18))
        for turn, colour in ((0.62, mix(ribbon, "#000000", 0.12)), (0.25, ribbon)):
            loop: list[tuple[float, float]] = []
            hole: list[tuple[float, float]] = []
            for n in range(41):
                t = math.tau * n / 40
                a, b = 175 * (1 - math.cos(t)), 78 * math.sin(t) * (1 - math.cos(t)) ** 0.5
                for target, scale in ((loop, 1), (hole, 0.72)):
                    u, v = a * scale + (30 if target is hole else 0), b * scale
                    target.append(
                        (
                            x + side * (u * math.cos(turn) + v * math.sin(turn)),
                            y - u * math.sin(turn) + v * math.cos(turn),
                        )
                    )
            draw.polygon(loop, colour)
            draw.polygon(hole, mix(ribbon, "#000000", 0.42))
    draw.ellipse((x - 46, y - 38, x + 46, y + 34), mix(ribbon, "#ffffff", 0.12))
    dark = layer.getchannel("A").filter(ImageFilter.GaussianBlur(18)).point([round(v * 0.5) for v in range(256)])
    dark = ImageChops.multiply(ImageChops.offset(dark, 14, 30), out.getchannel("A"))
    out.paste(Image.new("RGBA", out.size, "#160e08"), (0, 0), dark)
    out.alpha_composite(layer)


def roll(paper: Image.Image, label: str, band: str = PAPER) -> Image.Image:
    """A tube of wrapping paper lying down, with a paper band around its middle."""
    out = paper.convert("RGBA")
    w, h = out.size
    strip = Canvas(int(w * 0.2), h, band, 1)
    strip.spaced(500, strip.height / 2, label, 92, CHARCOAL, 0.25)
    out.paste(strip.finish(), (int(w * 0.4), 0))
    shade = Image.new("L", (1, h))
    for y in range(h):
        shade.putpixel((0, y), round(255 * max(0.0, 0.74 * (y / h) ** 2.2 + 0.22 * max(0, 0.22 - y / h) / 0.22)))
    out.paste(Image.new("RGBA", (w, h), "#1d130c"), (0, 0), shade.resize((w, h)))
    glint = Image.new("L", (w, h), 0)
    ImageDraw.Draw(glint).rectangle((0, h * 0.24, w, h * 0.34), 70)
    out.paste(Image.new("RGBA", (w, h), "#ffffff"), (0, 0), glint.filter(ImageFilter.GaussianBlur(h / 16)))
    draw = ImageDraw.Draw(out)
    draw.ellipse((w - h * 0.11, 2, w + h * 0.11, h - 2), mix(PAPER, "#8a7a62", 0.5))
    draw.ellipse((w - h * 0.06, h * 0.18, w + h * 0.09, h * 0.82), "#5b4a38")
    return rounded(out, 4)


def tag(art: Image.Image, string: str = TERRACOTTA) -> Image.Image:
    """A gift tag with clipped shoulders, an eyelet and a loop of thread."""
    w, h = art.size
    loop = int(h * 0.34)
    out = Image.new("RGBA", (w, h + loop))
    mask = Image.new("L", (w, h), 0)
    ImageDraw.Draw(mask).polygon([(w * 0.24, 0), (w * 0.76, 0), (w, h * 0.17), (w, h), (0, h), (0, h * 0.17)], 255)
    out.paste(art.convert("RGBA"), (0, loop), mask)
    draw = ImageDraw.Draw(out)
    x, y = w / 2, loop + h * 0.095
    draw.ellipse((x - 24, y - 24, x + 24, y + 24), "#c9a25c")
    draw.ellipse((x - 13, y - 13, x + 13, y + 13), "#4b4033")
    for side in (-1, 1):
        bend = [
            (x + side * w * 0.2 * math.sin(math.pi * t) + w * 0.1 * t * t, y - t * (y - 10))
            for t in (n / 30 for n in range(31))
        ]
        draw.line(bend, string, 8, joint="curve")
    return out


def sticker(art: Image.Image, radius: int) -> Image.Image:
    """Die-cut, with a white border; `radius` in finished pixels, half the width makes it round."""
    border = 9 * FINE
    out = Image.new("RGBA", (art.width + 2 * border, art.height + 2 * border), "#ffffff")
    out = rounded(out, radius + 9)
    inner = rounded(art.convert("RGBA"), radius)
    out.alpha_composite(inner, (border, border))
    return out


def tape(paper: Image.Image, rim: str) -> Image.Image:
    """A roll of paper tape standing on its side, seen from slightly above."""
    w, wall = paper.width, paper.height
    lid = int(w * 0.46)
    out = Image.new("RGBA", (w, wall + lid))
    mask = Image.new("L", out.size, 0)
    draw = ImageDraw.Draw(mask)
    draw.rectangle((0, lid // 2, w, lid // 2 + wall), 255)
    draw.ellipse((0, wall, w - 1, wall + lid - 1), 255)
    body = Image.new("RGBA", out.size, PAPER)
    for x in range(w):  # each column of the pattern follows the curve of the front
        slip = round(lid / 2 * math.sqrt(max(0, 1 - (2 * x / w - 1) ** 2)))
        body.paste(paper.crop((x, 0, x + 1, wall)), (x, lid // 2 + slip))
    shade = Image.new("L", (w, 1))
    for x in range(w):
        shade.putpixel((x, 0), round(150 * min(1, abs(x / w - 0.34) / 0.66) ** 1.8))
    body.paste(Image.new("RGBA", out.size, "#1d130c"), (0, 0), shade.resize(out.size))
    out.paste(body, (0, 0), mask)
    draw = ImageDraw.Draw(out)
    draw.ellipse((0, 0, w - 1, lid), mix(rim, "#ffffff", 0.45), mix(rim, "#000000", 0.1), 2)
    for share in (0.035, 0.065, 0.095):
        draw.ellipse((w * share, lid * share, w * (1 - share), lid * (1 - share)), None, mix(rim, "#ffffff", 0.2), 2)
    draw.ellipse((w * 0.14, lid * 0.14, w * 0.86, lid * 0.86), "#d9c6a5", "#a88c62", 3)
    draw.ellipse((w * 0.18, lid * 0.19, w * 0.82, lid * 0.88), "#6b5a47")
    draw.ellipse((w * 0.2, lid * 0.3, w * 0.8, lid * 0.88), "#84715a")
    return out


def cup(radius: int, glaze: str) -> Image.Image:
    """Coffee, from above."""
    c = Canvas(radius * 2 * FINE + radius, radius * 2 * FINE + radius, "#000000", 1)
    middle = c.height / 2
    out = Image.new("RGBA", c.size)
    draw, size = ImageDraw.Draw(out), c.size[0]
    for share, colour in (
        (0.8, glaze),
        (0.74, mix(glaze, "#ffffff", 0.35)),
        (0.7, mix(glaze, "#000000", 0.18)),
        (0.655, "#4b2c1b"),
        (0.6, "#5a3622"),
    ):
        r = size / 2 * share
        draw.ellipse((size / 2 - r, size / 2 - r, size / 2 + r, size / 2 + r), colour)
    draw.arc((size * 0.26, size * 0.27, size * 0.74, size * 0.75), 200, 250, "#8a5f45", 5)
    draw.rounded_rectangle((size * 0.88, middle * size / 1000 - 22, size, middle * size / 1000 + 22), 20, glaze)
    return out

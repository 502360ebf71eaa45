"""Paper and pens. Lengths are in units of a thousandth of the paper's width, whatever the size in pixels."""

from collections.abc import Iterable, Sequence

from PIL import Image, ImageChops, ImageColor, ImageDraw, ImageFont

Point = tuple[float, float]

PAPER = "#f7f2e8"
WHITE = "#fdfbf6"
INK = "#1f2a44"
CHARCOAL = "#26282d"
TERRACOTTA = "#c5553b"
OCHRE = "#d79f3c"
SAGE = "#77906f"
FOREST = "#2f5044"
TEAL = "#2c6a72"
BLUSH = "#e6c3b2"
SKY = "#93b1c4"
PLUM = "#5d3a4e"
NIGHT = "#172033"


def mix(first: str, second: str, share: float) -> str:
    """`share` 0 is the first colour, 1 the second."""
    pairs = zip(ImageColor.getrgb(first)[:3], ImageColor.getrgb(second)[:3], strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


class Canvas:
    """A sheet drawn `oversampling` times too large and then reduced, so that thin lines are smooth."""

    def __init__(self, width: int, height: int, paper: str = PAPER, oversampling: int = 3) -> None:
        self.size = (width, height)
        self.paper = paper
        self.height = 1000 * height / width
        self._scale = width * oversampling / 1000
        self._image = Image.new("RGB", (width * oversampling, height * oversampling), paper)
        self._draw = ImageDraw.Draw(self._image)

    def _points(self, points: Iterable[Point]) -> list[Point]:
        scale = self._scale
        return [(x * scale, y * scale) for x, y in points]

    def pixels(self, width: float) -> int:
        return max(1, round(width * self._scale))

    def line(self, points: Iterable[Point], colour: str, width: float = 1.2) -> None:
        pixels = self.pixels(width)
        self._draw.line(self._points(points), colour, pixels, joint="curve" if pixels > 3 else None)

    def shape(self, points: Iterable[Point], fill: str | None, edge: str | None = None, width: float = 1) -> None:
        scaled = self._points(points)
        self._draw.polygon(scaled, fill)
        if edge:
            self._draw.line([*scaled, scaled[0]], edge, self.pixels(width), joint="curve")

    def circle(
        self, x: float, y: float, r: float, fill: str | None = None, edge: str | None = None, width: float = 1.2
    ) -> None:
        s = self._scale
        box = ((x - r) * s, (y - r) * s, (x + r) * s, (y + r) * s)
        self._draw.ellipse(box, fill, edge, self.pixels(width) if edge else 0)

    def arc(self, x: float, y: float, r: float, degrees: tuple[float, float], colour: str, width: float) -> None:
        s, half = self._scale, width / 2
        box = ((x - r - half) * s, (y - r - half) * s, (x + r + half) * s, (y + r + half) * s)
        self._draw.arc(box, *degrees, colour, self.pixels(width))

    def box(self, x: float, y: float, w: float, h: float, fill: str | None = None, edge: str | None = None) -> None:
        s = self._scale
        self._draw.rectangle((x * s, y * s, (x + w) * s, (y + h) * s), fill, edge, self.pixels(1.4) if edge else 0)

    def text(self, x: float, y: float, words: str, size: float, colour: str, anchor: str = "mm") -> None:
        """Pillow carries this font itself, so the lettering does not depend on the machine."""
        font = ImageFont.load_default(size * self._scale)
        self._draw.text((x * self._scale, y * self._scale), words, colour, font, anchor=anchor)

    def spaced(self, x: float, y: float, words: str, size: float, colour: str, gap: float = 0.35) -> None:
        """Letterspaced capitals, centred on x."""
        font = ImageFont.load_default(size * self._scale)
        widths = [font.getlength(letter) / self._scale + size * gap for letter in words]
        left = x - (sum(widths) - size * gap) / 2
        for letter, width in zip(words, widths, strict=True):
            self.text(left, y, letter, size, colour, "lm")
            left += width

    def overprint(self, layer: "Canvas") -> None:
        """A second drum of translucent ink over the first, as a Risograph prints."""
        self._image = ImageChops.multiply(self._image, layer._image)
        self._draw = ImageDraw.Draw(self._image)

    def layer(self) -> "Canvas":
        return Canvas(*self.size, "#ffffff", round(self._image.width / self.size[0]))

    def finish(self) -> Image.Image:
        return self._image.resize(self.size, Image.Resampling.LANCZOS)


def pick(colours: Sequence[str], position: float) -> str:
    """The colour at `position` (0 to 1) of a list."""
    return colours[min(len(colours) - 1, max(0, int(position * len(colours))))]

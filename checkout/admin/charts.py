"""Bar charts as SVG, drawn on the server. The table beside each holds the same figures: a chart is only a picture."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 960, 160
GAP = 0.25  # of a bar's place


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, in the chart's own units; `text` says what it stands for."""

    x: float
    y: float
    width: float
    height: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """`name` and `summary` are for people who do not see it. `first` and `last` stand under its ends."""

    name: str
    summary: str
    bars: list[Bar]
    first: str
    last: str
    top: str
    width: int = WIDTH
    height: int = HEIGHT


def bars(name: str, steps: Sequence[tuple[str, int, str]], top: str) -> Chart:
    """`steps`: label, value (not negative), value for reading. `top`: the highest value for reading."""
    highest = max((value for _, value, _ in steps), default=0)
    place = WIDTH / max(len(steps), 1)
    drawn = []
    for number, (label, value, text) in enumerate(steps):
        height = round(HEIGHT * value / highest, 1) if highest else 0
        drawn.append(
            Bar(
                x=round((number + GAP / 2) * place, 1),
                y=round(HEIGHT - height, 1),
                width=round(place * (1 - GAP), 1),
                height=height,
                text=f"{label}: {text}",
            )
        )
    first, last = (steps[0][0], steps[-1][0]) if steps else ("", "")
    return Chart(name, f"{first} to {last}; the highest is {top}.", drawn, first, last, top)

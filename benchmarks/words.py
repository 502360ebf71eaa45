"""The same made-up goods for every shop that is measured: names, texts, prices. Reproducible by number."""

import random
from dataclasses import dataclass

ADJECTIVES = "Tidal Quiet Amber Northern Folded Early Woven Silver Hollow Distant Painted Bright Slow Copper".split()
NOUNS = "Harbour Frame Bowl Lamp Notebook Kettle Scarf Print Basket Vase Table Mirror Brush Candle Clock".split()
COMMON = (
    "made by hand in small series from cotton paper and oak the colour stays true for years because every piece is "
    "washed dried and pressed before it leaves our workshop near the sea where light is soft and the days are long "
    "you may hang it alone or beside others of the same size it comes in a flat box with a card that tells its number"
).split()
SHELVES = 10
RARE = "kestrel"  # in one text of a thousand; each of the ten FREQUENT words is in one text of ten
FREQUENT = "linen walnut indigo birch granite saffron velvet juniper marble cobalt".split()
ANEW = "search, other words each time"  # what a search found is kept: these are not asked for twice


@dataclass(frozen=True, slots=True)
class Good:
    number: int
    title: str
    sku: str
    summary: str
    text: str
    cents: int
    units: int
    shelf: int


def good(number: int) -> Good:
    """The good with that number, from 0."""
    chance = random.Random(number)
    title = f"{chance.choice(ADJECTIVES)} {chance.choice(NOUNS)} {number:06d}"
    sentences = [" ".join(chance.choices(COMMON, k=14)).capitalize() + "." for _ in range(12)]
    sentences.append(f"In {FREQUENT[number % 10]}{' and ' + RARE if number % 1000 == 7 else ''}.")
    units = 0 if number % 50 == 49 else 3 if number % 20 == 9 else 500
    return Good(
        number,
        title,
        f"GO-{number:06d}",
        " ".join(chance.choices(COMMON, k=11)).capitalize() + ".",
        "\n".join(f"<p>{' '.join(sentences[start : start + 4])}</p>" for start in range(0, len(sentences), 4)),
        chance.randrange(500, 20_000),
        units,
        number % SHELVES,
    )

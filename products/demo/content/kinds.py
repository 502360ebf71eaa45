"""The shapes that the content is written in."""

from dataclasses import dataclass, field

Block = tuple[str, object]


@dataclass(frozen=True)
class Item:
    """One thing to sell. `price` in major units; `stock` is what is left, `made` what there ever was."""

    sku: str
    title: str
    summary: str
    price: str
    stock: int
    pictures: tuple[str, ...]
    seo_title: str
    seo_description: str
    blocks: tuple[Block, ...]
    currency: str = "USD"
    made: int = 0
    sold_where: str = "Sold at the studio's open weekend"
    sale_price: str = ""
    # Sizes it comes in, if several: (size, its own price or "", how many there are). They share out `stock`.
    sizes: tuple[tuple[str, str, int], ...] = ()
    # A picture that comes with it as a PDF, and what the link to it is called.
    printable: tuple[str, str] | None = None


@dataclass(frozen=True)
class Category:
    """A shelf; `picture` is one of its items' own."""

    slug: str
    title: str
    introduction: str
    picture: str
    seo_description: str
    items: tuple[Item, ...] = field(default=())


def text(*paragraphs: str) -> Block:
    return ("text", "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs))


def table(**rows: str) -> Block:
    """Rows by keyword; underscores in a name become spaces."""
    return (
        "specification",
        {"rows": [{"name": name.replace("_", " "), "value": value} for name, value in rows.items()]},
    )


def quote(words: str, source: str) -> Block:
    return ("quote", {"text": words, "source": source})


def faq(*pairs: tuple[str, str]) -> Block:
    return ("faq", {"questions": [{"question": q, "answer": f"<p>{a}</p>"} for q, a in pairs]})


def picture(name: str, caption: str) -> Block:
    """`name` is replaced by the image's id and its own description when the page is made."""
    return ("picture", {"image": name, "caption": caption})

"""One cell at a time: what it may hold, and what to write instead. Each raises Wrong."""

import re
import unicodedata
from decimal import Decimal

from products import currencies, money
from products import tags as words
from products.models.variant import VALUE_LENGTH

MAX_STOCK = 1_000_000
MAX_TAGS = 20
LONGEST = {"sku": 64, "name": 255, "description": 20_000, "category": 500, "image": 255, "variant": 120, "tags": 1_000}


class Wrong(Exception):
    """The message says what to do."""


def text(column: str, value: str) -> str:
    """Plain text of a bounded length."""
    for letter in value:
        if letter == "\ufffd":
            raise Wrong("A letter got lost when the file was saved. Save it again as “CSV UTF-8”.")
        if unicodedata.category(letter) == "Cc" and letter not in "\n\r\t":
            raise Wrong("There is an invisible control character in it. Type this cell again.")
    if len(value) > LONGEST[column]:
        raise Wrong(f"At most {LONGEST[column]:,} characters; these are {len(value):,}.")
    return value


def sku(value: str) -> str:
    """An article number: no spaces in it, as nobody sees whether there are one or two."""
    found = text("sku", value)
    if not found:
        raise Wrong("Each row needs an article number: an item is found again by it.")
    if re.search(r"\s", found):
        raise Wrong("An article number has no spaces. Write a hyphen instead.")
    if re.fullmatch(r"\d\.\d+E\+\d+", found, re.IGNORECASE):
        raise Wrong("Your spreadsheet turned this number into an exponent. Format the column as text.")
    return found


def name(value: str) -> str:
    found = " ".join(text("name", value).split())
    if found.startswith(("=", "@")):
        raise Wrong("This is a formula and not a name. Copy the column and paste it as values.")
    return found


def currency(value: str) -> str:
    code = value.upper()
    if not re.fullmatch(r"[A-Z]{3}", code):
        raise Wrong("Three letters, for example USD.")
    if missing := currencies.missing_settings(code):
        raise Wrong(f"Nothing can be sold in {code} yet: {', '.join(missing)} not set.")
    return code


def price(value: str, code: str) -> Decimal:
    """Major units, as people write them with a point."""
    if re.search(r"[^\d.,\s+-]", value):
        raise Wrong(f"Only the number, without a sign or code of the currency: {money.example(code)}.")
    if "," in value:
        raise Wrong(f"Write a point before the cents and nothing between thousands: {money.example(code)}.")
    if not re.fullmatch(r"[+-]?\d+(\.\d+)?", value):
        raise Wrong(f"This is not a number. Write it like {money.example(code)}.")
    try:
        minor = money.to_minor(value, code)
    except money.InvalidAmount as error:
        raise Wrong(str(error)) from None
    if minor <= 0:
        raise Wrong("A price is more than zero.")
    if minor > money.MAXIMUM_CHARGE:
        raise Wrong(f"More than can be charged at once: at most {money.to_major(money.MAXIMUM_CHARGE, code)}.")
    return Decimal(value)


def units(value: str) -> int:
    """How many there are on the shelf."""
    if re.fullmatch(r"-\d+", value):
        raise Wrong("There cannot be fewer than none. Write 0 for sold out.")
    if re.fullmatch(r"\d+[.,]0+", value):
        raise Wrong(f"Whole units without decimals: {re.split(r'[.,]', value)[0]}.")
    if not re.fullmatch(r"[0-9]+", value):
        raise Wrong("How many there are, as a whole number, for example 12.")
    if len(value) > 9 or int(value) > MAX_STOCK:
        raise Wrong(f"At most {MAX_STOCK:,}.")
    return int(value)


def category(value: str) -> tuple[str, ...]:
    """The way down from the home page: "Prints > Small"."""
    found = tuple(" ".join(part.split()) for part in text("category", value).split(">"))
    if not all(found):
        raise Wrong("Write the categories from the top down with > between them: Prints > Small.")
    if len(found) > 5:
        raise Wrong("At most five categories, one in the other.")
    if max(map(len, found)) > 100:
        raise Wrong("A category’s name has at most 100 characters.")
    return found


def variant(value: str) -> tuple[str, ...]:
    """What was chosen: "A3 / black"."""
    found = tuple(" ".join(part.split()) for part in text("variant", value).split("/"))
    if not all(found):
        raise Wrong("Write the choices with / between them: A3 / black.")
    if len(found) > 3:
        raise Wrong("At most three choices, for example size, colour and paper.")
    if max(map(len, found)) > VALUE_LENGTH:
        raise Wrong(f"Each choice has at most {VALUE_LENGTH} characters.")
    return found


def tags(value: str) -> tuple[str, ...]:
    """Words with commas between them."""
    found = tuple(word for part in text("tags", value).split(",") if (word := " ".join(part.split())))
    if not found:
        raise Wrong("Write the tags with commas between them: linen, for children.")
    if len(found) > MAX_TAGS:
        raise Wrong(f"At most {MAX_TAGS} tags for an item.")
    if max(map(len, found)) > words.LONGEST:
        raise Wrong(f"A tag has at most {words.LONGEST} characters.")
    if not all(map(words.is_word, found)):
        raise Wrong(words.NO_WORD)
    return found

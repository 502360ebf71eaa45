"""What the demo shop sells and says. Plain data: loading.py turns it into pages."""

from .cards import CARDS
from .editions import EDITIONS
from .kinds import Category, Item
from .paper import PAPER_GOODS
from .prints import PRINTS
from .wrap import WRAP

CATEGORIES: tuple[Category, ...] = (PRINTS, EDITIONS, CARDS, PAPER_GOODS, WRAP)
ITEMS: tuple[Item, ...] = tuple(item for category in CATEGORIES for item in category.items)

__all__ = ["CATEGORIES", "ITEMS", "Category", "Item"]

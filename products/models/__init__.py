"""What is sold. One file per concept."""

from .item import ItemPage, ItemPicture
from .pages import CategoryPage, HomePage
from .stock import Stock, StockMovement
from .variant import ItemVariant, Variant

__all__ = [
    "CategoryPage",
    "HomePage",
    "ItemPage",
    "ItemPicture",
    "ItemVariant",
    "Stock",
    "StockMovement",
    "Variant",
]

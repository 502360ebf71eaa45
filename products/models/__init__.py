"""What is sold. One file per concept."""

from .generation import Generation
from .item import ItemPage, ItemPicture
from .pages import CategoryPage, HomePage
from .stock import Stock, StockMovement

__all__ = ["CategoryPage", "Generation", "HomePage", "ItemPage", "ItemPicture", "Stock", "StockMovement"]

"""What is sold. One file per concept."""

from .bulk_change import BulkChange
from .download import DownloadFile, ItemDownload
from .generation import Generation
from .item import ItemPage
from .item_import import ItemImport
from .pages import CategoryPage, HomePage
from .picture import ItemPicture
from .price_history import PriceRecord
from .related import RelatedItem
from .shop_settings import StockSettings
from .stock import Stock, StockMovement
from .stories import ArticlePage, LandingPage
from .tag import ItemTag, Tag
from .variant import ItemVariant, Variant

__all__ = [
    "ArticlePage",
    "BulkChange",
    "CategoryPage",
    "DownloadFile",
    "Generation",
    "HomePage",
    "ItemDownload",
    "ItemImport",
    "ItemPage",
    "ItemPicture",
    "ItemTag",
    "ItemVariant",
    "LandingPage",
    "PriceRecord",
    "RelatedItem",
    "Stock",
    "StockMovement",
    "StockSettings",
    "Tag",
    "Variant",
]

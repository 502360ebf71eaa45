"""Orders and the ledgers behind them. One file per concept."""

from .alert import StockAlert
from .beat import Beat
from .discount import Discount, Redemption
from .download import OrderDownload
from .inbox import Incident, OutboxMail, StripeEvent
from .installation import Installation
from .order import Order, OrderLine
from .payment import Attempt, Payment, Refund
from .rate import RateCount
from .shipping import ShippingRate
from .site_settings import CheckoutSettings
from .stock_hold import Hold
from .stripe_object import StripeObject
from .tax import Tax

__all__ = [
    "Attempt",
    "Beat",
    "CheckoutSettings",
    "Discount",
    "Hold",
    "Incident",
    "Installation",
    "Order",
    "OrderDownload",
    "OrderLine",
    "OutboxMail",
    "Payment",
    "RateCount",
    "Redemption",
    "Refund",
    "ShippingRate",
    "StockAlert",
    "StripeEvent",
    "StripeObject",
    "Tax",
]

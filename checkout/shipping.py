"""Which shipping rate an order has: the one its buyer chose, or the first of its currency; none if nothing is sent."""

from collections.abc import Sequence

from babel import Locale
from django.db.models import Exists, OuterRef, QuerySet

from products.prepared import Prepared

from .models import Order, OrderLine, ShippingRate
from .pricing import Shipping
from .states import OrderStatus

ADDRESS = ("name", "line1", "line2", "postal_code", "city", "state", "country")


def rates(currency: str) -> list[ShippingRate]:
    """What a buyer of that currency may choose from, in order."""
    return _rates.objects(ShippingRate, currency=currency)


_rates = Prepared(
    lambda currency: ShippingRate.objects.filter(currency=currency, active=True).order_by("sort_order", "pk"),
    currency=str,
)


def is_sent(lines: Sequence[OrderLine]) -> bool:
    """Whether anything of these lines needs a parcel."""
    return any(line.item.shipping_required for line in lines)


def has_parcel(order: Order) -> bool:
    """Whether something of a stored order has to be sent; downloads and vouchers have not."""
    return bool(_parcel.rows(order=order.pk))


_parcel = Prepared(
    lambda order: OrderLine.objects.filter(order_id=order, item__shipping_required=True).values_list("pk")[:1],
    order=int,
)


def to_ship() -> QuerySet[Order]:
    """Paid orders with a parcel that nobody marked as shipped."""
    parcels = OrderLine.objects.filter(order=OuterRef("pk"), item__shipping_required=True)
    # every paid order has `paid_at`; said for the index of these few
    waiting = Order.objects.filter(shipped_at__isnull=True, paid_at__isnull=False)
    return waiting.filter(Exists(parcels), status=OrderStatus.PAID)


def terms(order: Order, lines: Sequence[OrderLine]) -> Shipping | None:
    """The rate as the quote freezes it. None: nothing is sent, or no rate is kept in this currency."""
    if not is_sent(lines):
        return None
    offered = rates(order.currency)
    rate = next((one for one in offered if one.pk == order.shipping_rate_id), offered[0] if offered else None)
    return Shipping(rate.pk, rate.name, rate.amount, tuple(rate.country_list)) if rate else None


def country_names(countries: Sequence[str], language: str) -> list[tuple[str, str]]:
    """(code, name in that language), by name: what a buyer chooses from."""
    names = Locale.parse(language.replace("-", "_")).territories
    return sorted(((code, names.get(code, code)) for code in countries), key=lambda pair: pair[1])


def address_lines(address: dict[str, str] | None) -> list[str]:
    """Stripe's address as it stands on a parcel: postal code and city share a line."""
    found = {name: (address or {}).get(name, "") for name in ADDRESS}
    town = " ".join(filter(None, (found["postal_code"], found["city"])))
    lines = (found["name"], found["line1"], found["line2"], town, found["state"], found["country"])
    return [line for line in lines if line]

"""What an item's page says about sending it. A tag, because products do not know what delivery costs."""

from django import template
from django.utils.translation import get_language, gettext

from checkout import shipping
from products.kept import Kept
from products.models import ItemPage
from products.money import format_money

register = template.Library()
# One query a generation and currency: the item page has no query to spare.
_rates: Kept[list[int]] = Kept()


@register.simple_tag
def delivery_note(item: ItemPage) -> str:
    """One sentence about the cheapest way; "" for what is not sent, and where no rate is kept in the currency."""
    if not item.shipping_required:
        return ""
    amounts = _rates.get(item.currency, lambda: [rate.amount for rate in shipping.rates(item.currency)])
    if not amounts:
        return ""
    if min(amounts) == 0:
        return gettext("Delivery included.")
    cheapest = format_money(min(amounts), item.currency, get_language() or "en")
    return gettext("Plus delivery from %(amount)s.") % {"amount": cheapest}

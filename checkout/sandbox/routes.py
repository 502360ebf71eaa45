"""Every route of the API: (method, path pattern, handler)."""

from .resources import accounts, charges, coupons, disputes, event_log, payment_intents, refunds, sessions, tax_rates

_RESOURCES = (accounts, charges, coupons, disputes, event_log, payment_intents, refunds, sessions, tax_rates)
ROUTES = [route for resource in _RESOURCES for route in resource.ROUTES]

"""What every storefront template may use without its view naming it."""

from django.conf import settings
from django.http import HttpRequest


def shop(request: HttpRequest) -> dict[str, object]:
    """`sandbox`: True while payments are pretended; `stripe_js_url`: which Stripe.js a payment page loads."""
    return {"sandbox": settings.STRIPE_SANDBOX, "stripe_js_url": settings.STRIPE_JS_URL, "base_url": settings.BASE_URL}

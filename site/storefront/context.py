"""What every storefront template may use without its view naming it."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from checkout.gateway import accounts
from products.tree import tree


def shop(request: HttpRequest) -> dict[str, object]:
    """`sandbox`: True while payments are pretended; `test_mode`: Stripe's keys move no money; `stripe_js_url`: which
    Stripe.js a payment loads;
    `shop`: the shelves (menu, shop_name), read when a template first asks; `staff_bar`: there may be an editor here.

    A page that names `stripe_js_url` offers a payment, and only such a page may reach Stripe (storefront.headers).
    """
    return {
        "sandbox": settings.STRIPE_SANDBOX,
        "test_mode": accounts.move_no_money,
        "stripe_js_url": SimpleLazyObject(lambda: _offer_payment(request)),
        "base_url": settings.BASE_URL,
        "shop": SimpleLazyObject(lambda: tree(request)),
        # without the cookie the session is not even looked at, so that the page stays the same for all visitors
        "staff_bar": settings.SESSION_COOKIE_NAME in request.COOKIES,
    }


def _offer_payment(request: HttpRequest) -> str:
    vars(request)["offers_payment"] = True
    return str(settings.STRIPE_JS_URL)

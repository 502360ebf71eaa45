"""In which language the payment page speaks: the session's `locale` says, as at Stripe; where it says nothing or
"auto", the visitor's browser does."""

from django.utils import translation
from django.utils.formats import number_format
from django.utils.translation import get_language, gettext, gettext_noop

from checkout.sandbox.models import SandboxObject
from products import languages
from products.money import format_money

# In Stripe's API these are English whatever the locale is; its page says them in the buyer's language.
REFUSALS = (
    gettext_noop("Your card was declined."),
    gettext_noop("Your card has insufficient funds."),
    gettext_noop("Your card has expired."),
    gettext_noop("Your card's security code is incorrect."),
    gettext_noop("An error occurred while processing your card. Try again in a little bit."),
    gettext_noop("We are unable to authenticate your payment method. Please choose a different one and try again."),
    gettext_noop("The bank debit was refused."),
    gettext_noop("The payment failed."),
)


def speak(session: SandboxObject | None) -> None:
    """For the rest of this request. LanguageMiddleware has chosen the browser's language already."""
    locale = (session.data["locale"] if session else "") or "auto"
    if locale != "auto":
        translation.activate(languages.supported(locale.partition("-")[0]))


def language() -> str:
    return get_language() or "en"


def money(amount: int, currency: str) -> str:
    """Minor units as the page's language writes them."""
    return format_money(amount, currency, language())


def percent(value: float) -> str:
    return f"{number_format(f'{value:g}')} %"


def refusal(message: str) -> str:
    """The bank's words in the page's language."""
    return gettext(message) if message else ""

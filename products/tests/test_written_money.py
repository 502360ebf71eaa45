"""Prices are put together from Babel's own way to write a sum that long: letter for letter what Babel would write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from products import money

CURRENCIES = ["USD", "EUR", "CHF", "INR", "JPY", "KWD", "ISK", "HUF"]
# "¤" first and last, groups of two, none below 10,000, narrow and no-break spaces, an apostrophe, an article
LOCALES = ["en", "en-GB", "de", "de-AT", "de-CH", "fr", "es", "pl", "pt-PT", "hi", "bn", "ja", "ar", "fa", "ru", "lv"]


@given(st.sampled_from(CURRENCIES), st.sampled_from(LOCALES), st.integers(-(10**9), 10**13))
def test_each_price_is_written_as_babel_writes_it(currency, locale, minor):
    minor -= minor % money.granularity(currency)
    expected = money._by_babel(money.to_major(minor, currency), currency, locale)
    assert money.format_money(minor, currency, locale) == expected


@pytest.mark.parametrize(
    ("minor", "currency", "locale", "text"),
    [
        (5, "USD", "en", "$0.05"),
        (199_900, "USD", "en", "$1,999.00"),
        (199_900, "EUR", "de", "1.999,00\xa0€"),
        (123_456_789, "INR", "hi", "₹12,34,567.89"),
        (500, "JPY", "en", "¥500"),
        (50_000, "ISK", "en", "ISK500"),
        (5_120, "KWD", "en", "KWD5.12"),
        (-1999, "USD", "en", "-$19.99"),
    ],
)
def test_sums_as_people_read_them(minor, currency, locale, text):
    assert money.format_money(minor, currency, locale) == text

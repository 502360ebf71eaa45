"""The studio itself: the home page, the taxes, the welcome code."""

from .kinds import faq, picture, quote, text

SITE_NAME = "Slowline Studio"
SLUG = "slowline"
HEADLINE = "Drawn slowly, one line at a time"
INTRODUCTION = (
    "Slowline is two people, a rebuilt drafting plotter and a great many pens. We make prints, cards, notebooks "
    "and wrapping paper "
    "in Portland, Maine, with a print workshop in Ghent."
)
SEO_TITLE = "Slowline Studio: pen-plotted prints, cards and notebooks"
SEO_DESCRIPTION = (
    "Art prints, cards, notebooks and gift wrap from pen-plotter drawings, made in Portland, Maine, "
    "and Ghent. Prices include tax and postage."
)
HERO = "home-hero"
FEATURED = ("SL-PR-06", "SL-NB-01", "SL-PR-02", "SL-CA-02", "SL-ED-03", "SL-WR-01", "SL-PR-07", "SL-NB-04", "SL-CA-04")
BODY = (
    text(
        "<b>The machine is called Agnes.</b> She was built in 1987 to draw sewer plans for the county, and she "
        "came to us on a trailer with a seized rail and a drawer full of dried-up pens. "
        "Ine writes the programs, Tom looks after the ink, and Agnes does the drawing at about the speed of a "
        "careful person.",
        "Nothing here is a photograph run through a filter. Each drawing starts as a rule (wind, tide, the angle "
        "between two leaves), and ends when the pen runs out of room.",
    ),
    picture("home-plotter", "Agnes at work on Night Ridges, about two thirds of the way down."),
    quote(
        "It arrived flat, it smelled faintly of ink, and the note was written by hand. More of this, please.",
        "Rosalind, Providence",
    ),
    faq(
        (
            "What does delivery cost?",
            "Nothing extra. Postage is in the price, and so is tax: the figure on the item is the figure you pay.",
        ),
        (
            "How long does it take?",
            "Small things leave the next working day, prints within three. From Ghent, allow a week inside Europe "
            "and two outside it.",
        ),
        (
            "Why are some things in euros?",
            "The Ghent editions are printed and posted in Belgium, and are paid for there. They go in a basket of "
            "their own.",
        ),
        (
            "May I send something back?",
            "Within thirty days, in the wrapping it came in. Write first, and we will send the address and refund "
            "the lot.",
        ),
    ),
)
DEFAULT_TAX = {"name": "Sales tax", "percentage": "5.5", "country": "US"}
EURO_TAX = {"name": "VAT", "percentage": "21", "country": "BE"}
# The first one is free, as every text of the shop promises.
ABROAD = "US, CA, GB, AT, BE, DE, FR, IE, IT, NL, PL, PT, ES, DK, SE, NO, FI, CH, AU, NZ, JP"
SHIPPING = (
    {"name": "Postage", "currency": "USD", "amount": 0, "countries": ABROAD},
    {"name": "Courier, two days", "currency": "USD", "amount": 1800, "countries": "US, CA", "sort_order": 1},
    {"name": "Post from Ghent", "currency": "EUR", "amount": 0, "countries": ABROAD},
)
WELCOME = {"name": "Welcome: 10 % off", "code": "WELCOME10", "percent_off": "10"}

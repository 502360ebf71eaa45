"""Greeting cards and postcards."""

from .kinds import Category, Item, faq, quote, table, text

FOLDED = "5 × 7 in folded (12.7 × 17.8 cm), blank inside"
STOCK = "Crane's Lettra, 300 g, cotton"
SHIPS = "Next working day, in a padded mailer"

CARDS = Category(
    slug="cards",
    title="Cards & postcards",
    introduction="Folded cards on thick cotton stock, blank inside, with envelopes that are worth keeping. Drawn by the machine, printed "
    "in small batches, folded by hand on Thursdays.",
    picture="high-water-cards",
    seo_description="Greeting cards, thank-you cards and postcards on cotton stock, from pen-plotter drawings.",
    items=(
        Item(
            "SL-CA-01",
            "Fern Notecards, Set of Six",
            "Two ferns and a small herbarium, with kraft envelopes.",
            "18.00",
            64,
            ("fern-notecards",),
            "Fern notecards, set of six",
            "Six botanical notecards from plotter drawings, with kraft envelopes. Cotton stock, blank inside.",
            (
                text(
                    "Three drawings, two of each: the pair of crossed fronds, the same pair in moss on straw, and the five stems from our print Understory. "
                    "The paper takes fountain pen without feathering. We tested with four inks and one impatient child.",
                ),
                table(
                    Contents="6 cards, 6 envelopes",
                    Size=FOLDED,
                    Paper=STOCK,
                    Envelopes="Recycled kraft, 120 g",
                    Ships=SHIPS,
                ),
                faq(("Is anything printed inside?", "Nothing. On the back, very small, is the name of the drawing.")),
            ),
        ),
        Item(
            "SL-CA-02",
            "High Water Cards, Set of Eight",
            "The sea at dusk, at dawn and at noon; envelopes in harbour blue.",
            "22.00",
            48,
            ("high-water-cards",),
            "High Water note cards, set of eight",
            "Eight note cards with a sea drawn in lines, in three times of day, with blue envelopes.",
            (
                text(
                    "Our Tide Table drawing at three times of day. People buy these for thank-you notes after weddings by the water, and then order "
                    "a second set because they kept the first.",
                    "Dusk is printed on dark stock with pale ink, so bring a white pen for that one or write on the inside, which is cream.",
                ),
                table(
                    Contents="8 cards (3 noon, 3 dawn, 2 dusk), 8 envelopes",
                    Size=FOLDED,
                    Paper=STOCK,
                    Envelopes="Harbour blue, 120 g",
                    Ships=SHIPS,
                ),
                quote("Half of mine are framed above the sink.", "Priya, Astoria"),
            ),
        ),
        Item(
            "SL-CA-03",
            "Winter Wreath Cards, Set of Six",
            "Sixteen sprigs in a circle, in green, red and plain.",
            "19.00",
            36,
            ("winter-wreath-cards",),
            "Winter wreath cards, set of six",
            "Six wreath cards for the end of the year, in forest green, brick red and natural, with red envelopes.",
            (
                text(
                    "A wreath that says nothing, so that you can. Two cards in forest green, two in brick red, two on natural stock with twenty-four red berries "
                    "that the machine dots in last.",
                    "We print these in September and they are usually gone by the second week of December.",
                ),
                table(
                    Contents="6 cards, 6 envelopes", Size=FOLDED, Paper=STOCK, Envelopes="Brick red, 120 g", Ships=SHIPS
                ),
            ),
        ),
        Item(
            "SL-CA-04",
            "Twelve Postcards",
            "One of everything: twelve drawings, ready for a stamp.",
            "16.00",
            85,
            ("twelve-postcards",),
            "Twelve postcards from the plotter",
            "A set of twelve different art postcards from pen-plotter drawings, on uncoated 350 g board.",
            (
                text(
                    "Twelve of our drawings at the size of a hand. The backs are uncoated and properly divided, with a box for the stamp, and they "
                    "survive the sorting machines: we posted forty to ourselves from seven countries, and thirty-nine came home.",
                    "Also good as a test wall. Live with twelve small ones for a week, then decide which large one you want.",
                ),
                table(
                    Contents="12 different cards",
                    Size="4 × 5 in (10.2 × 12.7 cm)",
                    Paper="Uncoated board, 350 g",
                    Ships=SHIPS,
                ),
                faq(
                    (
                        "Do they need extra postage?",
                        "No. They go at the ordinary postcard rate in the United States and at the letter rate in most of Europe.",
                    )
                ),
            ),
        ),
        Item(
            "SL-CA-05",
            "Many Happy Rings",
            "A birthday card with a ring for every year up to twenty-six.",
            "5.50",
            120,
            ("happy-rings-card",),
            "Many Happy Rings birthday card",
            "A single birthday card with twenty-six coloured rings and a terracotta envelope.",
            (
                text(
                    "Count the rings if somebody is turning twenty-six. For everybody else they are simply cheerful. The pun was Tom's, and he has been spoken to.",
                ),
                table(
                    Contents="1 card, 1 envelope", Size=FOLDED, Paper=STOCK, Envelope="Terracotta, 120 g", Ships=SHIPS
                ),
            ),
        ),
    ),
)

"""Numbered editions from the print workshop in Ghent, sold in euros."""

from .kinds import Category, Item, faq, picture, quote, table, text

SHEET = "40 × 50 cm"
SHIPS = "From Ghent, flat, within five working days"
NUMBERED = faq(
    (
        "Why is this priced in euros?",
        "The editions are printed, signed and posted in Ghent, and our printer there is paid in euros. Your bank converts if it needs to.",
    ),
    (
        "Can I choose the number?",
        "Write to us before you buy and we will look. Otherwise you get the lowest that is left.",
    ),
)

EDITIONS = Category(
    slug="ghent-editions",
    title="Ghent editions",
    introduction="Our drawings, printed on two Risographs and one old letterpress by Joris and Lieve in their workshop behind the "
    "Dampoort station. Numbered, signed, priced in euros and posted from Belgium.",
    picture="understory",
    seo_description="Numbered, signed Risograph editions of plotter drawings, printed in Ghent and sold in euros.",
    items=(
        Item(
            "SL-ED-01",
            "Four Minutes",
            "A pendulum that swung for four minutes, in two inks.",
            "95.00",
            22,
            ("four-minutes", "four-minutes-detail"),
            "Four Minutes, harmonograph Risograph edition",
            "A harmonograph curve printed in teal and terracotta on two Risograph drums. Edition of 60, signed and numbered.",
            (
                text(
                    "Two pendulums, one swinging two times while the other swings three, both getting tired. The curve is a single line for each ink, "
                    "about forty metres long. The second drum went on a hair out of register, on purpose.",
                    "Where teal and terracotta cross they make a third colour, close to black coffee. You cannot buy that ink.",
                ),
                table(
                    Size=SHEET,
                    Edition="60, signed and numbered",
                    Paper="Munken Pure Rough, 240 g",
                    Print="Risograph, two drums",
                    Ships=SHIPS,
                ),
                NUMBERED,
            ),
            currency="EUR",
            made=60,
            sold_where="Sold at the Ghent print fair",
        ),
        Item(
            "SL-ED-02",
            "Wrong Turnings",
            "One tile, laid two ways, and a maze with no way in.",
            "85.00",
            34,
            ("wrong-turnings",),
            "Wrong Turnings, Truchet tile edition",
            "A Truchet tile maze in navy and terracotta Risograph ink. Edition of 75, printed in Ghent.",
            (
                text(
                    "A friar called Sébastien Truchet noticed in 1704 that one tile is enough to pave a floor with no two corners alike. We tossed a coin for each "
                    "of ninety-nine tiles. Heads and tails are both in the drawing; the paths are an accident.",
                    "Children trace it with a finger. One of them found a loop that we had missed.",
                ),
                table(
                    Size=SHEET,
                    Edition="75, signed and numbered",
                    Paper="Munken Pure Rough, 240 g",
                    Print="Risograph, navy and terracotta",
                    Ships=SHIPS,
                ),
                NUMBERED,
            ),
            currency="EUR",
            made=75,
            sold_where="Sold at the Ghent print fair",
        ),
        Item(
            "SL-ED-03",
            "Understory",
            "Five stems from the same square metre of wood.",
            "110.00",
            19,
            ("understory", "understory-detail"),
            "Understory, botanical Risograph edition",
            "Fern, fennel and sprigs in four Risograph inks, after a walk in the Bourgoyen meadows. Edition of 50.",
            (
                text(
                    "Lieve marked out one square metre at the edge of the Bourgoyen meadows and named everything that grew in it. We wrote a branching rule for each, "
                    "with the angles measured off the plants. Five of them made it onto the sheet.",
                    "Four drums, four passes, and a day of drying between them. It is the slowest thing we make.",
                ),
                table(
                    Size=SHEET,
                    Edition="50, signed and numbered",
                    Paper="Awagami Kozo, 110 g, with a torn edge",
                    Print="Risograph, four drums",
                    Ships=SHIPS,
                ),
                quote(
                    "The fern is botanically indefensible and completely right.",
                    "A visitor from the herbarium in Meise",
                ),
                NUMBERED,
            ),
            currency="EUR",
            made=50,
            sold_where="Sold at the Ghent print fair",
        ),
        Item(
            "SL-ED-04",
            "Full House",
            "Circles that grew until they touched their neighbours.",
            "85.00",
            41,
            ("full-house", "full-house-loose"),
            "Full House, circle packing edition",
            "Hundreds of circles in six Risograph inks, each filled by its own pattern. Edition of 75.",
            (
                text(
                    "A circle starts somewhere empty and grows until it bumps into another. Then the next one starts. The last few hundred are smaller than a lentil.",
                    "Each is filled by one of five habits: solid, rings, stripes, seeds, or a moon. We like the moons best and had to stop ourselves.",
                ),
                table(
                    Size=SHEET,
                    Edition="75, signed and numbered",
                    Paper="Munken Pure Rough, 240 g",
                    Print="Risograph, six drums",
                    Ships=SHIPS,
                ),
                NUMBERED,
            ),
            currency="EUR",
            made=75,
            sold_where="Sold at the Ghent print fair",
        ),
        Item(
            "SL-ED-05",
            "Thirty Nights",
            "A month of moons, hatched one line at a time.",
            "120.00",
            14,
            ("thirty-nights", "thirty-nights-detail"),
            "Thirty Nights, letterpress moon edition",
            "Thirty phases of the moon in ivory letterpress ink on black cotton paper. Edition of 40, printed in Ghent.",
            (
                text(
                    "The lit part of each moon gets every line. The dark part gets one line in four, and only just: tilt the sheet under a lamp and it comes up like earthshine.",
                    "Printed from a magnesium plate on a 1962 Heidelberg. You can feel each line with a thumb, although we would rather that you did not.",
                ),
                table(
                    Size=SHEET,
                    Edition="40, signed and numbered",
                    Paper="Gmund Cotton, 300 g, black",
                    Print="Letterpress, ivory ink",
                    Ships=SHIPS,
                ),
                picture(
                    "thirty-nights-detail", "One line in four on the dark side, so that it never quite disappears."
                ),
                NUMBERED,
            ),
            currency="EUR",
            made=40,
            sold_where="Sold at the Ghent print fair",
        ),
    ),
)

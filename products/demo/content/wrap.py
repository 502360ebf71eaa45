"""Gift wrap, tags, stickers, tape."""

from .kinds import Category, Item, faq, table, text

SHIPS = "Next working day"

WRAP = Category(
    slug="gift-wrap",
    title="Gift wrap",
    introduction="Patterns that the machine makes when it has no picture in mind. Heavy enough to fold sharply, "
    "printed right to the edge, and "
    "handsome enough that people ask for the paper back.",
    picture="turnings-wrap",
    seo_description="Patterned wrapping paper, gift tags, stickers and paper tape from pen-plotter drawings.",
    items=(
        Item(
            "SL-WR-01",
            "Turnings Wrapping Sheets, Set of Four",
            "Two sheets in navy and brick, two in lagoon and gold.",
            "14.00",
            90,
            ("turnings-wrap",),
            "Turnings wrapping paper, four sheets",
            "Four large sheets of Truchet-patterned wrapping paper in two colourways, folded, on 100 g recycled paper.",
            (
                text(
                    "The tiles of Wrong Turnings without the frame around them: the pattern never repeats, so you "
                    "can start the cut anywhere and nobody will see where the seams should have met.",
                    "One sheet wraps a shoe box with enough left over for a book. The ribbon in the picture is "
                    "Ine's own.",
                ),
                table(
                    Contents="4 sheets, folded twice",
                    Size="20 × 28 in (50 × 70 cm)",
                    Paper="100 g, recycled, uncoated",
                    Ships=SHIPS,
                ),
                faq(
                    (
                        "Can it be recycled?",
                        "Yes, with ordinary paper. There is no foil, no film and no glitter in anything we make.",
                    )
                ),
            ),
        ),
        Item(
            "SL-WR-02",
            "Calm Sea Gift Wrap, Three Rolls",
            "Overlapping fans by day, by night and at dawn.",
            "24.00",
            52,
            ("calm-sea-roll",),
            "Calm Sea gift wrap, three rolls",
            "Three rolls of scallop-patterned gift wrap in teal, midnight and coral, nine metres in all.",
            (
                text(
                    "The fan pattern has been used to draw quiet water for at least a thousand years, and it folds"
                    " beautifully because the eye forgives any angle. "
                    "Three metres of each colour, on tubes that we reuse if you post them back.",
                ),
                table(
                    Contents="3 rolls: Calm Sea, At Night, At Dawn",
                    Size="20 in × 10 ft each (50 cm × 3 m)",
                    Paper="90 g, uncoated",
                    Ships=SHIPS,
                ),
            ),
        ),
        Item(
            "SL-WR-03",
            "Gift Tags, Set of Ten",
            "Five drawings on thick board, strung with cotton thread.",
            "8.50",
            140,
            ("gift-tags",),
            "Gift tags with cotton thread, set of ten",
            "Ten heavy gift tags with five pen-plotter drawings, brass eyelets and cotton thread.",
            (
                text(
                    "Two each of the fern, the tree rings, the sunflower, the wreath and the tide. The board is "
                    "thick enough to write on against your knee in a parked car, "
                    "which is how most tags get written.",
                    "The eyelets are pressed one at a time with a tool that sounds like a very small door closing.",
                ),
                table(
                    Contents="10 tags, 10 threads",
                    Size="2.5 × 3.75 in (6.4 × 9.5 cm)",
                    Paper="400 g cotton board, plain back",
                    Ships=SHIPS,
                ),
            ),
            sale_price="6.80",
        ),
        Item(
            "SL-WR-04",
            "Sticker Sheet",
            "Twelve tiny prints for laptops, letters and lunch boxes.",
            "7.00",
            200,
            ("sticker-sheet",),
            "Sticker sheet, twelve die-cut stickers",
            "Twelve matt die-cut stickers from pen-plotter drawings, for paper, laptops and bottles.",
            (
                text(
                    "Twelve of our drawings, each an inch and a half across. Matt, wipe-clean, and they come off "
                    "again in one piece for about a year; after that they have moved in.",
                ),
                table(
                    Contents="12 stickers on one sheet",
                    Size="6 × 8 in sheet (15 × 20 cm)",
                    Material="Matt paper film, water-based glue",
                    Ships=SHIPS,
                ),
                faq(
                    (
                        "Will they survive the dishwasher?",
                        "For a few weeks on a bottle that is washed by hand. In the dishwasher, one heroic evening.",
                    )
                ),
            ),
        ),
        Item(
            "SL-WR-05",
            "Paper Tape, Three Rolls",
            "Fans, sprigs and tiles on rice-paper tape that lifts off cleanly.",
            "11.00",
            95,
            ("paper-tape",),
            "Patterned paper tape, three rolls",
            "Three rolls of patterned rice-paper tape: fans, sprigs and tiles, ten metres each.",
            (
                text(
                    "Tears straight by hand, takes ink, and comes off a wall without the paint. We hang our own "
                    "work in progress with it, which is how most of the photographs in this shop were made.",
                ),
                table(
                    Contents="3 rolls of 33 ft (10 m)",
                    Width="0.6 in (15 mm)",
                    Material="Rice paper, acrylic glue",
                    Ships=SHIPS,
                ),
            ),
        ),
    ),
)

"""Art prints, drawn in Portland with a pen: each sheet is a drawing, not a copy of one."""

from .kinds import Category, Item, faq, picture, quote, table, text

SHEET = "16 × 20 in (40.6 × 50.8 cm)"
COTTON = "Hahnemühle Nostalgie, 190 g, cold white"
FLAT = "Flat between two boards, within three working days"
FRAME = faq(
    (
        "Does it come with the frame?",
        "No. The sheet fits a standard 16 × 20 in frame, with or without a mat, so any shop will have one.",
    ),
    ("Is it signed?", "In pencil on the back, with the date and the hours the pen was down."),
)

PRINTS = Category(
    slug="art-prints",
    title="Art prints",
    introduction="Drawn line by line with a real pen, on a plotter we rebuilt from a 1987 drafting machine. No two"
    " sheets are "
    "quite alike: the ink pools a little where the pen turns, and we have stopped apologising for it.",
    picture="prevailing-wind-detail",
    seo_description="Pen-plotted art prints on heavy cotton paper: flow fields, contour maps, tree rings and star "
    "charts, drawn one at a time.",
    items=(
        Item(
            "SL-PR-01",
            "Prevailing Wind",
            "Two hundred and thirty-nine lines that follow one wind and never touch.",
            "68.00",
            24,
            ("prevailing-wind", "prevailing-wind-detail"),
            "Prevailing Wind, pen-plotted flow field print",
            "A flow-field drawing in navy, sea green and terracotta ink, 16 × 20 in, drawn by pen plotter on "
            "cotton paper.",
            (
                text(
                    "We gave the machine a wind that blows mostly from the left, then let it draw for as long as a"
                    " new line could find room. "
                    "When no gap was wider than two millimetres, it stopped. That took three hours and fifty minutes.",
                    "Up close you can see where the navy pen was nearly dry and where the terracotta one was new. "
                    "From the sofa it reads as weather.",
                ),
                table(
                    Size=SHEET,
                    Paper=COTTON,
                    Ink="Navy, sea green and terracotta, pigment-based",
                    Pens="0.3, 0.4 and 0.6 mm",
                    Ships=FLAT,
                ),
                FRAME,
            ),
        ),
        Item(
            "SL-PR-02",
            "Night Ridges",
            "White ink on midnight paper: sixty-two ridges and a moon.",
            "74.00",
            15,
            ("night-ridges", "night-ridges-detail"),
            "Night Ridges, white ink mountain print",
            "Sixty-two mountain ridgelines in white gel ink on midnight blue paper. A 16 × 20 in pen-plotted print.",
            (
                text(
                    "Each ridge hides a little of the one behind it, which is all that a mountain range really is."
                    " The machine draws from the back "
                    "to the front and lifts the pen wherever the land would be out of sight.",
                    "White gel ink on dark paper is slow and fussy. The pen has to be wiped every eight minutes, "
                    "so somebody sits with this one. Usually with tea.",
                ),
                table(
                    Size=SHEET,
                    Paper="Plike, 330 g, midnight blue, soft to the touch",
                    Ink="White and old gold gel ink",
                    Lines="62 ridges, 12 rings",
                    Ships=FLAT,
                ),
                quote(
                    "I hung it opposite the bed. It is the last thing I look at and it has never once been boring.",
                    "Marguerite, Minneapolis",
                ),
                FRAME,
            ),
        ),
        Item(
            "SL-PR-03",
            "Contour No. 7",
            "A survey of an island that nobody has been to.",
            "64.00",
            31,
            ("contour-no-7", "contour-no-7-detail"),
            "Contour No. 7, topographic line print",
            "An imaginary topographic map in navy and sea green, drawn by pen plotter. 16 × 20 in, ready to frame.",
            (
                text(
                    "Twenty-six heights, one of them in terracotta: that is the path we would take if the place "
                    "existed. Every fifth line is drawn "
                    "twice with a wider pen, the way surveyors did it before printing got cheap.",
                    "People who hike tell us they start planning a route. The saddle in the middle is the easy way"
                    " over.",
                ),
                table(
                    Size=SHEET,
                    Paper=COTTON,
                    Ink="Navy, sea green and terracotta, pigment-based",
                    Interval="26 heights, every fifth one heavier",
                    Ships=FLAT,
                ),
                FRAME,
            ),
        ),
        Item(
            "SL-PR-04",
            "Sunflower Arithmetic",
            "1,149 seeds, one angle, spirals nobody drew.",
            "58.00",
            40,
            ("sunflower-arithmetic",),
            "Sunflower Arithmetic, phyllotaxis print",
            "A sunflower head drawn from the golden angle in ochre and rust ink. Pen-plotted print, 16 × 20 in.",
            (
                text(
                    "A sunflower places each seed 137.5 degrees round from the last. So did we, 1,149 times. The "
                    "spirals that you see running both "
                    "ways are not in the instructions. They turn up on their own, as they do in the flower.",
                    "Count them if you have a quiet afternoon: 34 one way, 55 the other.",
                ),
                table(
                    Size=SHEET,
                    Paper=COTTON,
                    Ink="Ochre, terracotta and rust, pigment-based",
                    Pen="0.5 mm, filled by hand-tuned hatching",
                    Ships=FLAT,
                ),
                FRAME,
            ),
            sizes=(("16 × 20 in", "", 26), ("8 × 10 in", "32.00", 14)),
        ),
        Item(
            "SL-PR-05",
            "One Hundred Winters",
            "The rings of a tree with good years, dry years and one old wound.",
            "62.00",
            18,
            ("one-hundred-winters", "one-hundred-winters-detail"),
            "One Hundred Winters, tree ring print",
            "Tree rings in two browns on warm cream paper, drawn by pen plotter. A quiet print for a hallway or study.",
            (
                text(
                    "The title is generous: there are seventy-four rings. The wide ones are wet summers, the "
                    "pinched ones are droughts, and near "
                    "the upper right something hit the trunk in its twenty-second year. It grew around it. Trees do.",
                    "We draw this in two browns that we mix ourselves, so the colour shifts slightly from one "
                    "batch to the next.",
                ),
                table(
                    Size=SHEET,
                    Paper="Somerset Book, 175 g, soft white",
                    Ink="Two walnut browns, mixed in the studio",
                    Rings="74",
                    Ships=FLAT,
                ),
                quote(
                    "My father was a forester. He looked at it for a long time and then told me which year the "
                    "fire was.",
                    "Anneke, Duluth",
                ),
                FRAME,
            ),
        ),
        Item(
            "SL-PR-06",
            "Tide Table",
            "Calm water at the top, weather at the bottom, the sun in between.",
            "68.00",
            27,
            ("tide-table", "tide-table-loose"),
            "Tide Table, sea and sun line print",
            "A sea drawn in eighty-five lines with a terracotta sun. Pen-plotted print on cotton paper, 16 × 20 in.",
            (
                text(
                    "Every line crosses the whole sheet. Where it meets the sun the machine parks, waits for us to"
                    " change the pen, draws one short "
                    "stroke in terracotta, and waits again. There are thirty-six of those strokes and we are there"
                    " for all of them.",
                    "It was drawn for a kitchen in Lubec, Maine, which gets the first sunrise in the country for "
                    "part of the year.",
                ),
                table(
                    Size=SHEET, Paper=COTTON, Ink="Sky, sea green, navy and terracotta", Pen_changes="72", Ships=FLAT
                ),
                FRAME,
            ),
        ),
        Item(
            "SL-PR-07",
            "Population Nil",
            "A whole town on a grid, all its lights on, nobody home.",
            "72.00",
            12,
            ("population-nil", "population-nil-detail"),
            "Population Nil, isometric city print",
            "An isometric town of 121 blocks with lit windows, drawn by pen plotter. 16 × 20 in.",
            (
                text(
                    "A hundred and twenty-one plots. Most of them got a house, a few got a square with trees, and "
                    "the middle got ambitious. The roofs are "
                    "coloured by hand after the machine has finished, so your town will have its own.",
                    "There are no doors. We noticed too late, and then decided that it explained the name.",
                ),
                table(
                    Size=SHEET,
                    Paper="Bristol board, 300 g, very smooth",
                    Ink="Navy line; ochre, terracotta and teal roofs by hand",
                    Plots="121",
                    Ships=FLAT,
                ),
                FRAME,
            ),
        ),
        Item(
            "SL-PR-08",
            "Two-Ring Interference",
            "Two plain sets of circles and the pattern that appears between them.",
            "54.00",
            0,
            ("two-ring-interference",),
            "Two-Ring Interference, moiré print",
            "Two sets of concentric rings that make a third pattern in the eye. Pen-plotted moiré print in two inks.",
            (
                text(
                    "Thirty-three circles in terracotta, then thirty-three in navy, moved an inch up and across. "
                    "Nothing else was drawn. The petals "
                    "and beams that you see belong to your eye, and they move when you do.",
                    "This run is finished. The next one is drawn when the terracotta pens come back from the "
                    "maker, usually within a month.",
                ),
                table(Size=SHEET, Paper=COTTON, Ink="Terracotta and navy, pigment-based", Circles="66"),
            ),
            made=30,
            sold_where="The first run went at the winter fair",
        ),
        Item(
            "SL-PR-09",
            "Invented Sky",
            "A star chart for a sky you will not find, in white and gold.",
            "78.00",
            2,
            ("invented-sky", "invented-sky-detail"),
            "Invented Sky, star chart print",
            "An imaginary star chart in white and gold ink on midnight paper. Pen-plotted, 16 × 20 in, last sheets"
            " of the run.",
            (
                text(
                    "Twenty-four hours of right ascension, six rings of declination, a milky way of five thousand "
                    "dots, and seventeen constellations "
                    "that have no names yet. Buyers write to us with suggestions. So far we have the Kettle, the "
                    "Two Aunts and the Unfinished Bridge.",
                    "The dots alone take the machine five hours. The last sheets of this run are here.",
                ),
                table(
                    Size=SHEET,
                    Paper="Plike, 330 g, midnight blue",
                    Ink="White and gold gel ink",
                    Stars="About 250, and the dust between them",
                    Ships=FLAT,
                ),
                picture("invented-sky-detail", "The pen stays down for a quarter of a second on each star."),
                FRAME,
            ),
            made=40,
        ),
    ),
)

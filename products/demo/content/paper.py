"""Notebooks, calendars, planners."""

from .kinds import Category, Item, faq, picture, quote, table, text

SHIPS = "Within two working days"
INSIDE = "100 g cream paper, fountain-pen friendly"

PAPER_GOODS = Category(
    slug="notebooks",
    title="Notebooks",
    introduction="Things to write in and things to write on, bound by a family bindery in Biddeford that has been "
    "sewing books since 1958. "
    "None of the calendars has a year on it, so none of them goes out of date.",
    picture="field-notebook",
    seo_description="Sewn notebooks, undated planners, a birthday calendar and a weekly desk pad with pen-plotter "
    "covers.",
    items=(
        Item(
            "SL-NB-01",
            "Field Notebook",
            "Contour-line cover, dot grid, lies flat from the first page.",
            "24.00",
            58,
            ("field-notebook", "field-notebook-open"),
            "Field Notebook, dot grid A5 with contour cover",
            "A sewn A5 dot-grid notebook with a green contour-map cover, cloth spine and elastic band.",
            (
                text(
                    "Sewn, not glued, so it opens flat at page one and at page two hundred. The dots are pale "
                    "enough to disappear under pencil and are five millimetres apart, "
                    "which is also the distance between the pen and its cap on our machine. We measured "
                    "afterwards. It was a good omen.",
                    "The paper label on the cover is blank underneath if you peel it, in case field notes is not "
                    "what you have in mind.",
                ),
                picture("field-notebook-open", "Dots, not lines, and room in the gutter."),
                table(
                    Size="A5 (14.8 × 21 cm)",
                    Pages="208, dot grid, numbered",
                    Paper=INSIDE,
                    Binding="Sewn in sections, cloth spine",
                    Ships=SHIPS,
                ),
                faq(
                    (
                        "Does ink show through?",
                        "Fountain pen and fineliner, no. Alcohol markers, yes, as on almost everything.",
                    ),
                    ("Is there a pocket?", "Inside the back cover, big enough for a folded map."),
                ),
            ),
        ),
        Item(
            "SL-NB-02",
            "Night Ridges Sketchbook",
            "Heavy blank pages behind a mountain range at midnight.",
            "28.00",
            33,
            ("night-sketchbook",),
            "Night Ridges sketchbook, heavy blank paper",
            "A hardbound sketchbook with 160 g paper and a midnight-blue mountain cover with a tan cloth spine.",
            (
                text(
                    "A sketchbook that can take a wash. The paper is heavy and slightly toothed, the cover is "
                    "board that does not bow in a damp bag, and the tan spine "
                    "goes darker with use in a way we like.",
                    "No elastic: it got in the way of drawing on location, so we took it off.",
                ),
                table(
                    Size="A5 (14.8 × 21 cm)",
                    Pages="128, blank",
                    Paper="160 g, lightly toothed, off-white",
                    Binding="Sewn, tan cloth spine",
                    Ships=SHIPS,
                ),
                quote("I have filled three. The first one has been in a canoe.", "Wyatt, Ely"),
            ),
        ),
        Item(
            "SL-NB-03",
            "Pocket Notebooks, Set of Three",
            "Fans, tiles and circles: one plain, one ruled, one dotted.",
            "21.00",
            72,
            ("pocket-trio",),
            "Pocket notebooks, set of three",
            "Three stitched pocket notebooks with patterned covers: plain, ruled and dot grid.",
            (
                text(
                    "One for lists, one for drawings, one for the car. The three covers are different enough to "
                    "tell apart by the corner that sticks out of a pocket, and so are the insides: "
                    "plain behind the fans, ruled behind the tiles, dots behind the circles.",
                ),
                table(
                    Size="3.5 × 5 in (9 × 12.7 cm)",
                    Pages="3 × 64",
                    Paper="90 g, cream",
                    Binding="Stitched, taped spine, rounded corners",
                    Ships=SHIPS,
                ),
            ),
        ),
        Item(
            "SL-NB-04",
            "Birthday Calendar",
            "Twelve drawings and a line for every day, good for any year.",
            "32.00",
            45,
            ("birthday-calendar",),
            "Birthday Calendar, undated wall calendar",
            "A perpetual wall calendar with twelve pen-plotter drawings and a line for each day of the month.",
            (
                text(
                    "In Ghent this hangs in the smallest room of the house, where nobody can avoid it. There are "
                    "no weekdays and no year, only a line for every day (twenty-nine for February, to be fair to those "
                    "people). You write the names once and it works for ever.",
                    "Twelve drawings, one a month. September is the sunflower, because by then it has earned it.",
                    "A picture of it comes along as a PDF, to print and to wrap instead of a calendar that is late.",
                ),
                table(
                    Size="9 × 14 in (23 × 35.5 cm)",
                    Pages="13, wire-bound, with a hanger",
                    Paper="250 g, uncoated: pencil and ballpoint both hold",
                    Ships=SHIPS,
                ),
                faq(
                    (
                        "Can I take the drawings out afterwards?",
                        "There is no afterwards, but yes: each page tears off cleanly and the picture is 9 × 7 in.",
                    )
                ),
            ),
            printable=("birthday-calendar", "The calendar on its wall, to print"),
        ),
        Item(
            "SL-NB-05",
            "Week Desk Pad",
            "Seven columns, no dates, a strip of wind along the top.",
            "19.00",
            66,
            ("week-desk-pad",),
            "Week Desk Pad, undated weekly planner",
            "An undated weekly desk pad of fifty-two sheets with a pen-plotter drawing along the top.",
            (
                text(
                    "Fifty-two sheets, which is a year if you use one every week and longer if you go away "
                    "sometimes. Seven columns of the same width, because Saturday "
                    "deserves as much room as Tuesday.",
                    "The strip along the top is a different part of the same drawing on each quarter of the pad.",
                ),
                table(
                    Size="11.7 × 8.3 in (A4, landscape)",
                    Sheets="52, tear-off",
                    Paper="90 g, white, smooth",
                    Back="Thick recycled board",
                    Ships=SHIPS,
                ),
            ),
        ),
        Item(
            "SL-NB-06",
            "Moon Planner",
            "An undated planner that counts in moons, bound in aubergine.",
            "26.00",
            29,
            ("moon-planner",),
            "Moon Planner, undated lunar planner",
            "An undated planner with thirteen lunar months, aubergine cover and a saffron elastic band.",
            (
                text(
                    "Thirteen months of twenty-eight days, with a moon to fill in for each: a circle that you "
                    "shade yourself, so the book learns your sky and not ours. "
                    "Gardeners like it. So do nurses on rotating shifts, for whom a Monday means little.",
                ),
                table(
                    Size="A5 (14.8 × 21 cm)",
                    Pages="224, undated",
                    Paper=INSIDE,
                    Binding="Sewn, cloth spine, saffron elastic",
                    Ships=SHIPS,
                ),
                quote("Finally a planner that does not scold me for starting in April.", "Jo, Asheville"),
            ),
        ),
    ),
)

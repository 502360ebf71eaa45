"""What can be seen on each picture: (title, description). The description is the text alternative everywhere."""

PICTURES: dict[str, tuple[str, str]] = {
    "home-hero": (
        "The studio wall",
        "Framed line drawings of wind and sea above a wooden shelf, which holds a star chart, a green notebook and a vase of sprigs in morning light.",
    ),
    "home-plotter": (
        "Agnes at work",
        "A plotter's carriage holding a pen moves along two steel rails over a half-finished drawing of mountains; three pens and a cup of coffee lie beside it.",
    ),
    "prevailing-wind": (
        "Prevailing Wind, framed",
        "An oak frame on a warm grey wall holds a drawing of hundreds of flowing lines in navy, sea green and terracotta.",
    ),
    "prevailing-wind-detail": (
        "Prevailing Wind, detail",
        "Close-up of parallel pen lines that bend together like grass in wind, some terracotta among navy and green.",
    ),
    "night-ridges": (
        "Night Ridges, framed",
        "A black frame stands on an oak shelf beside a vase: white mountain ridges under a ringed golden moon on midnight blue.",
    ),
    "night-ridges-detail": (
        "Night Ridges, detail",
        "Close-up of jagged white lines on dark blue paper, each ridge hiding part of the one behind it.",
    ),
    "contour-no-7": (
        "Contour No. 7, framed",
        "A white frame on a pale blue wall holds a map of contour lines in navy and sea green with a ruled border.",
    ),
    "contour-no-7-detail": (
        "Contour No. 7, detail",
        "Close-up of contour lines around three hills, every fifth line heavier.",
    ),
    "sunflower-arithmetic": (
        "Sunflower Arithmetic, framed",
        "An oak frame on a sage green wall holds a round sunflower head made of small ochre and rust seeds in spirals.",
    ),
    "one-hundred-winters": (
        "One Hundred Winters, framed",
        "A walnut frame on a shelf holds a drawing of brown tree rings with a deep notch at the upper right; a grey vase stands to its left.",
    ),
    "one-hundred-winters-detail": (
        "One Hundred Winters, detail",
        "Close-up of tree rings bending inwards around an old wound in the trunk.",
    ),
    "tide-table": (
        "Tide Table, framed",
        "An oak frame on a cream wall holds a sea of wavering lines, blue to navy, with a terracotta sun.",
    ),
    "tide-table-loose": (
        "Tide Table, the sheet",
        "The unframed print lies at an angle on a brown table with a dark pen next to it.",
    ),
    "population-nil": (
        "Population Nil, framed",
        "A black frame on a clay-coloured wall holds an isometric town of white towers with coloured roofs.",
    ),
    "population-nil-detail": (
        "Population Nil, detail",
        "Close-up of towers with rows of lit windows and roofs in ochre, terracotta and teal.",
    ),
    "two-ring-interference": (
        "Two-Ring Interference, framed",
        "An oak frame on a dark shelf holds two overlapping sets of rings, one terracotta and one navy, that shimmer where they cross.",
    ),
    "invented-sky": (
        "Invented Sky, framed",
        "A black frame on a grey wall holds a round star chart in white and gold on midnight blue.",
    ),
    "invented-sky-detail": (
        "Invented Sky, detail",
        "Close-up of invented constellations joined by gold lines over a dusting of white dots.",
    ),
    "four-minutes": (
        "Four Minutes, on the wall",
        "A white sheet taped to the workshop wall shows a looping pendulum curve in teal and terracotta.",
    ),
    "four-minutes-detail": (
        "Four Minutes, detail",
        "Close-up of the pendulum curve: fine teal and terracotta lines crossing to near black.",
    ),
    "wrong-turnings": (
        "Wrong Turnings, on the wall",
        "A sheet taped to a blue-grey wall shows a maze of curved triple lines in navy and terracotta.",
    ),
    "understory": (
        "Understory, framed",
        "A walnut frame holds five pressed-looking plants: two ferns, two leafy sprigs and a tall fennel head with red dots.",
    ),
    "understory-detail": (
        "Understory, detail",
        "Close-up of a fern frond and the rays of a fennel head ending in red dots.",
    ),
    "full-house": (
        "Full House, on the wall",
        "A sheet taped to a cream wall is packed with circles in red, ochre, teal, navy and blush, striped, dotted or solid.",
    ),
    "full-house-loose": (
        "Full House, the sheet",
        "The sheet of packed circles lies at an angle on a green table beside a terracotta pen.",
    ),
    "thirty-nights": (
        "Thirty Nights, framed",
        "An oak frame on a dark shelf holds thirty phases of the moon in ivory on black, in five columns.",
    ),
    "thirty-nights-detail": (
        "Thirty Nights, detail",
        "Close-up of moons hatched with horizontal ivory lines, their dark sides barely visible.",
    ),
    "fern-notecards": ("Fern notecards", "Three fern cards fanned over a kraft envelope on a pale blue table."),
    "high-water-cards": (
        "High Water cards",
        "Three sea cards, one dark and two light, fanned over a harbour-blue envelope.",
    ),
    "winter-wreath-cards": (
        "Winter wreath cards",
        "A natural card with a green wreath lies over a forest-green and a brick-red one, with a red envelope.",
    ),
    "twelve-postcards": (
        "Twelve postcards",
        "Twelve different small drawings laid out in four rows of three on a stone-coloured table.",
    ),
    "happy-rings-card": (
        "Many Happy Rings",
        "A cream birthday card with coloured concentric rings and the words Many Happy Rings, on a terracotta envelope.",
    ),
    "field-notebook": (
        "Field Notebook",
        "A green notebook with pale contour lines, a cloth spine, a dark elastic and a paper label reading Field Notes, beside a pen.",
    ),
    "field-notebook-open": (
        "Field Notebook, open",
        "The notebook lies open: dot-grid pages with three lines of notes and a drawing of rings.",
    ),
    "night-sketchbook": (
        "Night Ridges sketchbook",
        "A midnight-blue book with white mountain ridges and a tan cloth spine, beside a tan pen.",
    ),
    "pocket-trio": (
        "Pocket notebooks",
        "Three overlapping pocket notebooks: teal fans, navy and gold tiles, and bright circles.",
    ),
    "birthday-calendar": (
        "Birthday Calendar",
        "A wire-bound wall calendar open at September, with a sunflower drawing above numbered lines.",
    ),
    "week-desk-pad": (
        "Week Desk Pad",
        "A weekly pad with seven columns and a strip of flowing lines on a desk, with a pen and a cup of coffee.",
    ),
    "moon-planner": (
        "Moon Planner",
        "An aubergine planner with rows of moon phases and a saffron elastic band, beside a golden pen.",
    ),
    "turnings-wrap": (
        "Turnings wrapping paper",
        "Two parcels in patterned paper with bows: a large one in navy and brick, a small one in lagoon and gold.",
    ),
    "calm-sea-roll": (
        "Calm Sea rolls",
        "Three rolls of fan-patterned gift wrap in teal, midnight and coral, each with a paper band.",
    ),
    "gift-tags": (
        "Gift tags",
        "Five tags with brass eyelets and coloured thread: fern, tree rings, sunflower, wreath and sea.",
    ),
    "sticker-sheet": (
        "Sticker sheet",
        "A sheet of twelve round and square stickers on a blue-green table, with one loose sticker at the corner.",
    ),
    "paper-tape": (
        "Paper tape",
        "Three rolls of patterned paper tape in teal, cream and navy under three strips of the same tape.",
    ),
}

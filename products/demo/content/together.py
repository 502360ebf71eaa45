"""What goes together: tags by name, with their words in the other languages, and items that stand below another."""

TAGS: dict[str, tuple[str, ...]] = {
    "sea": ("SL-PR-06", "SL-CA-02", "SL-WR-02", "SL-PR-01"),
    "plants": ("SL-PR-04", "SL-PR-05", "SL-ED-03", "SL-CA-01", "SL-CA-03"),
    "night": ("SL-PR-02", "SL-PR-09", "SL-ED-05", "SL-NB-02", "SL-NB-06"),
    "maps": ("SL-PR-03", "SL-PR-07", "SL-NB-01", "SL-PR-09"),
    "geometry": ("SL-PR-08", "SL-ED-01", "SL-ED-02", "SL-ED-04", "SL-NB-03", "SL-WR-01"),
    "birthdays": ("SL-CA-05", "SL-NB-04", "SL-WR-03", "SL-WR-01"),
}
RELATED: dict[str, tuple[str, ...]] = {
    "SL-PR-06": ("SL-CA-02", "SL-WR-02"),
    "SL-PR-02": ("SL-NB-02", "SL-ED-05"),
    "SL-PR-03": ("SL-NB-01",),
    "SL-ED-03": ("SL-CA-01", "SL-PR-04"),
    "SL-NB-04": ("SL-CA-05", "SL-WR-03"),
    "SL-CA-05": ("SL-WR-03", "SL-WR-01", "SL-NB-04"),
}
SKUS = {*RELATED, *(sku for others in RELATED.values() for sku in others)}
WORDS: dict[str, dict[str, str]] = {
    "de": {
        "sea": "Meer",
        "plants": "Pflanzen",
        "night": "Nacht",
        "maps": "Landkarten",
        "geometry": "Geometrie",
        "birthdays": "Geburtstag",
    },
    "ru": {
        "sea": "море",
        "plants": "растения",
        "night": "ночь",
        "maps": "карты",
        "geometry": "геометрия",
        "birthdays": "день рождения",
    },
}


def tags_of(sku: str) -> list[str]:
    return [name for name, skus in TAGS.items() if sku in skus]


def words_of(sku: str, language: str) -> list[str]:
    """The same in another language."""
    return [WORDS[language][name] for name in tags_of(sku)]

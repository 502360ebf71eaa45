"""A landing page with items in it, and an article below it, in the languages of the demo shop."""

from dataclasses import dataclass

BOX = "SL-NB-03"  # sold in the middle of the landing page
SHELF = ("SL-CA-04", "SL-WR-03", "SL-NB-05", "SL-WR-01")
WRAPPED = "SL-WR-02"  # sold in the article; its picture stands on the landing page
PICTURED = "SL-WR-01"  # its picture stands on the article


@dataclass(frozen=True)
class Words:
    """What both pages say; `how` is the article's."""

    title: str
    slug: str
    introduction: str
    text: str
    note: str
    shelf: str
    question: str
    answer: str
    how_title: str
    how_slug: str
    how_introduction: str
    how_text: tuple[str, str]
    how_note: str
    author: str


WORDS = {
    "en": Words(
        title="Presents",
        slug="presents",
        introduction="Small things from the plotter for people who have everything but paper.",
        text="Nobody has ever had too many notebooks. These fit a coat pocket and a stocking, and they come with the "
        "price left off the box.",
        note="The one we give away most ourselves.",
        shelf="Under thirty dollars, mostly",
        question="Can you send it straight to somebody else?",
        answer="Yes: give their address at the payment. No bill goes into the parcel, and your note does.",
        how_title="How to wrap without tape",
        how_slug="wrapping-without-tape",
        how_introduction="Two folds, one knot, and paper that can be used again.",
        how_text=(
            "Cut the sheet so that it reaches around the box and two fingers further. Fold that edge over twice, as "
            "on a cuff: it holds by itself once the string is on.",
            "Fold the ends in like an envelope, turn the box over, and let one knot keep everything together. The "
            "string goes over the cuff, never beside it.",
        ),
        how_note="What we wrap our own in.",
        author="Ine",
    ),
    "de": Words(
        title="Geschenke",
        slug="geschenke",
        introduction="Kleines vom Plotter für Menschen, die alles haben, nur kein Papier.",
        text="Zu viele Hefte hatte noch niemand. Diese passen in eine Manteltasche und in einen Stiefel, und auf der "
        "Schachtel steht kein Preis.",
        note="Das verschenken wir selbst am meisten.",
        shelf="Meist unter dreißig Dollar",
        question="Schicken Sie es auch gleich an jemand anderen?",
        answer="Ja: Geben Sie beim Bezahlen die andere Adresse an. Ins Paket kommt keine Rechnung, nur Ihre Nachricht.",
        how_title="Einpacken ohne Klebeband",
        how_slug="einpacken-ohne-klebeband",
        how_introduction="Zwei Falten, ein Knoten und Papier, das man noch einmal nehmen kann.",
        how_text=(
            "Den Bogen so schneiden, dass er um die Schachtel reicht und zwei Finger weiter. Diese Kante zweimal "
            "umschlagen wie eine Manschette: Mit der Schnur hält sie von selbst.",
            "Die Enden wie einen Umschlag einfalten, die Schachtel umdrehen, und ein Knoten hält alles zusammen. Die "
            "Schnur liegt auf der Manschette, nie daneben.",
        ),
        how_note="Darin packen wir selbst ein.",
        author="Ine",
    ),
    "ru": Words(
        title="Подарки",
        slug="podarki",
        introduction="Небольшие вещи с плоттера для тех, у кого есть всё, кроме бумаги.",
        text="Лишних тетрадей ещё ни у кого не было. Эти помещаются в карман пальто, и на коробке нет цены.",
        note="Мы сами дарим это чаще всего.",
        shelf="В основном дешевле тридцати долларов",
        question="Можно отправить сразу другому человеку?",
        answer="Да: укажите его адрес при оплате. Счёта в посылке не будет, а ваша записка будет.",
        how_title="Как завернуть без скотча",
        how_slug="kak-zavernut-bez-skotcha",
        how_introduction="Две складки, один узел и бумага, которая пригодится ещё раз.",
        how_text=(
            "Отрежьте лист так, чтобы он обернул коробку и зашёл ещё на два пальца. Подверните этот край дважды, как "
            "манжету: под бечёвкой он держится сам.",
            "Сложите концы конвертом, переверните коробку, и один узел удержит всё. Бечёвка ложится на манжету, а не "
            "рядом с ней.",
        ),
        how_note="В неё мы заворачиваем сами.",
        author="Ине",
    ),
}

"""The shop in German: titles and one-line summaries by SKU, shelves by slug."""

HOME = {
    "headline": "Langsam gezeichnet, Linie für Linie",
    "introduction": "Slowline, das sind zwei Menschen, ein instand gesetzter Zeichenplotter und sehr viele Stifte. Wir "
    "machen Drucke, Karten, Hefte und Geschenkpapier in Portland, Maine, mit einer Druckwerkstatt in Gent.",
    "seo_title": "Slowline Studio: Drucke, Karten und Hefte vom Stiftplotter",
    "search_description": "Kunstdrucke, Karten, Hefte und Geschenkpapier nach Zeichnungen vom Stiftplotter, aus "
    "Portland, Maine, und Gent. Steuer und Porto sind im Preis.",
}
STORY = (
    "<b>Die Maschine heißt Agnes.</b> Sie wurde 1987 gebaut, um Kanalpläne für den Landkreis zu zeichnen, und kam auf "
    "einem Anhänger zu uns, mit einer festgefressenen Schiene und einer Schublade voll eingetrockneter Stifte.",
    "Jede Zeichnung beginnt mit einer Regel (Wind, Gezeiten, der Winkel zwischen zwei Blättern) und endet, wenn der "
    "Stift keinen Platz mehr findet.",
)
SHELVES = {
    "art-prints": (
        "Kunstdrucke",
        "kunstdrucke",
        "Linie für Linie mit einem echten Stift gezeichnet. Kein Blatt gleicht ganz dem anderen: Wo der Stift wendet, "
        "sammelt sich ein wenig Tinte.",
        "Gezeichnet auf schwerem Baumwollpapier, hinten mit Bleistift signiert und datiert. Flach zwischen zwei Pappen "
        "verschickt, innerhalb von drei Werktagen.",
    ),
    "editions": (
        "Editionen",
        "editionen",
        "Unsere Zeichnungen, gedruckt von Joris und Lieve in ihrer Werkstatt in Gent. Nummeriert, signiert und in "
        "Euro.",
        "Auf zwei Risographen und einer alten Buchdruckpresse gedruckt, nummeriert und signiert. Verschickt aus "
        "Belgien.",
    ),
    "cards": (
        "Karten",
        "karten",
        "Klappkarten auf dickem Baumwollkarton, innen leer, mit Umschlägen, die man aufhebt. Von Hand gefalzt, "
        "donnerstags.",
        "Klappkarten auf Baumwollkarton, innen unbedruckt, mit Umschlägen. In kleinen Auflagen gedruckt.",
    ),
    "notebooks": (
        "Hefte",
        "hefte",
        "Zum Hineinschreiben und zum Daraufschreiben, gebunden in einem Familienbetrieb, der seit 1958 Bücher heftet.",
        "Fadengeheftet, liegt flach auf. Kein Kalender nennt ein Jahr, darum veraltet keiner.",
    ),
    "gift-wrap": (
        "Geschenkpapier",
        "geschenkpapier",
        "Muster, die die Maschine macht, wenn sie an kein Bild denkt. Fest genug für scharfe Kanten.",
        "Bis an den Rand bedruckt und fest genug für scharfe Kanten. Verschickt am nächsten Werktag.",
    ),
}
ITEMS = {
    "SL-PR-01": ("Vorherrschender Wind", "239 Linien, die einem Wind folgen und sich nie berühren."),
    "SL-PR-02": ("Nachtgrate", "Weiße Tinte auf mitternachtsblauem Papier: 62 Grate und ein Mond."),
    "SL-PR-03": ("Höhenlinien Nr. 7", "Die Vermessung einer Insel, auf der noch niemand war."),
    "SL-PR-04": ("Sonnenblumenrechnung", "1.149 Kerne, ein Winkel, Spiralen, die niemand gezeichnet hat."),
    "SL-PR-05": ("Hundert Winter", "Die Ringe eines Baums mit guten Jahren, trockenen Jahren und einer alten Wunde."),
    "SL-PR-06": ("Gezeitentafel", "Oben ruhiges Wasser, unten Wetter, dazwischen die Sonne."),
    "SL-PR-07": ("Einwohner: keine", "Eine ganze Stadt im Raster, alle Lichter an, niemand zu Hause."),
    "SL-PR-08": (
        "Interferenz zweier Ringe",
        "Zwei schlichte Kreisscharen und das Muster, das zwischen ihnen entsteht.",
    ),
    "SL-PR-09": ("Erfundener Himmel", "Eine Sternkarte für einen Himmel, den es nicht gibt, in Weiß und Gold."),
    "SL-ED-01": ("Vier Minuten", "Ein Pendel, das vier Minuten schwang, in zwei Farben."),
    "SL-ED-02": ("Falsch abgebogen", "Eine Kachel, auf zwei Arten gelegt, und ein Labyrinth ohne Eingang."),
    "SL-ED-03": ("Unterholz", "Fünf Stängel von demselben Quadratmeter Wald."),
    "SL-ED-04": ("Volles Haus", "Kreise, die wuchsen, bis sie ihre Nachbarn berührten."),
    "SL-ED-05": ("Dreißig Nächte", "Ein Monat voller Monde, Strich für Strich schraffiert."),
    "SL-CA-01": ("Farnkarten, sechs Stück", "Zwei Farne und ein kleines Herbarium, mit Umschlägen aus Kraftpapier."),
    "SL-CA-02": ("Hochwasserkarten, acht Stück", "Das Meer am Abend, am Morgen und am Mittag; Umschläge in Hafenblau."),
    "SL-CA-03": ("Winterkranzkarten, sechs Stück", "Sechzehn Zweige im Kreis, in Grün, Rot und ohne Farbe."),
    "SL-CA-04": ("Zwölf Postkarten", "Von allem eine: zwölf Zeichnungen, es fehlt nur die Marke."),
    "SL-CA-05": ("Alles Gute, ringsherum", "Eine Geburtstagskarte mit einem Ring für jedes Jahr bis sechsundzwanzig."),
    "SL-NB-01": ("Feldheft", "Umschlag mit Höhenlinien, Punktraster, liegt von der ersten Seite an flach."),
    "SL-NB-02": ("Skizzenbuch Nachtgrate", "Schwere leere Seiten hinter einem Gebirge um Mitternacht."),
    "SL-NB-03": ("Taschenhefte, drei Stück", "Fächer, Kacheln und Kreise: eins blanko, eins liniert, eins gepunktet."),
    "SL-NB-04": ("Geburtstagskalender", "Zwölf Zeichnungen und eine Zeile für jeden Tag, gut für jedes Jahr."),
    "SL-NB-05": ("Wochenblock", "Sieben Spalten, keine Daten, oben ein Streifen Wind."),
    "SL-NB-06": ("Mondplaner", "Ein Planer ohne Datum, der in Monden zählt, gebunden in Aubergine."),
    "SL-WR-01": ("Geschenkbogen, vier Stück", "Zwei Bogen in Marine und Ziegel, zwei in Lagune und Gold."),
    "SL-WR-02": (
        "Geschenkpapier Ruhige See, drei Rollen",
        "Übereinanderliegende Fächer am Tag, bei Nacht und am Morgen.",
    ),
    "SL-WR-03": ("Geschenkanhänger, zehn Stück", "Fünf Zeichnungen auf dicker Pappe, mit Baumwollfaden."),
    "SL-WR-04": ("Stickerbogen", "Zwölf winzige Drucke für Laptops, Briefe und Brotdosen."),
    "SL-WR-05": ("Papierband, drei Rollen", "Fächer, Zweige und Kacheln auf Reispapierband, das sich sauber löst."),
}
ARTICLES = {
    "contact": (
        "Kontakt",
        "kontakt",
        "Schreiben Sie an hello@slowline.example; wir antworten am nächsten Werktag. Die Bestellnummer hilft uns beim "
        "Suchen.",
    ),
    "delivery": (
        "Versand",
        "versand",
        "Kleines geht am nächsten Werktag hinaus, Drucke innerhalb von drei. Das Porto ist im Preis. Aus Gent "
        "rechnen Sie "
        "mit einer Woche in Europa und zwei Wochen anderswohin.",
    ),
    "returns": (
        "Rückgabe",
        "rueckgabe",
        "Innerhalb von dreißig Tagen nehmen wir alles in seiner Verpackung zurück. Schreiben Sie uns vorher, dann "
        "schicken "
        "wir die Adresse und erstatten den vollen Preis.",
    ),
    "privacy": (
        "Datenschutz",
        "datenschutz",
        "Dies ist ein Demoshop. Er setzt Cookies nur für Warenkorb und Sprache, bindet vor dem Bezahlen nichts "
        "Fremdes ein "
        "und gibt Daten nur an Stripe weiter, um die Zahlung auszuführen.",
    ),
}

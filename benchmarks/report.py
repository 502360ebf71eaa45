"""docs/performance.md: the hand-written part stays, the tables and the chart below the mark are written anew."""

from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "performance.md"
CHART = ROOT / "docs" / "performance.svg"
MARK = "<!-- Everything below is written by `make bench`. -->"
COLOURS = ("#2f6f5e", "#8aa399", "#c98b4b")

Results = dict[str, Any]


def write(results: Results) -> None:
    text = PAGE.read_text() if PAGE.exists() else "# Performance\n"
    made = "\n".join([f"Machine: {results['machine']}.", *_stored(results), *_made(results), *_buying(results)])
    PAGE.write_text(f"{text.partition(MARK)[0].rstrip()}\n\n{MARK}\n\n{made}\n")
    CHART.write_text(chart(_bars(results)))


def put(name: str, lines: list[str]) -> None:
    """One section of the hand-written part, between marks that bear its name."""
    begin, end = f"<!-- {name}: written by its own command -->", f"<!-- end of {name} -->"
    before, found, rest = PAGE.read_text().partition(begin)
    _old, ended, after = rest.partition(end)
    if not found or not ended:
        raise SystemExit(f"{PAGE} lacks the line {begin} or {end}.")
    PAGE.write_text("\n".join([f"{before}{begin}", "", *lines, "", f"{end}{after}"]).replace("\n\n\n", "\n\n"))


def _of(results: Results, part: str) -> list[tuple[str, int, dict[str, Any]]]:
    """(database, size, result) of every database that part was measured on, small sizes first."""
    found = []
    for name, result in results.items():
        data, _space, what = name.partition(" ")
        if what == part:
            kind, _dash, size = data.partition("-")
            found.append((kind, int(size), result))
    return sorted(found, key=lambda one: (one[0] == "postgres", one[1]))


def table(head: Iterable[str], rows: Iterable[Iterable[Any]]) -> list[str]:
    head = list(head)
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return ["", *lines, *(f"| {' | '.join('' if cell is None else str(cell) for cell in row)} |" for row in rows), ""]


def _noted(result: dict[str, Any]) -> str:
    before, after = result["load"]
    return f"{result['when']}, load {before:.1f} to {after:.1f}"


def _stored(results: Results) -> list[str]:
    rows = [
        (
            f"{kind}, {size:,}",
            page,
            f"**{one['share']} %**",
            f"{one['per_second']:,.0f}",
            f"{one['bare_per_second']:,.0f}",
            f"{one['cpu_ms']:.2f}",
            f"{one['bare_cpu_ms']:.2f}",
            one["p50"],
            one["p99"],
            f"{one['bytes']:,}",
            _noted(result),
        )
        for kind, size, result in _of(results, "stored")
        for page, one in result["rows"].items()
    ]
    head = "database, items|page|of the bare view|requests/s|bare|CPU ms|bare|p50 ms|p99 ms|bytes|measured".split("|")
    return ["", "## Stored pages beside a bare view of the same bytes", *table(head, rows)]


def _made(results: Results) -> list[str]:
    lines = ["", "## Pages made anew"]
    for kind in ("sqlite", "postgres"):
        measured = [(size, result) for one, size, result in _of(results, "made") if one == kind]
        if not measured:
            continue
        names = list(measured[0][1]["rows"])
        head = ["page"] + [f"{size:,} items: {what}" for size, _ in measured for what in ("CPU ms", "p95", "queries")]
        rows = [[name, *(cell for _, one in measured for cell in _cells(one["rows"].get(name, {})))] for name in names]
        lines += ["", f"### {kind}", *table(head, rows)]
        lines += [f"{size:,} items: {_noted(result)}." for size, result in measured]
    return lines


def _cells(one: dict[str, Any]) -> tuple[Any, Any, Any]:
    if "megabytes" in one:
        return f"{one['megabytes']} MB", None, None
    if "seconds" in one:
        return f"{one['seconds']} s", None, None
    return one.get("cpu_ms"), one.get("p95"), one.get("queries")


def _buying(results: Results) -> list[str]:
    rows = []
    for kind, size, result in _of(results, "buying"):
        bought, hooks = (result["rows"][name] for name in ("/buy, 20 buyers at once", "webhooks"))
        rush = result["rows"].get("/buy, 20 in one instant", {}).get("own_p95")  # older results have none
        figures = [*(bought[name] for name in ("own_p50", "own_p95")), rush, bought["cpu_ms"]]
        rows.append((f"{kind}, {size:,}", *figures, hooks["per_core"], hooks["per_second"], _noted(result)))
    buy = "/buy own p50 ms|own p95 ms|own p95 ms in one instant|CPU ms"
    head = f"database, items|{buy}|events settled per core|events/s|measured".split("|")
    return ["", "## Buying", *table(head, rows)] if rows else []


Bar = tuple[str, float, str, str]  # label, length from 0 to 1, colour, what is written at its end


def _bars(results: Results) -> list[tuple[str, list[Bar]]]:
    """Groups of bars: stored pages against the limit, pages made anew by number of items."""
    groups = []
    stored = [
        (f"{page}, {kind}, {size:,}", min(one["share"] / 100, 1.2) / 1.2, COLOURS[0], f"{one['share']} %")
        for kind, size, result in _of(results, "stored")
        for page, one in result["rows"].items()
    ]
    groups.append(("Stored pages: requests/s as a share of a bare view’s", stored))
    measured = _of(results, "made")
    pages = ("item", "list", "deep page", "search")
    costs = [result["rows"][page]["cpu_ms"] for _, _, result in measured for page in pages]
    largest = max(costs, default=1)
    for page in pages:
        bars = [
            (f"{kind}, {size:,}", one["rows"][page]["cpu_ms"] / largest, COLOURS[kind == "postgres"], f"{cost} ms")
            for kind, size, one in measured
            for cost in [one["rows"][page]["cpu_ms"]]
        ]
        groups.append((f"Made anew: {page}, CPU of a request", bars))
    return [group for group in groups if group[1]]


def chart(groups: list[tuple[str, list[Bar]]]) -> str:
    """Horizontal bars as SVG."""
    lines, y = [], 10
    for title, bars in groups:
        y += 24
        lines.append(f'<text x="10" y="{y}" font-weight="600">{escape(title)}</text>')
        for label, length, colour, value in bars:
            y += 20
            lines.append(f'<text x="200" y="{y}" text-anchor="end">{escape(label)}</text>')
            lines.append(f'<rect x="210" y="{y - 11}" width="{length * 420:.0f}" height="14" fill="{colour}"/>')
            lines.append(f'<text x="{216 + length * 420:.0f}" y="{y}">{escape(value)}</text>')
        y += 8
    style = 'font-family="system-ui, sans-serif" font-size="12" fill="#444"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 {y + 12}" {style}>\n'
        + "\n".join(lines)
        + "\n</svg>\n"
    )

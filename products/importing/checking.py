"""Every row against itself, against the others and against the shop. Reads the database, writes nothing."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from django.db.models import F
from wagtail.images import get_image_model

from products.models import ItemPage, Stock, Variant

from . import current, values
from .plan import Plan, Target, Wanted
from .reading import COLUMNS, Problem, Row
from .rights import Rights

T = TypeVar("T")
PORTION = 500  # rows asked for at once: databases bound how long a list may be


class Checker:
    """Collects problems; `plan` has what is right."""

    def __init__(
        self, rows: list[Row], tick: Callable[[], Any] = lambda: None, *, publish: bool = False, user=None
    ) -> None:
        self.rows, self.tick, self.publish = rows, tick, publish
        self.rights = Rights(user, publish=publish)
        self.problems: list[Problem] = []
        self._bad: set[int] = set()
        self._same: set[str] = set()  # columns of the row in hand that say what the shop says
        numbers = [row["sku"] for row in rows if row["sku"]]
        self.items = _by(numbers, ItemPage.objects.filter(original__isnull=True), "sku", ("sku", "pk", "title"))
        self.variants = _by(numbers, Variant.objects.all(), "sku", ("sku", "pk", "item_id", "item__title"))
        self._owners = {sku: found[1] for sku, found in self.items.items()}
        self._owners |= {sku: found[2] for sku, found in self.variants.items()}
        self.known: dict[str, current.Known] = {}

    def plan(self) -> Plan:
        """What can be done. Rows with a problem are left out, and with a variant the whole item."""
        wanted: list[Wanted] = []
        for start in range(0, len(self.rows), PORTION):
            wanted += self._portion(self.rows[start : start + PORTION])
        self._twice(wanted)
        images = self._images(wanted)
        targets = [self._target(group) for group in self._groups(wanted)]
        self._counts(targets)
        for target in targets:
            self._look_at(target)
        good = [one for one in targets if not self._bad.intersection(row.line for row in one.rows)]
        return Plan(good, images)

    def wrong(self, line: int, column: str, value: str, message: str) -> None:
        self._bad.add(line)
        self.problems.append(Problem(line, column, value[:60], message))

    def _portion(self, rows: list[Row]) -> list[Wanted]:
        """These rows against what the shop says of them, of which little is kept afterwards: whole items with all that
        belongs to them are 20 KB each, 230 MB of a file with 10,000."""
        owners = {sku: self._owners[sku] for row in rows if (sku := row["sku"]) in self._owners}
        found = current.read(owners.values())
        known = {sku: found[owner, sku] for sku, owner in owners.items() if (owner, sku) in found}
        self.known |= known
        wanted = [one for row in rows if (one := self._row(row)) is not None]
        for item in known.values():
            item.forget()
        return wanted

    def _row(self, row: Row) -> Wanted | None:
        self.tick()
        known = self.known.get(row["sku"])
        self._same = {name for name in COLUMNS if known and row[name] and known.says(name, row[name])}
        found = Wanted(row.line, self._cell(row, "sku", values.sku) or "")
        is_new = bool(found.sku) and found.sku not in self.items and found.sku not in self.variants
        found.name = self._cell(row, "name", values.name, needed=is_new and not row["variant"]) or ""
        found.description = self._cell(row, "description", lambda value: values.text("description", value)) or ""
        found.currency = self._cell(row, "currency", values.currency, needed=is_new) or ""
        code = found.currency or self._code(row)
        found.price = self._cell(row, "price", lambda value: values.price(value, code), needed=is_new)
        found.stock = self._cell(row, "stock", values.units)
        found.category = self._cell(row, "category", values.category, needed=is_new and not row["variant"])
        found.image = self._cell(row, "image", lambda value: values.text("image", value)) or ""
        found.variant = self._variant(row)
        found.tags = self._cell(row, "tags", values.tags) or ()
        if found.variant and not found.name and is_new:
            self.wrong(row.line, "name", "", "Say whose variant this is: the name of the item.")
        found.changes = self._changes(row)
        return found if row.line not in self._bad else None

    def _variant(self, row: Row) -> tuple[str, ...]:
        if "variant" in self._same:
            return self.known[row["sku"]].values
        return self._cell(row, "variant", values.variant) or ()

    def _changes(self, row: Row) -> dict[str, tuple[str, str]]:
        """What the file says that the shop does not, each with what the shop says."""
        known = self.known.get(row["sku"])
        said = [name for name in COLUMNS if name != "sku" and row[name] and name not in self._same]
        return {name: (row[name], known.cells[name] if known else "") for name in said}

    def _code(self, row: Row) -> str:
        """The currency an item is sold in whose row names none, or names the same."""
        known = self.known.get(row["sku"])
        return known.cells["currency"] if known else "USD"

    def _cell(self, row: Row, column: str, read: Callable[[str], T], *, needed: bool = False) -> T | None:
        value = row[column]
        if not value and column != "sku":
            if needed:
                self.wrong(row.line, column, "", f"A new item needs this: fill in the {column}.")
            return None
        if column != "sku" and column in self._same:
            return None
        try:
            return read(value)
        except values.Wrong as error:
            self.wrong(row.line, column, value, str(error))
            return None

    def _twice(self, wanted: list[Wanted]) -> None:
        seen: dict[str, int] = {}
        for one in wanted:
            if one.sku in seen:
                self.wrong(one.line, "sku", one.sku, f"Line {seen[one.sku]} has this number already.")
            else:
                seen[one.sku] = one.line
            if not one.variant and one.sku in self.variants:
                title = self.variants[one.sku][3]
                self.wrong(one.line, "variant", "", f"This number is a variant of “{title}”: say which one.")
            if one.variant and one.sku in self.items:
                title = self.items[one.sku][2]
                self.wrong(one.line, "variant", " / ".join(one.variant), f"“{title}” is an item without variants.")

    def _groups(self, wanted: Iterable[Wanted]) -> Iterator[list[Wanted]]:
        """Rows with a variant belong together by the item's name; every other row is an item of its own."""
        families: dict[str, list[Wanted]] = defaultdict(list)
        for one in wanted:
            if one.line in self._bad:
                continue
            if not one.variant:
                yield [one]
                continue
            name = one.name or (self.variants[one.sku][3] if one.sku in self.variants else "")
            families[name.casefold()].append(one)
        yield from families.values()

    def _target(self, rows: list[Wanted]) -> Target:
        target = Target(rows)
        if not target.has_variants:
            known = self.items.get(target.first.sku)
            target.item_id = known[1] if known else None
            return target
        owners = {self.variants[row.sku][2]: row for row in rows if row.sku in self.variants}
        if len(owners) > 1:
            row = list(owners.values())[-1]
            self.wrong(row.line, "name", row.name, "Rows of this name are variants of different items in the shop.")
        target.item_id = next(iter(owners), None)
        self._family(target)
        return target

    def _family(self, target: Target) -> None:
        first = target.first
        chosen: dict[str, int] = {}
        for row in target.rows:
            name = " / ".join(row.variant)
            if name.casefold() in chosen:
                message = f"Line {chosen[name.casefold()]} is the same variant of “{first.name}”."
                self.wrong(row.line, "variant", name, message)
            chosen[name.casefold()] = row.line
            if len(row.variant) != len(first.variant):
                message = f"Line {first.line} has {len(first.variant)} choices, so each variant of this item has."
                self.wrong(row.line, "variant", name, message)
            if row.currency and first.currency and row.currency != first.currency:
                message = f"All variants of an item are sold in one currency; line {first.line} says {first.currency}."
                self.wrong(row.line, "currency", row.currency, message)
        if target.item_id is None and not target.said("category"):
            self.wrong(first.line, "category", "", "A new item needs this: fill in the category.")

    def _look_at(self, target: Target) -> None:
        """What becomes of a known item, and whether it may."""
        known = [self.known[row.sku] for row in target.rows if row.sku in self.known]
        page = known[0].item if known else None
        target.title = page.title if page else target.said("name") or ""
        target.goes_live = self.publish and page is not None and not page.live
        if page is not None and self.publish and page.has_unpublished_changes and target.changes_page:
            target.note = "Its draft is published with it."
        counted = any(one.is_counted for one in known)
        if found := self.rights.problem(target, page, counted):
            self.wrong(target.first.line, found[0], target.first.sku, found[1])

    def _images(self, wanted: list[Wanted]) -> dict[str, int]:
        """Name or file name of a picture in the library → its id."""
        names = {one.image for one in wanted if one.image}
        if not names:
            return {}
        found: dict[str, list[int]] = defaultdict(list)
        for pk, title, file in get_image_model().objects.values_list("pk", "title", "file"):
            for name in {title, file.rpartition("/")[2]} & names:
                found[name].append(pk)
        for one in wanted:
            if one.image and len(found[one.image]) != 1:
                none = "There is no such picture in the library. Upload it under Images first."
                many = "Several pictures are called that. Give this one a title of its own."
                self.wrong(one.line, "image", one.image, many if found[one.image] else none)
        return {name: pks[0] for name, pks in found.items() if len(pks) == 1}

    def _counts(self, targets: list[Target]) -> None:
        """A count may not go below what buyers are paying for right now."""
        held = {
            (stock.variant.sku if stock.variant else stock.item.sku): stock.held
            for stock in Stock.objects.filter(held__gt=0).select_related("variant", "item")
        }
        for row in (row for target in targets for row in target.rows if row.sku in held):
            if row.stock is not None and row.stock < held[row.sku]:
                message = f"{held[row.sku]} are being paid for right now, so there are at least as many."
                self.wrong(row.line, "stock", str(row.stock), message)


def _by(numbers: list[str], queryset, key: str, columns: tuple[str, ...]) -> dict[str, tuple]:
    """Rows by that column, asked for in portions."""
    found: dict[str, tuple] = {}
    wanted = list(dict.fromkeys(numbers))
    for start in range(0, len(wanted), PORTION):
        part = queryset.filter(**{f"{key}__in": wanted[start : start + PORTION]})
        found |= {values[0]: values for values in part.order_by(F("pk").desc()).values_list(*columns)}
    return found

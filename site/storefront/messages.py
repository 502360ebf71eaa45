"""The catalogues of translations: what is marked in the code, what stands in `locale/`, and the compiled files.

Written with Babel, which the shop needs anyway, so that no host has to have GNU gettext. The compiled `.mo` files are
kept beside their sources: what runs is what was tested, and a checkout serves without a build.
"""

import ast
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.template import TemplateSyntaxError, engines
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

MARKS = {"gettext": 1, "gettext_lazy": 1, "gettext_noop": 1, "_": 1, "ngettext": 2, "ngettext_lazy": 2}
ROOMS = ("products", "checkout", "site")


class Message(NamedTuple):
    """One text to translate: (singular,) or (singular, plural), and the file it stands in."""

    ids: tuple[str, ...]
    file: str


def languages() -> list[str]:
    """The languages that need a catalogue."""
    return [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def path(code: str, ending: str = "po") -> Path:
    return Path(settings.LOCALE_PATHS[0]) / code / "LC_MESSAGES" / f"django.{ending}"


def marked(root: Path) -> list[Message]:
    """Every marked text of the public templates and of the code, each once, in the order of files."""
    found: dict[tuple[str, ...], Message] = {}
    for message in (*_in_templates(root / "templates"), *_in_code(root)):
        found.setdefault(message.ids, message)
    return list(found.values())


def public_templates(folder: Path) -> list[Path]:
    """Templates that buyers see, mails included. Staff and developers read theirs in English."""
    return [
        one
        for one in sorted(folder.rglob("*"))
        if one.suffix in (".html", ".txt") and not re.search("admin|developers", one.relative_to(folder).parts[0])
    ]


def _in_templates(folder: Path) -> Iterator[Message]:
    engine = engines["django"]
    for one in public_templates(folder):
        name = one.relative_to(folder).as_posix()
        template = engine.get_template(name).template  # type: ignore[attr-defined]
        for node in template.nodelist.get_nodes_by_type((TranslateNode, BlockTranslateNode)):
            yield Message(_ids(node, name), f"templates/{name}")


def _ids(node: TranslateNode | BlockTranslateNode, name: str) -> tuple[str, ...]:
    if isinstance(node, TranslateNode):
        text = node.filter_expression.var
        if not hasattr(text, "literal") or not isinstance(text.literal, str):
            raise TemplateSyntaxError(f"{name}: translate takes a text, not a variable: {node.filter_expression}")
        return (text.literal,)
    singular, _variables = node.render_token_list(node.singular)
    plural, _variables = node.render_token_list(node.plural) if node.plural else ("", [])
    texts = [" ".join(text.split()) if node.trimmed else text for text in (singular, plural) if text]
    return tuple(texts)


def _in_code(root: Path) -> Iterator[Message]:
    for room in ROOMS:
        for one in sorted((root / room).rglob("*.py")):
            parts = set(one.relative_to(root).parts)
            # of the sandbox buyers see the pages alone; the rest answers as Stripe's API does, in English
            if {"tests", "migrations", "demo", "admin"} & parts or ("sandbox" in parts and "views" not in parts):
                continue
            for call in ast.walk(ast.parse(one.read_text())):
                if isinstance(call, ast.Call) and (count := MARKS.get(_name(call.func), 0)):
                    texts = [arg.value for arg in call.args[:count] if isinstance(arg, ast.Constant)]
                    if len(texts) == count and all(isinstance(text, str) for text in texts):
                        yield Message(tuple(map(str, texts)), one.relative_to(root).as_posix())


def _name(function: ast.expr) -> str:
    return getattr(function, "id", "") or getattr(function, "attr", "")


def read(code: str) -> Catalog:
    """The catalogue of that language; an empty one if there is none yet."""
    if not path(code).exists():
        return Catalog(locale=code)
    with path(code).open("rb") as file:
        return read_po(file, locale=code)


def renewed(code: str, root: Path) -> Catalog:
    """What the catalogue should be: every marked text with the translation it had; what is marked no more is gone."""
    known, fresh = read(code), Catalog(locale=code, fuzzy=False)
    for message in marked(root):
        ids = message.ids if len(message.ids) > 1 else message.ids[0]
        old = known.get(message.ids[0])
        kept = old.string if old is not None and bool(old.pluralizable) == (len(message.ids) > 1) else ""
        fresh.add(ids, kept, locations=[(message.file, 1)])
    return fresh


def source(catalog: Catalog) -> bytes:
    """The `.po` file."""
    body = io.BytesIO()
    write_po(body, catalog, width=120, include_lineno=False, omit_header=True)
    facts = ("Content-Type: text/plain; charset=UTF-8", f"Language: {catalog.locale}")
    head = "".join(f'"{fact}\\n"\n' for fact in (*facts, f"Plural-Forms: {catalog.plural_forms}"))
    return f'msgid ""\nmsgstr ""\n{head}\n'.encode() + body.getvalue().lstrip()


def compiled(catalog: Catalog) -> bytes:
    """The `.mo` file; without a date in its head, so that the same texts make the same file."""
    catalog.creation_date = catalog.revision_date = datetime(2000, 1, 1, tzinfo=UTC)
    body = io.BytesIO()
    write_mo(body, catalog)
    return body.getvalue()

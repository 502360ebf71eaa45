"""Translations are complete: whatever buyers read is marked, and every marked text exists in every language."""

import ast
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext, ngettext

from storefront import messages

ROOT: Path = settings.ROOT
LANGUAGES = messages.languages()
NAMES = {"UTC"}  # the same in every language
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
# Tags whose text nobody reads, and attributes that somebody does.
SILENT = {"script", "style", "path", "svg"}
READ = {"alt", "aria-label", "placeholder", "title"}
# Rooms and procedures whose refusals only staff and programs meet.
FOR_STAFF = {
    "tests",
    "sandbox",
    "admin",
    "gateway",
    "management",
    "refund.py",
    "returning.py",
    "reconcile.py",
    "acting.py",
    "catching_up.py",
    "comparing.py",
    "audit.py",
}
# Of the payment sandbox: buyers see the other pages.
FOR_DEVELOPERS = {"sandbox/_developers.html", "sandbox/overview.html"}
BLOCK = re.compile(r"{% blocktranslate\b.*?{% endblocktranslate %}|{% comment %}.*?{% endcomment %}", re.DOTALL)


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_marked_text_is_translated(code):
    known = messages.read(code)
    missing, wrong = [], []
    for message in messages.marked(ROOT):
        found = known.get(message.ids[0])
        strings = found.string if found is not None else ""
        strings = strings if isinstance(strings, list | tuple) else (strings,)
        if not all(strings) or (len(strings) > 1) != (len(message.ids) > 1):
            missing.append(message)
        if any(set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(message.ids[0])) for text in strings if text):
            wrong.append(message)
    assert missing == [], "run `manage.py messages`, translate what it names in locale/, run it again"
    assert wrong == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_catalogues_hold_nothing_else_and_are_compiled(code):
    ids = {one.id if isinstance(one.id, str) else one.id[0] for one in messages.read(code) if one.id}
    assert ids == {message.ids[0] for message in messages.marked(ROOT)}
    assert messages.path(code, "mo").read_bytes() == messages.compiled(messages.read(code))
    assert messages.path(code).read_bytes() == messages.source(messages.renewed(code, ROOT))


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("en", ["1 item", "2 items", "5 items", "21 items"]),
        ("de", ["1 Artikel", "2 Artikel", "5 Artikel", "21 Artikel"]),
        ("ru", ["1 товар", "2 товара", "5 товаров", "21 товар"]),
    ],
)
def test_plural_forms(code, expected):
    with translation.override(code):
        said = [ngettext("%(count)s item", "%(count)s items", n) % {"count": n} for n in (1, 2, 5, 21)]
    assert said == expected


def test_compiled_catalogues_are_what_runs():
    for code, word in (("de", "Warenkorb"), ("ru", "Корзина"), ("en", "Basket")):
        with translation.override(code):
            assert gettext("Basket") == word


class Words(HTMLParser):
    """Collects what stands in a template as plain text."""

    def __init__(self) -> None:
        super().__init__()
        self.inside: list[str] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self.inside.append(tag)
        self.found += [value for name, value in attrs if name in READ and value and re.search(r"[^\W\d_]{2}", value)]

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT and tag in self.inside:
            self.inside.remove(tag)

    def handle_data(self, data: str) -> None:
        if not self.inside and not _is_name(data.strip()) and re.search(r"[^\W\d_]{2}", data):
            self.found.append(data.strip())


def _is_name(text: str) -> bool:
    return text in NAMES or text.startswith("/")  # an address


def unmarked(text: str) -> list[str]:
    text = re.sub(r"{{.*?}}|{%.*?%}|{#.*?#}|<!--.*?-->", " ", BLOCK.sub(" ", text), flags=re.DOTALL)
    words = Words()
    words.feed(text)
    words.close()
    return words.found


def test_no_public_template_has_an_unmarked_text():
    folder = ROOT / "templates"
    found = {
        one.relative_to(folder).as_posix(): texts
        for one in messages.public_templates(folder)
        if one.relative_to(folder).as_posix() not in FOR_DEVELOPERS and (texts := unmarked(one.read_text()))
    }
    assert found == {}


def test_the_check_sees_unmarked_texts():
    assert "Hello" in unmarked("<p>{{ name }} Hello</p>")
    assert "A heron" in unmarked('<img alt="A heron">')
    assert unmarked('<p>{% translate "Hello" %} – {{ name }}</p>') == []


def test_no_refusal_has_an_unmarked_text():
    """Whatever is said to a visitor in code is said through gettext."""
    found = []
    for one in sorted((ROOT / "checkout").rglob("*.py")):
        if FOR_STAFF & set(one.relative_to(ROOT).parts):
            continue
        for call in ast.walk(ast.parse(one.read_text())):
            if isinstance(call, ast.Call) and _says(call.func):
                found += [f"{one.name}: {ast.unparse(arg)}" for arg in call.args if _is_sentence(arg)]
    assert found == []


def _says(function: ast.expr) -> bool:
    name = getattr(function, "id", "") or getattr(function, "attr", "")
    return name in ("Refused", "bad_request", "too_many_requests")


def _is_sentence(arg: ast.expr) -> bool:
    if isinstance(arg, ast.JoinedStr):
        return True
    return isinstance(arg, ast.Constant) and isinstance(arg.value, str) and " " in arg.value

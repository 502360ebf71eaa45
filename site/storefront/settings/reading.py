"""Settings out of text. Pure: given a mapping, never the environment itself.

No message holds a value, which may be secret.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

Value = TypeVar("Value")
YES = frozenset(("1", "true", "yes", "on"))
NO = frozenset(("0", "false", "no", "off"))


class Malformed(ValueError):
    """The value cannot be used; the message says what to write instead and does not quote the value."""


class Reader:
    """Reads named settings, collecting every problem instead of stopping at the first.

    `problems`: lines "NAME: what to do"; `names`: every setting that was asked for (compared with .env.example).
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = environment
        self.problems: list[str] = []
        self.names: set[str] = set()

    def problem(self, name: str, advice: str) -> None:
        self.problems.append(f"{name}: {advice}")

    def has(self, name: str) -> bool:
        """Whether the environment names the setting, even emptily."""
        self.names.add(name)
        return name in self.environment

    def get(self, name: str, default: Value, parse: Callable[[str], Value]) -> Value:
        """The parsed value; the default when not set and, with a problem noted, when empty or malformed."""
        if not self.has(name):
            return default
        text = self.environment[name].strip()
        if not text:
            self.problem(name, "is empty. Give it a value, or remove it to have the default.")
            return default
        try:
            return parse(text)
        except ValueError as error:
            self.problem(name, str(error) if isinstance(error, Malformed) else "cannot be read. See .env.example.")
            return default

    def text(self, name: str, default: str = "") -> str:
        return self.get(name, default, str)

    def flag(self, name: str, *, default: bool) -> bool:
        return self.get(name, default, parse_flag)

    def integer(self, name: str, default: int, low: int, high: int) -> int:
        return self.get(name, default, lambda text: parse_integer(text, low, high))

    def words(self, name: str, parse: Callable[[str], Any] = str) -> list[Any]:
        """A comma-separated list; each word goes through `parse`."""
        empty: list[Any] = []
        return self.get(name, empty, lambda text: [parse(word) for word in split_words(text)])


def parse_flag(text: str) -> bool:
    if text.lower() in YES:
        return True
    if text.lower() in NO:
        return False
    raise Malformed("is neither yes nor no. Write 1 or 0.")


def parse_integer(text: str, low: int, high: int) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text) or not low <= int(text) <= high:
        raise Malformed(f"must be a whole number from {low} to {high}.")
    return int(text)


def parse_email(text: str) -> str:
    """An address, or a name with an address in angle brackets."""
    if not re.fullmatch(r"(?:[^<>@\r\n]*<[^@\s<>]+@[^@\s<>]+>|[^@\s<>]+@[^@\s<>]+)", text):
        raise Malformed("must be an e-mail address, such as shop@example.com or Shop <shop@example.com>.")
    return text


def parse_sentry_dsn(text: str) -> str:
    if not re.fullmatch(r"https?://\w+(?::\w+)?@[\w.:-]+/(?:[\w/-]*/)?\d+", text):
        raise Malformed("must be the address Sentry shows under “Client keys”: https://key@host/number.")
    return text


def parse_log_format(text: str) -> str:
    if text not in ("text", "json"):
        raise Malformed("must be text or json.")
    return text


def parse_choice(*choices: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in choices:
            raise Malformed(f"must be one of: {', '.join(choices)}.")
        return text

    return parse


def parse_token(text: str) -> str:
    """A password for machines, long enough that nobody guesses it."""
    if not re.fullmatch(r"[\x21-\x7e]{20,}", text):
        raise Malformed("must be at least 20 random characters without spaces.")
    return text


def split_words(text: str) -> list[str]:
    words = [word.strip() for word in text.split(",")]
    if not all(words):
        raise Malformed("has an empty entry. Separate the entries with single commas.")
    return words


def malformed_lines(lines: Iterable[str]) -> list[int]:
    """Numbers of the lines of an .env file that are neither NAME=value nor a comment."""
    valid = re.compile(r"\s*(?:#.*|(?:export\s+)?[A-Za-z_]\w*\s*=.*)?")
    return [number for number, line in enumerate(lines, 1) if not valid.fullmatch(line.rstrip("\r\n"))]


def refusal(problems: list[str]) -> str:
    """The one line with which a process ends."""
    others = len(problems) - 1
    more = f" ({others} more: `python manage.py doctor` lists them)" if others else ""
    return f"Cannot start. {problems[0]}{more}"

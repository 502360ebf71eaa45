"""Stripe's form encoding and a strict table check: what is not named in the table is refused."""

import re
from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl, urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from .currencies import SUPPORTED
from .errors import invalid, missing_parameter, not_simulated, unknown_parameter

Checker = Callable[[object, str], object]
_KEY = re.compile(r"^([^\[\]]+)((?:\[[^\[\]]*\])*)$")
_PART = re.compile(r"\[([^\[\]]*)\]")
_INTEGER = re.compile(r"^-?\d{1,15}$")
_NUMBER = re.compile(r"^\d{1,12}(\.\d{1,12})?$")


def decode(encoded: str) -> dict[str, object]:
    """`a[b][0]=1` → `{"a": {"b": ["1"]}}`. Raises a 400 refusal for a key that is neither name nor path."""
    tree: dict[str, object] = {}
    for key, value in parse_qsl(encoded, keep_blank_values=True, max_num_fields=20_000):
        match = _KEY.match(key)
        if "\x00" in key + value:
            raise invalid("Invalid string: null bytes are not allowed.", key.replace("\x00", ""))
        if match is None:
            raise unknown_parameter(key)
        _put(tree, [match[1], *_PART.findall(match[2])], value, key)
    return {key: _listed(value) for key, value in tree.items()}


def _put(node: dict, path: list[str], value: str, key: str) -> None:
    for part in path[:-1]:
        node = node.setdefault(part or str(len(node)), {})
        if not isinstance(node, dict):
            raise invalid(f"Invalid parameter structure: {key}", key)
    node[path[-1] or str(len(node))] = value


def _listed(value: object) -> object:
    if not isinstance(value, dict):
        return value
    inner = {key: _listed(child) for key, child in value.items()}
    if inner and sorted(inner) == sorted(str(index) for index in range(len(inner))):
        return [inner[str(index)] for index in range(len(inner))]
    return inner


def check(raw: object, table: Mapping[str, Checker], required: tuple[str, ...] = (), path: str = "") -> dict:
    """The checked values of `raw`. Raises a refusal for the first unknown, missing or malformed parameter."""
    if not isinstance(raw, dict):
        raise invalid("Invalid object", path)
    for name in raw:
        if name not in table:
            raise unknown_parameter(_join(path, name))
    for name in required:
        if name not in raw:
            raise missing_parameter(_join(path, name))
    return {name: table[name](value, _join(path, name)) for name, value in raw.items()}


def _join(path: str, name: str) -> str:
    return f"{path}[{name}]" if path else name


def _scalar(value: object, param: str) -> str:
    if not isinstance(value, str):
        raise invalid(f"Invalid string: {param} must be a single value.", param)
    if value == "":
        raise invalid(
            f"You passed an empty string for '{param}'. We assume empty values are an attempt to unset a parameter; "
            f"however '{param}' cannot be unset.",
            param,
            "parameter_invalid_empty",
        )
    return value


def text(maximum: int = 5000, pattern: str = "") -> Checker:
    def checked(value: object, param: str) -> str:
        value = _scalar(value, param)
        if len(value) > maximum:
            raise invalid(f"Invalid string: must be at most {maximum} characters", param, "parameter_invalid_string")
        if pattern and not re.fullmatch(pattern, value):
            raise invalid(f"Invalid string: {value}", param, "parameter_invalid_string")
        return value

    return checked


def integer(minimum: int | None = None, maximum: int | None = None) -> Checker:
    def checked(value: object, param: str) -> int:
        value = _scalar(value, param)
        if not _INTEGER.match(value):
            raise invalid(f"Invalid integer: {value}", param, "parameter_invalid_integer")
        number = int(value)
        if minimum is not None and number < minimum:
            wanted = "greater than or equal to 1" if minimum == 1 else f"at least {minimum}"
            raise invalid(f"This value must be {wanted}.", param, "parameter_invalid_integer")
        if maximum is not None and number > maximum:
            raise invalid(f"This value must be at most {maximum}.", param, "parameter_invalid_integer")
        return number

    return checked


def decimal(*, above: float, maximum: float, places: int) -> Checker:
    """A number as text with at most `places` decimals, more than `above` (or equal when 0 is allowed as -1)."""

    def checked(value: object, param: str) -> str:
        value = _scalar(value, param)
        if not _NUMBER.match(value) or not above < float(value) <= maximum:
            raise invalid(f"Invalid decimal: {value}", param)
        if len(value.partition(".")[2].rstrip("0")) > places:
            raise invalid(f"Invalid decimal: {value}; at most {places} decimal places", param)
        return value

    return checked


def boolean(value: object, param: str) -> bool:
    if value not in ("true", "false"):
        raise invalid(f"Invalid boolean: {value}", param)
    return value == "true"


def choice(*values: str) -> Checker:
    def checked(value: object, param: str) -> str:
        value = _scalar(value, param)
        if value not in values:
            raise invalid(f"Invalid {param}: must be one of {', '.join(values)}", param)
        return value

    return checked


def url(value: object, param: str) -> str:
    value = _scalar(value, param)
    try:
        parts = urlsplit(value)
        usable = parts.scheme in ("http", "https") and bool(parts.netloc) and len(value) <= 5000
    except ValueError:  # brackets that are no IPv6 address
        usable = False
    if not usable:
        raise invalid("Not a valid URL", param, "url_invalid")
    return value


def email(value: object, param: str) -> str:
    value = _scalar(value, param)
    try:
        validate_email(value)
    except ValidationError:
        raise invalid(f"Invalid email address: {value}", param, "email_invalid") from None
    return value


def currency(value: object, param: str) -> str:
    """Lower-case code that Stripe supports; upper case is taken too, as Stripe does."""
    code = _scalar(value, param).lower()
    if code.upper() not in SUPPORTED:
        raise invalid(f"Invalid currency: {code}.", param)
    return code


def metadata(value: object, param: str) -> dict[str, str]:
    """At most 50 keys of 40 characters with values of 500. An empty text unsets: the key, or all of them."""
    if value == "":
        return {}
    if isinstance(value, list):
        value = {str(index): child for index, child in enumerate(value)}
    if not isinstance(value, dict):
        raise invalid("Invalid object", param)
    if len(value) > 50:
        raise invalid("Metadata can have at most 50 keys.", param)
    for key, content in value.items():
        if len(key) > 40:
            raise invalid(f"Metadata keys can have up to 40 characters: {key}", _join(param, key))
        if not isinstance(content, str) or len(content) > 500:
            raise invalid("Metadata values can have up to 500 characters.", _join(param, key))
    return value


def merge_metadata(old: dict[str, str], new: dict[str, str]) -> dict[str, str]:
    """An update keeps what it does not name, and drops the keys it names with an empty text."""
    return {key: value for key, value in {**old, **new}.items() if value != ""} if new else {}


def shape(table: Mapping[str, Checker], required: tuple[str, ...] = ()) -> Checker:
    return lambda value, param: check(value, table, required, param)


def listing(checker: Checker, maximum: int) -> Checker:
    def checked(value: object, param: str) -> list:
        if not isinstance(value, list):
            raise invalid("Invalid array", param)
        if len(value) > maximum:
            raise invalid(f"Array must have at most {maximum} elements.", param, "array_too_long")
        return [checker(entry, f"{param}[{index}]") for index, entry in enumerate(value)]

    return checked


def unsupported(_value: object, param: str) -> object:
    raise not_simulated(param)


def removed(code: str, message: str) -> Checker:
    def checked(_value: object, param: str) -> object:
        raise invalid(message, param, code)

    return checked


created_filter = shape({name: integer(0) for name in ("gt", "gte", "lt", "lte")})


def created_range(value: object, param: str) -> object:
    """A moment, or an object of bounds, in Unix seconds."""
    return {"exact": integer(0)(value, param)} if isinstance(value, str) else created_filter(value, param)

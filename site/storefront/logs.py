"""Logs never hold a secret: keys, client secrets and the tokens of orders are blanked in every handler."""

import logging
import re
from typing import Any

from gunicorn.glogging import Logger

BLANK = "[hidden]"
_SECRETS = re.compile(
    r"""
      \b(?P<key>[sr]k_(?:live|test)_|whsec_)[\w+/=.-]+                 # API keys, webhook secrets
    | (?P<client>_secret_)[\w%-]+                                      # client secrets of intents and sessions
    | (?P<path>/order/(?:[a-z]+/)?)(?=[\w%-]{16})[\w%-]+              # an order's token opens the order
    | (?P<download>/download/)[\w%:.-]+                                # signed links
    | (?P<session>\bcs_(?:test|live)_)\w+                              # a session's id finds its order
    | (?P<url>://[^\s/:@]*:)[^\s/@]+(?=@)                              # the password in a database's address
    """,
    re.VERBOSE,
)


def redact(text: str) -> str:
    """The text with every secret blanked; what kind of secret it was stays readable."""
    return _SECRETS.sub(lambda match: f"{match[match.lastgroup or 0]}{BLANK}", text)


class RedactingFormatter(logging.Formatter):
    """Blanks after formatting, so that arguments and tracebacks are covered too."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


class GunicornLogger(Logger):
    """Gunicorn's own log lines, access log included, under the same rule."""

    def _set_handler(self, log: logging.Logger, output: Any, fmt: logging.Formatter, stream: Any = None) -> None:
        super()._set_handler(log, output, RedactingFormatter(fmt._fmt, fmt.datefmt), stream)


def redact_event(event: Any, hint: dict[str, Any]) -> Any:
    """Sentry's hook: the same rule for what leaves the machine."""
    return _redact_all(event)


def _redact_all(value: Any) -> Any:
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, dict):
        return {key: _redact_all(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_redact_all(inner) for inner in value]
    return value

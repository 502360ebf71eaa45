"""Logs never hold a secret: keys, client secrets, the tokens of orders and mail addresses are blanked in every handler.

`LOG_FORMAT` chooses lines for people or JSON for machines. Both carry the id of the request they belong to.
"""

import json
import logging
import re
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from gunicorn.glogging import Logger

BLANK = "[hidden]"
# Set by storefront.requests when a request begins; "-" in a thread that never had one.
request_id: ContextVar[str] = ContextVar("request_id", default="-")
# An address within an address is encoded: what stands before a secret is then "%2F" or "%3D", and no end of a word.
_BEGINS, _SLASH = r"(?:\b|(?<=%[\dA-Fa-f]{2}))", r"(?:/|%2[Ff])"
# What a text with such a secret has in it in any case, and the secret with what tells its kind.
_KINDS = (
    ("k_", rf"{_BEGINS}(?P<key>[sr]k_(?:live|test)_)[\w+/=.-]+"),  # API keys
    ("whsec_", rf"{_BEGINS}(?P<webhook>whsec_)[\w+/=.-]+"),
    ("pi_", rf"{_BEGINS}(?P<intent>pi_)\w{{8,}}"),  # an intent's id finds its order
    ("_secret_", r"(?P<client>_secret_)[\w%-]+"),  # of intents and sessions
    # an order's token opens the order
    ("order", rf"(?P<path>{_SLASH}order{_SLASH}(?:[a-z]+{_SLASH})?)(?=[\w%-]{{16}})[\w%-]+"),
    ("download", rf"(?P<download>{_SLASH}download{_SLASH})[\w%:.-]+"),  # signed links
    # whose wish it is
    ("back-in-stock", rf"(?P<alert>{_SLASH}back-in-stock{_SLASH}(?:confirm|stop){_SLASH})[\w%:.-]+"),
    ("cs_", rf"{_BEGINS}(?P<session>cs_(?:test|live)_)\w+"),  # a session's id finds its order too
    ("payment_intent=", rf"{_BEGINS}(?P<returned>payment_intent=)\w+"),
    ("Bearer", r"(?P<bearer>\bBearer\s+)[\w.~+/=-]+"),  # whoever has it may look in
    ("/password_reset/", r"(?P<reset>/password_reset/)(?:confirm/)?[\w=-]+/[\w-]{12,}"),  # sets a new password
    ("@", r"(?P<url>://[^\s/:@]*:)[^\s/@]+(?=@)"),  # the password in a database's address
    ("@", r"(?P<mail>)\b[\w.+-]+(?=@[\w-]+\.)"),  # people
    ("%40", r"(?P<encoded>)\b[\w.+-]+(?=%40[\w-]+\.)"),
)
# An order's token without its path or a CSRF token, and the key of somebody's session: a checksum has no letter beyond
# f. A class's name has neither a digit nor, as a rule, two capitals in a row; one token in two hundred has no digit.
_BARE = r"(?:(?<![\w-])|(?<=%[\dA-Fa-f]{2}))"
_ALONE = rf"(?P<token>){_BARE}(?=[\w-]*[a-z])(?=[\w-]*[A-Z])(?=[\w-]*(?:\d|[A-Z]{{2}}))[\w-]{{32,64}}(?![\w-])"
_LOGIN = r"(?P<login>)\b(?=[a-f\d]*[g-z])[a-z\d]{32}\b"
_SECRETS = re.compile("|".join([*(pattern for _mark, pattern in _KINDS), _ALONE, _LOGIN]))
_MARKS = tuple({mark for mark, _pattern in _KINDS})
_LONG = re.compile(r"[\w-]{32}")
# Values under these names are blanked in what goes to Sentry, whatever they look like.
_NAMES = re.compile(r"token|secret|password|authorization|cookie|api_key|client_ip|email|address", re.IGNORECASE)


def redact(text: str) -> str:
    """The text with every secret blanked; what kind of secret it was stays readable."""
    # Most lines are a visit to a page, and looking for all kinds everywhere would take longer than giving out the page.
    if not (any(mark in text for mark in _MARKS) or _LONG.search(text)):
        return text
    return _SECRETS.sub(lambda match: f"{match[match.lastgroup or 0]}{BLANK}", text)


class RedactingFormatter(logging.Formatter):
    """Blanks after formatting, so that arguments and tracebacks are covered too."""

    def format(self, record: logging.LogRecord) -> str:
        record.request_id = request_id.get()
        return redact(super().format(record))


class JSONFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, request_id, message; `fields` of the record; the traceback."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request_id": request_id.get(),
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[0]:
            line["traceback"] = "".join(traceback.format_exception(*record.exc_info))
        elif record.exc_text:
            line["traceback"] = record.exc_text
        return json.dumps(_redact_all(line), ensure_ascii=False, default=str)


class GunicornLogger(Logger):
    """Gunicorn's own log lines, access log included, under the same rules."""

    def _set_handler(self, log: logging.Logger, output: Any, fmt: logging.Formatter, stream: Any = None) -> None:
        from django.conf import settings

        ours: logging.Formatter = RedactingFormatter(fmt._fmt, fmt.datefmt)
        if settings.LOG_FORMAT == "json":
            ours = JSONFormatter()
        super()._set_handler(log, output, ours, stream)

    def atoms(self, resp: Any, req: Any, environ: dict[str, Any], request_time: Any) -> dict[str, Any]:
        """What our formats name, in gunicorn's letters. Gunicorn's own also lists every header and every variable of
        the environment, which is a tenth of giving out a stored page.
        """
        given = (value for name, value in resp.headers if name.lower() == "x-request-id")
        status = resp.status
        return {
            "h": environ.get("REMOTE_ADDR", "-"),
            "r": f"{environ['REQUEST_METHOD']} {environ['RAW_URI']} {environ['SERVER_PROTOCOL']}",
            "s": status.split(None, 1)[0] if isinstance(status, str) else status,
            "m": environ["REQUEST_METHOD"],
            "U": environ.get("PATH_INFO"),
            "B": getattr(resp, "sent", None),
            "M": int(request_time.total_seconds() * 1000),
            "f": environ.get("HTTP_REFERER", "-"),
            "a": environ.get("HTTP_USER_AGENT", "-"),
            "{x-request-id}o": next(given, "-"),
        }

    def access(self, resp: Any, req: Any, environ: dict[str, Any], request_time: Any) -> None:
        """As gunicorn writes it; for machines, its parts."""
        from django.conf import settings

        if settings.LOG_FORMAT != "json":
            super().access(resp, req, environ, request_time)
            return
        atoms = self.atoms(resp, req, environ, request_time)
        fields = {
            "status": int(atoms["s"]),
            "method": atoms["m"],
            "path": environ.get("RAW_URI", atoms["U"]),
            "bytes": atoms["B"],
            "milliseconds": request_time.total_seconds() * 1000,
            "client": atoms["h"],
            "referer": atoms["f"],
            "agent": atoms["a"],
            "request_id": atoms.get("{x-request-id}o", "-"),
        }
        self.access_log.info("%s %s %s", atoms["m"], fields["path"], atoms["s"], extra={"fields": fields})


def redact_event(event: Any, hint: dict[str, Any]) -> Any:
    """Sentry's hook for events, breadcrumbs and log lines: the same rule for what leaves the machine."""
    return _redact_all(event)


def _redact_all(value: Any) -> Any:
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, dict):
        return {
            key: BLANK if isinstance(key, str) and _NAMES.search(key) and isinstance(inner, str) else _redact_all(inner)
            for key, inner in value.items()
        }
    if isinstance(value, list | tuple):
        return [_redact_all(inner) for inner in value]
    return value

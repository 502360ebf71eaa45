"""Where log lines go and how they look. Pure."""

from typing import Any


def logging(line_format: str) -> dict[str, Any]:
    """Python's logging configuration; `line_format`: text or json."""
    to_console = {"handlers": ["console"], "level": "INFO", "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "text": {
                "()": "storefront.logs.RedactingFormatter",
                "format": "%(asctime)s %(levelname)s %(request_id)s %(name)s: %(message)s",
            },
            "json": {"()": "storefront.logs.JSONFormatter"},
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": line_format}},
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {
            # Django's defaults would add handlers that print without blanking.
            "django": to_console,
            "django.server": to_console,
            "stripe": {"level": "WARNING"},  # at INFO it logs every request
            "axes": {"level": "WARNING"},
            "django_tasks": {"level": "WARNING"},
        },
    }

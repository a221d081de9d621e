"""Log lines: JSON for machines, plain for eyes; secrets masked in both, wherever in the line they stand."""

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any, Final

_SECRETS: Final = re.compile(
    r"(?P<keep>"
    r"\b(?:sk|rk|pk)_(?:live|test)_|\bwhsec_"  # keys
    r"|\b(?:pi|seti|ctoken)_[A-Za-z0-9]+_secret_|payment_intent_client_secret="  # what finishes a payment
    r"|/withdraw/|/receipts/|/renewals/|/account/enter/"  # links by mail: whoever has one may use it
    r"|/callbacks/kollus/"  # Kollus signs nothing: the path itself is the secret
    r"|/(?:non_)?enc/[^\s\"'/&]+/"  # before the token, at the end of a passthrough address
    r")[^\s\"'/&]+"
    # In a query, whose values may hold a slash; `code` and `state` bring back who signed in elsewhere.
    r"|(?P<asked>[?&](?:jwt|custom_key|access_token|key|token|code|state)=)[^\s\"'&]+"
)
_ORDINARY: Final = set(vars(logging.makeLogRecord({}))) | {
    "message",
    "asctime",
    "taskName",
    "request",
    "server_time",
}


def masked(text: str) -> str:
    """The text with every key, client secret, token and callback secret replaced by `***`."""
    return _SECRETS.sub(r"\g<keep>\g<asked>***", text)


class JsonFormatter(logging.Formatter):
    """One JSON object a line: when, level, logger, message, and the facts given as `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **_facts(record),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return masked(json.dumps(line, ensure_ascii=False, default=str))


class PlainFormatter(logging.Formatter):
    """One readable line: time, level, message, `name=value` for each fact, and the traceback below."""

    def format(self, record: logging.LogRecord) -> str:
        facts = "".join(f" {name}={value}" for name, value in _facts(record).items())
        text = f"{self.formatTime(record, '%H:%M:%S')} {record.levelname:<7} {record.getMessage()}{facts}"
        if record.exc_info:
            text = f"{text}\n{self.formatException(record.exc_info)}"
        return masked(text)


def configuration(*, style: str, level: str) -> dict[str, Any]:
    """The LOGGING setting: everything to standard error in one style, `json` or `plain`."""
    formatter = {"json": JsonFormatter, "plain": PlainFormatter}[style]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {style: {"()": formatter}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": style}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Django's own handlers would repeat the lines, unmasked.
            "django": {"handlers": [], "propagate": True},
            "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
            "django.request": {"level": "ERROR"},  # a 4xx is an answer, not an event
            "django.security.DisallowedHost": {"level": "CRITICAL"},  # anybody can send any Host
            "django.db.backends": {"level": "WARNING"},
            # One line per tick and per job says nothing; errors do.
            "celery": {"level": "WARNING"},
            "kombu": {"level": "WARNING"},
            "stripe": {"level": "WARNING"},
            "urllib3": {"level": "WARNING"},
            # They tell each glyph of a receipt.
            "fontTools": {"level": "ERROR"},
            "fpdf": {"level": "ERROR"},
        },
    }


def _facts(record: logging.LogRecord) -> dict[str, Any]:
    return {name: value for name, value in vars(record).items() if name not in _ORDINARY}

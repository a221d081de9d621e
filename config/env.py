"""Readers of the environment. Each refuses nonsense with one sentence that names the variable."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

_TRUE: Final = {"1", "true", "yes", "on"}
_FALSE: Final = {"0", "false", "no", "off", ""}


def read_env_file(path: Path) -> None:
    """Take `NAME=value` lines into the environment; what is already set there wins. A missing file is fine.

    :raises ImproperlyConfigured: a line is neither empty, nor a comment, nor `NAME=value`.
    """
    if not path.is_file():
        return
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        text = line.strip().removeprefix("export ")
        if not text or text.startswith("#"):
            continue
        name, equals, value = text.partition("=")
        if not equals or not name.strip().isidentifier():
            raise ImproperlyConfigured(f"{path}, line {number}, is not of the form NAME=value.")
        os.environ.setdefault(name.strip(), _unquoted(value.strip()))


def env_str(name: str, default: str | None = None) -> str:
    """The variable's text. Without a default an unset or empty variable is refused."""
    value = os.environ.get(name, "").strip() or default
    if value is None:
        raise ImproperlyConfigured(f"{name} is not set: give it in the environment or in .env.")
    return value


def env_bool(name: str, default: bool = False) -> bool:
    """True for 1, true, yes, on; False for 0, false, no, off and the empty text."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.strip().lower() in _TRUE:
        return True
    if value.strip().lower() in _FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0 (or true, false, yes, no, on, off), not {value!r}.")


def env_int(name: str, default: int, *, at_least: int = 0, at_most: int | None = None) -> int:
    """A whole number within bounds, both included."""
    value = os.environ.get(name, "").strip()
    try:
        number = int(value) if value else default
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from None
    if number < at_least:
        raise ImproperlyConfigured(f"{name} must be at least {at_least}, not {number}.")
    if at_most is not None and number > at_most:
        raise ImproperlyConfigured(f"{name} must be at most {at_most}, not {number}.")
    return number


def env_choice(name: str, default: str, *, choices: Sequence[str]) -> str:
    """One of a few words."""
    value = env_str(name, default)
    if value not in choices:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(choices)}, not {value!r}.")
    return value


def env_country(name: str) -> str:
    """Two letters of ISO 3166, in upper case; empty where unset."""
    value = os.environ.get(name, "").strip().upper()
    if value and not (len(value) == 2 and value.isascii() and value.isalpha()):
        raise ImproperlyConfigured(f"{name} must be a country's two letters such as IE, not {value!r}.")
    return value


def env_list(name: str, default: Sequence[str] = ()) -> list[str]:
    """The comma-separated parts, trimmed; an unset or empty variable gives the default."""
    parts = [part.strip() for part in os.environ.get(name, "").split(",")]
    return [part for part in parts if part] or list(default)


def env_url(name: str, default: str | None = None, *, schemes: Sequence[str] = ("https", "http")) -> str:
    """An absolute URL of one of the schemes, without a slash at its end."""
    value = env_str(name, default).rstrip("/")
    if not _is_absolute_url(value, schemes):
        raise ImproperlyConfigured(
            f"{name} must be an absolute URL ({' or '.join(f'{s}://' for s in schemes)}…), not {value!r}."
        )
    return value


def env_origin(name: str, default: str | None = None) -> str:
    """A URL of scheme, host and port alone, such as `https://shop.example`."""
    value = env_url(name, default)
    parts = urlsplit(value)
    if parts.path or parts.query or parts.fragment or parts.username:
        raise ImproperlyConfigured(
            f"{name} must be an origin such as https://shop.example, without a path, not {value!r}."
        )
    return value


def env_secret(name: str) -> str:
    """A secret from the variable, or from the file that `<name>_FILE` names. It never has a default."""
    return _from_variable_or_file(name)


def env_optional_secret(name: str) -> str:
    """The same for what a shop can do without: the empty text where neither is given."""
    if not os.environ.get(name, "").strip() and not os.environ.get(f"{name}_FILE", "").strip():
        return ""
    return _from_variable_or_file(name)


def env_secrets(name: str) -> list[str]:
    """Comma-separated secrets, all valid at once, the newest first. `<name>_FILE` works too."""
    secrets = [part.strip() for part in _from_variable_or_file(name).split(",")]
    if not all(secrets):
        raise ImproperlyConfigured(f"{name} has an empty secret between its commas.")
    return secrets


def _from_variable_or_file(name: str) -> str:
    path = os.environ.get(f"{name}_FILE", "").strip()
    direct = os.environ.get(name, "").strip()
    if path and direct:
        raise ImproperlyConfigured(f"{name} and {name}_FILE are both set: keep one of them.")
    if path:
        direct = _first_text_of(name, Path(path))
    if not direct:
        raise ImproperlyConfigured(
            f"{name} is not set: give it, or {name}_FILE, in the environment or in .env."
        )
    return direct


def _first_text_of(name: str, path: Path) -> str:
    try:
        return path.read_text("utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"{name}_FILE names {path}, which cannot be read: {error.strerror}."
        ) from None


def _is_absolute_url(value: str, schemes: Sequence[str]) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _unquoted(value: str) -> str:
    is_quoted = len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if is_quoted else value

"""What an erasure puts in the place of a text, by the person's pseudonym and by what stood there."""

import secrets
from collections.abc import Callable
from typing import Any

from django.conf import settings

from accounts.models import Mail
from billing.refunding import access
from videos.models import viewer_codes

# What is unset stays so.
Instead = Callable[[str, Any], Any]


def pseudonym(pseudonym: str, was: Any) -> str:
    return pseudonym


def pseudonym_of_its_own(pseudonym: str, was: Any) -> str:
    """Where several addresses of one person must not become the same."""
    return f"{secrets.token_hex(8)}-{pseudonym}"


def unless_the_office_s(pseudonym: str, was: Any) -> str:
    return str(was) if was == settings.SUPPORT_EMAIL else pseudonym


def unless_a_number(pseudonym: str, was: Any) -> str:
    return pseudonym if "@" in was else str(was)


def unless_by_rule(pseudonym: str, was: Any) -> str:
    """What the shop wrote itself is read again where money comes back; what staff wrote may name somebody."""
    return str(was) if was in (access.BY_REFUND, access.BY_DISPUTE) else ""


def random(pseudonym: str, was: Any) -> str:
    return secrets.token_hex(16)


def code(pseudonym: str, was: Any) -> str:
    return viewer_codes.new_code()


def blank(pseudonym: str, was: Any) -> str:
    return ""


def unset(pseudonym: str, was: Any) -> None:
    return None


def no(pseudonym: str, was: Any) -> bool:
    return False


def no_facts(pseudonym: str, was: Any) -> dict[str, str]:
    return {}


def forgotten(pseudonym: str, was: Any) -> dict[str, bool]:
    return Mail.FORGOTTEN


def nowhere(pseudonym: str, was: Any) -> str:
    return "UTC"

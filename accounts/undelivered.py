"""Addresses that mail does not reach: refused while we send, tried in vain, or told by a report.

Whose fault a refusal is stands in its codes. 5.1 and 5.2 are the address's and the mailbox's (RFC 3463),
other classes the sender's, the net's or the rules'; a refusal without such a code is told by the reply's.
"""

import re
import smtplib
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from accounts.models import Undeliverable, normalize_email

_ENHANCED: Final = re.compile(r"^\s*([245]\.\d{1,3}\.\d{1,3})\b")
# RFC 5321: mailbox unavailable, user not local, mailbox name not allowed.
_OF_THE_MAILBOX: Final = frozenset({550, 551, 553})


@dataclass(frozen=True)
class Refusal:
    """A server's no to one address. `is_final`: it is the address's fault, and will be tomorrow."""

    code: str
    is_final: bool


def refusal(error: Exception) -> Refusal | None:
    """This will read a server's no to the address out of an error; None where it is another trouble."""
    if not isinstance(error, smtplib.SMTPRecipientsRefused):
        return None
    code, said = next(iter(error.recipients.values()))
    enhanced = code_in(said.decode("ascii", "replace"))
    if not enhanced:
        return Refusal(str(code), is_final=code in _OF_THE_MAILBOX)
    return Refusal(f"{code} {enhanced}", is_final=code >= 500 and is_of_address(enhanced))


def code_in(status: str) -> str:
    """This will read the enhanced code that a text begins with; "" where it begins with none."""
    found = _ENHANCED.match(status)
    return found.group(1) if found else ""


def is_of_address(code: str) -> bool:
    """This will tell whether an enhanced code says that the address, or its mailbox, takes no mail."""
    return code.startswith(("5.1.", "5.2."))


def note(address: str, *, told: Undeliverable.Told, code: str, at: datetime) -> None:
    """This will write down that an address takes no mail. Again: the latest word counts, the day stays."""
    row = Undeliverable(address=normalize_email(address), told=told, code=code, since=at)
    Undeliverable.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["address"], update_fields=["told", "code"]
    )


def forget_refusal(address: str) -> None:
    """This will take an address off the list whose server has just taken a mail in."""
    Undeliverable.objects.filter(address=normalize_email(address)).exclude(
        told=Undeliverable.Told.REPORTED
    ).delete()


def is_known(address: str) -> bool:
    """This will tell whether mail does not reach an address."""
    return Undeliverable.objects.filter(address=normalize_email(address)).exists()

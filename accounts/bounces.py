"""What mail servers send back: reports (RFC 3464) that a mail was not delivered."""

import re
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Final

from accounts import mailing, undelivered
from accounts.models import Mail, Undeliverable, normalize_email

_OUR_MAIL: Final = re.compile(r"<mail-(\d{1,18})-\d+@[^<>\s]+>")


def hear(report: bytes, *, at: datetime) -> int:
    """This will note the addresses that a report tells of for good, and return how many.

    Only where it quotes the Message-ID of a mail of ours to that very address: anybody may write a report.
    """
    quoted = set(_OUR_MAIL.findall(report.decode("utf-8", "replace")))
    mails = {
        mail.to: mail
        for mail in Mail.objects.filter(pk__in=quoted)
        if mailing.make_msgid_for(mail).encode() in report
    }
    failed = {address: status for address, status in _failed(report) if address in mails}
    for address, status in failed.items():
        undelivered.note(address, told=Undeliverable.Told.REPORTED, code=status, at=at)
        Mail.objects.filter(pk=mails[address].pk).update(error=f"bounced {status}")
    return len(failed)


def is_report(report: bytes) -> bool:
    """This will tell whether it is a report at all, whatever of."""
    return bool(_statuses(report))


def _statuses(report: bytes) -> list[EmailMessage]:
    """The parts that tell of a delivery; none where the mail was written to trouble who reads it, with parts
    in parts in parts.
    """
    try:
        parts = message_from_bytes(report, policy=policy.default).walk()
        return [part for part in parts if part.get_content_type() == "message/delivery-status"]
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError):
        return []


def _failed(report: bytes) -> list[tuple[str, str]]:
    """Who was not reached for good, with the code that says why."""
    found = []
    for part in _statuses(report):
        blocks: Any = part.get_payload()  # one message for the report, then one for each address
        for block in blocks:
            code = undelivered.code_in(str(block.get("Status", "")))
            action = str(block.get("Action", "")).strip().lower()
            kind, _semicolon, address = str(block.get("Final-Recipient", "")).partition(";")
            if action == "failed" and kind.strip().lower() == "rfc822" and undelivered.is_of_address(code):
                found.append((normalize_email(address), code))
    return found

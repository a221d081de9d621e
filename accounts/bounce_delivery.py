"""Reports of mails that came back, by a web call that whoever runs the mail signs: no provider's shape, the
report itself as RFC 3464 has it, with a time and an HMAC of both beside it.
"""

import hashlib
import hmac
from datetime import datetime
from typing import Final

from django.conf import settings

from accounts import bounces

LONGEST_BYTES: Final = 256 * 1024
_GOOD_FOR_SECONDS: Final = 300


class BadDelivery(Exception):
    """Not signed by us, too old, or no report. Nothing changed."""


def receive(body: bytes, signature: str, *, at: datetime) -> int:
    """This will note what a signed report tells, and return how many addresses. Again: nothing changes.

    `signature` is `t=<seconds since 1970>,v1=<hex HMAC-SHA256 of "<t>." and the body>`; any of
    BOUNCE_WEBHOOK_SECRETS may have made it.

    :raises BadDelivery: see there.
    """
    if not _is_ours(body, signature, at=at):
        raise BadDelivery("not signed as it should be")
    if not bounces.is_report(body):
        raise BadDelivery("no report of a delivery (RFC 3464)")
    return bounces.hear(body, at=at)


def sign(body: bytes, secret: str, *, at: datetime) -> str:
    """This will make the signature that `receive` takes."""
    seconds = str(int(at.timestamp()))
    return f"t={seconds},v1={_mac(body, secret, seconds)}"


def _is_ours(body: bytes, signature: str, *, at: datetime) -> bool:
    parts = dict(part.partition("=")[::2] for part in signature.split(","))
    seconds, given = parts.get("t", ""), parts.get("v1", "").encode()
    if not (seconds.isascii() and seconds.isdecimal() and len(seconds) < 13):
        return False
    is_fresh = abs(at.timestamp() - int(seconds)) <= _GOOD_FOR_SECONDS
    # Each is compared, so that the time tells nothing of which one fits.
    fits = [
        hmac.compare_digest(_mac(body, secret, seconds).encode(), given)
        for secret in settings.BOUNCE_WEBHOOK_SECRETS
    ]
    return is_fresh and any(fits)


def _mac(body: bytes, secret: str, seconds: str) -> str:
    return hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()

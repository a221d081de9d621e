"""Reports of mails that came back, by a web call that whoever runs the mail signs: no provider's shape, the
report itself as RFC 3464 has it, with a time, the report's digest and an HMAC of both beside it. So the
header alone tells who sends it, and of what a stranger sends nothing is read.
"""

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.conf import settings

from accounts import bounce_limits, bounces

LONGEST_BYTES: Final = 256 * 1024
_GOOD_FOR_SECONDS: Final = 300


class BadDelivery(Exception):
    """Not signed by us, too old, too long, or no report. Nothing changed."""

    status = 400


class TooLong(BadDelivery):
    status = 413


class TooMany(BadDelivery):
    """It has to wait for the next window; it is heard then."""

    status = 429


def receive(read: Callable[[int], bytes], signature: str, *, at: datetime) -> int:
    """This will note what a signed report tells, and return how many addresses. Again: nothing changes.

    `read` gives so many bytes of the report at the most. `signature` is `t=<seconds since 1970>,sha256=<hex
    digest of the report>,v1=<hex HMAC-SHA256 of "<t>.<digest>">`; any of BOUNCE_WEBHOOK_SECRETS may have
    made it.

    :raises BadDelivery: see there.
    """
    parts = dict(part.partition("=")[::2] for part in signature.split(","))
    secret = _signer(parts, at=at)
    if secret is None:
        raise _forged(at)
    if bounce_limits.is_one_too_many(parts["v1"], secret, at=at):
        raise TooMany("too many, try later")
    body = read(LONGEST_BYTES + 1)
    if len(body) > LONGEST_BYTES:
        raise TooLong("too long")
    if not _is_the_signed_one(body, parts):
        raise _forged(at)
    if not bounces.is_report(body):
        raise BadDelivery("no report of a delivery (RFC 3464)")
    return bounces.hear(body, at=at)


def sign(body: bytes, secret: str, *, at: datetime) -> str:
    """This will make the signature that `receive` takes."""
    seconds, digest = str(int(at.timestamp())), hashlib.sha256(body).hexdigest()
    return f"t={seconds},sha256={digest},v1={_mac(seconds, digest, secret)}"


def _forged(at: datetime) -> BadDelivery:
    bounce_limits.note_forged(at=at)
    return BadDelivery("not signed as it should be")


def _signer(parts: dict[str, str], *, at: datetime) -> str | None:
    """Which of our secrets made a signature that is not too old."""
    seconds, digest, given = parts.get("t", ""), parts.get("sha256", ""), parts.get("v1", "").encode()
    if not (seconds.isascii() and seconds.isdecimal() and len(seconds) < 13 and len(digest) == 64):
        return None
    if abs(at.timestamp() - int(seconds)) > _GOOD_FOR_SECONDS:
        return None
    # Each is compared, so that the time tells nothing of which one fits.
    fits = [
        secret
        for secret in settings.BOUNCE_WEBHOOK_SECRETS
        if hmac.compare_digest(_mac(seconds, digest, secret).encode(), given)
    ]
    return fits[0] if fits else None


def _is_the_signed_one(body: bytes, parts: dict[str, str]) -> bool:
    return hmac.compare_digest(hashlib.sha256(body).hexdigest().encode(), parts.get("sha256", "").encode())


def _mac(seconds: str, digest: str, secret: str) -> str:
    return hmac.new(secret.encode(), f"{seconds}.{digest}".encode(), hashlib.sha256).hexdigest()

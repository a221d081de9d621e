"""A piece of work that a page does in about a second: to find numbers whose hashes begin with zeros.

The task is signed, short-lived, and good for one attempt on one quote: an attempt's number exists once. For a
browser it is a moment, for who presses Pay by the thousand it adds up. Each part is small, so that luck evens
out.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing

BITS = 11
MOST_PARTS = 64
_FEWEST_PARTS = 16
_LIFETIME = timedelta(minutes=5)
_SALT = "billing.guarding.work"


@dataclass(frozen=True)
class Task:
    """For each part from 0 on a number is wanted, so that SHA-256 of `token:part:number` begins with `bits`
    zeros.
    """

    token: str
    parts: int
    bits: int = BITS


@dataclass(frozen=True)
class Work:
    """A task's token with the number found for each part. Empty where no work was asked for."""

    token: str = ""
    numbers: Sequence[int] = ()


NO_WORK = Work()


def task(*, nonce: str, attempt: int, excess: float, at: datetime) -> Task:
    """This will set a task for one attempt on the quote of this nonce.

    `excess` is how many times over its limit the heat is: the hotter, the more work.
    """
    parts = min(MOST_PARTS, _FEWEST_PARTS * (1 if excess < 4 else 2 if excess < 16 else 4))
    until = int((at + _LIFETIME).timestamp())
    claims = {"nonce": nonce, "attempt": attempt, "parts": parts, "until": until}
    return Task(signing.dumps(claims, salt=_SALT), parts)


def is_done(work: Work, *, nonce: str, attempt: int, at: datetime) -> bool:
    """This will tell whether the work was set by us for this very attempt, lately, and is done."""
    try:
        claims = signing.loads(work.token, salt=_SALT)
    except signing.BadSignature:
        return False
    is_meant = (claims["nonce"], claims["attempt"]) == (nonce, attempt)
    if not is_meant or at.timestamp() >= claims["until"] or len(work.numbers) != claims["parts"]:
        return False
    return all(_fits(f"{work.token}:{part}:{number}") for part, number in enumerate(work.numbers))


def _fits(text: str) -> bool:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4]) < 1 << (32 - BITS)

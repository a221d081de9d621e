"""The price a buyer was shown, signed: it is charged as shown for thirty minutes, or not at all."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core import signing
from django.utils.crypto import constant_time_compare

from videos.models import Price

LIFETIME = timedelta(minutes=30)
_SALT = "billing.quotes"


class BadQuote(Exception):
    """The quote was not made by us, or was changed."""


class ForeignQuote(Exception):
    """The quote was shown to another browser, or this one's session was lost since."""


class QuoteExpired(Exception):
    """The quote is older than thirty minutes; the page shows a fresh one."""


@dataclass(frozen=True)
class Quote:
    """`terms` names the words about withdrawal that stood beside the price, as `terms_table` does.

    With `trial_days` the amount is what is charged after them, and nothing is charged before.
    """

    price_id: int
    amount_minor: int
    currency: str
    nonce: str
    expires_at: datetime
    coupon_id: int | None = None
    discount_minor: int = 0
    terms: str = ""
    trial_days: int = 0

    @property
    def shown_at(self) -> datetime:
        """When the page was made that shows it."""
        return self.expires_at - LIFETIME

    @property
    def due_minor(self) -> int:
        """What is charged today."""
        return 0 if self.trial_days else self.amount_minor

    @property
    def price_minor(self) -> int:
        """The amount of the price before a coupon took something off."""
        return self.amount_minor + self.discount_minor

    @property
    def is_free(self) -> bool:
        return self.amount_minor == 0


def sign(
    price: Price,
    *,
    visitor: str,
    at: datetime,
    coupon_id: int | None = None,
    discount_minor: int = 0,
    terms: str = "",
    trial_days: int = 0,
) -> str:
    """This will sign the price, less what a coupon takes off, for one browser.

    Each call makes a quote of its own, which buys once.
    """
    claims: dict[str, str | int | None] = {
        "price": price.pk,
        "amount": price.amount_minor - discount_minor,
        "currency": price.currency,
        "nonce": secrets.token_hex(16),
        "for": _fingerprint(visitor),
        "until": int((at + LIFETIME).timestamp()),
    }
    if terms:
        claims["terms"] = terms
    if trial_days:
        claims["trial"] = trial_days
    if coupon_id is not None:
        claims |= {"coupon": coupon_id, "off": discount_minor}
    return signing.dumps(claims, salt=_SALT)


def read(token: str, *, visitor: str, at: datetime) -> Quote:
    """This will give back what was signed.

    :raises BadQuote: not ours, or changed.
    :raises ForeignQuote: made for another browser.
    :raises QuoteExpired: thirty minutes have passed.
    """
    try:
        claims = signing.loads(token, salt=_SALT)
    except signing.BadSignature as error:
        raise BadQuote from error
    if not constant_time_compare(claims["for"], _fingerprint(visitor)):
        raise ForeignQuote
    quote = Quote(
        price_id=claims["price"],
        amount_minor=claims["amount"],
        currency=claims["currency"],
        nonce=claims["nonce"],
        expires_at=datetime.fromtimestamp(claims["until"], tz=UTC),
        coupon_id=claims.get("coupon"),
        discount_minor=claims.get("off", 0),
        terms=claims.get("terms", ""),
        trial_days=claims.get("trial", 0),
    )
    if at >= quote.expires_at:
        raise QuoteExpired
    return quote


def _fingerprint(visitor: str) -> str:
    return hashlib.sha256(visitor.encode()).hexdigest()[:20]

"""What a refund is decided on: plain facts, gathered by the caller. No row, no clock and no network."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo


class Kind(StrEnum):
    OWN = "own"
    RENT = "rent"
    MEMBERSHIP = "membership"


class Reason(StrEnum):
    """Why the buyer asks. Only what he says: nothing here is proven."""

    CHANGED_MIND = "changed_mind"
    DOES_NOT_PLAY = "does_not_play"
    NOT_AS_DESCRIBED = "not_as_described"
    UNAUTHORISED = "unauthorised"
    OTHER = "other"


@dataclass(frozen=True)
class Watched:
    """How long was watched, as three witnesses tell it. Where it costs the shop money the largest counts: a
    player's reports can be kept from us, a held stream and a link handed out cannot.
    """

    reported_seconds: int = 0
    leased_seconds: int = 0
    granted_seconds: int = 0

    @property
    def seconds(self) -> int:
        return max(self.reported_seconds, self.leased_seconds, self.granted_seconds)


@dataclass(frozen=True)
class Consents:
    """What was said and taken at the purchase.

    `wanted_at_once`: the express wish that supply begin before the days of withdrawal are over.
    `knew_of_loss`: the acknowledgement, or in Korea the notice, that the right ends when supply begins.
    `told_at`: when the buyer was told of the right itself; None means never.
    `confirmed_at`: when the mail that confirms contract, wish and acknowledgement was handed over, or None.
    """

    wanted_at_once: bool
    knew_of_loss: bool
    told_at: datetime | None
    confirmed_at: datetime | None


@dataclass(frozen=True)
class Membership:
    """The payment's own period, and when the contract was made: at the beginning of a trial if there was one.

    `is_price_clear` is False where nobody said that the trial would cost money afterwards.
    """

    contract_at: datetime
    starts_at: datetime
    ends_at: datetime
    is_price_clear: bool = True


@dataclass(frozen=True, kw_only=True)
class RefundCase:
    """One payment that is asked back.

    `country` is upper-case ISO 3166, empty where it is not known; `time_zone` is the one the buyer named.
    `refunded_minor` counts refunds that are still on their way. `watched` is what was watched by this
    purchase, of a membership since the payment. `runtime_seconds` is the film's or the whole collection's, 0
    if unknown. `start_by` is when a rental can no longer be started, None for never.

    :raises ValueError: the facts contradict each other, or an instant has no zone.
    :raises zoneinfo.ZoneInfoNotFoundError: there is no such time zone.
    """

    kind: Kind
    country: str
    time_zone: str
    paid_at: datetime
    amount_minor: int
    currency: str
    consents: Consents
    refunded_minor: int = 0
    reason: Reason = Reason.CHANGED_MIND
    watched: Watched = field(default_factory=Watched)
    runtime_seconds: int = 0
    films: int = 1
    films_started: int = 0
    start_by: datetime | None = None
    started_at: datetime | None = None
    membership: Membership | None = None
    is_business: bool = False
    is_bought_twice: bool = False
    is_disputed: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.refunded_minor <= self.amount_minor:
            raise ValueError("refunded is not between nothing and all that was paid")
        if not 0 <= self.films_started <= self.films or self.films < 1:
            raise ValueError("films started are not among the films")
        if (self.kind is Kind.MEMBERSHIP) != (self.membership is not None):
            raise ValueError("a membership has a period, and nothing else has")
        if any(moment.tzinfo is None for moment in self._moments()):
            raise ValueError("an instant has no zone")
        ZoneInfo(self.time_zone)

    @property
    def left_minor(self) -> int:
        """What is left of what was paid."""
        return self.amount_minor - self.refunded_minor

    def day_of(self, moment: datetime) -> date:
        """This will tell the day of the buyer's own calendar."""
        return moment.astimezone(ZoneInfo(self.time_zone)).date()

    def is_started(self, at: datetime) -> bool:
        """Whether a rental's hours run: its start was noted, or only the player told of it."""
        return self.watched.reported_seconds > 0 or (self.started_at is not None and self.started_at <= at)

    def is_begun(self, at: datetime) -> bool:
        """Whether supply has begun, in the law's sense: anything was watched, or a link to it handed out."""
        return self.watched.seconds > 0 or self.films_started > 0 or self.is_started(at)

    def _moments(self) -> list[datetime]:
        given = [
            self.paid_at,
            self.start_by,
            self.started_at,
            self.consents.told_at,
            self.consents.confirmed_at,
        ]
        if self.membership:
            given += [self.membership.contract_at, self.membership.starts_at, self.membership.ends_at]
        return [moment for moment in given if moment is not None]

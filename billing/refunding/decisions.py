"""The answer to a refund: what the buyer is told before he asks, and what is carried out if he does."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Answer(StrEnum):
    FULL = "full"
    PART = "part"
    NONE = "none"
    ASK = "ask"


class Access(StrEnum):
    """What becomes of the films."""

    STAYS = "stays"
    ENDS = "ends"
    # The films that were begun stay the buyer's.
    ENDS_FOR_UNSTARTED = "ends_for_unstarted"


@dataclass(frozen=True, kw_only=True)
class Decision:
    """`amount_minor` goes back now; without a person's look if `is_instant`.

    `until` is the first instant at which the named rule no longer holds, None for no end. `sentence` and
    `parameters` are for `refund_sentences`, which makes words of them.
    """

    answer: Answer
    amount_minor: int
    currency: str
    rule: str
    source: str
    version: str
    sentence: str
    parameters: Mapping[str, int]
    access: Access
    is_instant: bool
    until: datetime | None

    @property
    def ends_access(self) -> bool:
        return self.access is Access.ENDS

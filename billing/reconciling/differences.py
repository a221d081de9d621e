"""What reconciliation finds: one sentence for each difference, and one for what to do about it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Difference:
    """What does not agree, and what to do about it or what was done."""

    what: str
    repair: str
    is_repaired: bool = False


def mended(what: str, before: str, after: str, *, is_done: bool) -> Difference:
    """A difference that is repaired on demand, with what to say before and after."""
    return Difference(what, after if is_done else before, is_repaired=is_done)

"""Who may try to pay: everybody while it is quiet; when it is hot, who has done a little work.

The honest buyer in the middle of an attack still buys. Nobody is locked out, and no address is looked at.
"""

import logging
from datetime import datetime

from billing.guarding import heat, velocity, work
from billing.guarding.velocity import Limits
from billing.guarding.work import Task, Work
from billing.models import Order

logger = logging.getLogger(__name__)

# A sale takes its own try back, and makes up for two that were refused: where most buy, it stays quiet.
_SALE_COOLS = -3


class WorkWanted(Exception):
    """It is hot: the same wish comes through with this task done. Nothing was charged."""

    def __init__(self, task: Task) -> None:
        super().__init__()
        self.task = task


class TooHot(Exception):
    """Too many wishes of this kind came at once; they have to wait."""


def admit(limits: Limits, done: Work, *, nonce: str, attempt: int, at: datetime) -> None:
    """This will count one try, held up or not, and let it through while all are within their limits.

    However many try at once, no more than the smallest limit come through without work.
    :raises WorkWanted: it is hot, and no work was done for this attempt.
    """
    excess = _count(limits, at=at)
    if excess > 1 and not work.is_done(done, nonce=nonce, attempt=attempt, at=at):
        raise WorkWanted(work.task(nonce=nonce, attempt=attempt, excess=excess, at=at))


def admit_link(*, kind: str, slug: str, at: datetime) -> None:
    """This will count one mail with a link to this checkout.

    :raises TooHot: no more of them for some minutes.
    """
    if _count(velocity.of_link(kind=kind, slug=slug), at=at) > 1:
        raise TooHot


def note_sold(order: Order, *, at: datetime) -> None:
    """This will let a sale by card cool its offer, its sum and the shop."""
    heat.add(velocity.of_order(order), _SALE_COOLS, at=at)


def note_unsold(order: Order, *, card: str, is_counted: bool, at: datetime) -> None:
    """This will count a try that brought no sale, unless it was counted when it came, and its card.

    `card` is the card's fingerprint, "" if Stripe did not tell.
    """
    its_card = velocity.card(card)
    keys = ([] if is_counted else list(velocity.of_order(order))) + ([its_card] if card else [])
    counts = heat.add(keys, 1, at=at) if keys else {}
    if counts.get(its_card, 0) > velocity.limit_of(its_card):
        heat.add(velocity.of_order(order), velocity.TRIED_OUT_COUNTS - 1, at=at)


def note_unsent(order: Order, *, at: datetime) -> None:
    """This will take back a try that was counted and never sent: Stripe's silence is nobody's attack."""
    heat.add(velocity.of_order(order), -1, at=at)


def _count(limits: Limits, *, at: datetime) -> float:
    """How many times its limit the hottest key has; above one it is hot."""
    counts = heat.add(limits, 1, at=at)
    for key, count in counts.items():
        if count == limits[key] + 1:  # by one caller only, so it is said once
            logger.warning("it is hot: work is asked for", extra={"heat": key, "limit": limits[key]})
    return max(count / limits[key] for key, count in counts.items())

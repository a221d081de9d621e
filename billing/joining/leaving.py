"""A member goes, or stays after all: what was paid is watched to its end, and nothing more is charged."""

import logging
from datetime import datetime

from billing.buying import selling
from billing.joining import following, member_letters
from billing.models import Membership
from billing.stripe import stripe_subscriptions
from billing.stripe.intents import OutcomeUnknown, StripeRefused, StripeUnavailable

logger = logging.getLogger(__name__)


class Over(Exception):
    """The membership has ended, or is being ended since money went back: there is nothing to choose."""


def leave(membership: Membership, *, at: datetime) -> Membership:
    """This will let a membership end with the period that is paid, and confirm that by mail.

    A second call changes nothing.

    :raises Over: see there.
    :raises StripeUnavailable: Stripe does not answer; press once more, nothing is done twice.
    :raises selling.ReadOnly: the shop takes no wishes just now.
    """
    left = _set(membership, cancels=True, at=at)
    if left.cancels_at_period_end:
        member_letters.confirm_end(left)
    return left


def stay(membership: Membership, *, at: datetime) -> Membership:
    """This will let a membership that was to end go on after all. Raises as `leave` does."""
    return _set(membership, cancels=False, at=at)


def _set(membership: Membership, *, cancels: bool, at: datetime) -> Membership:
    selling.check_wishes()
    if not membership.is_living or membership.end_wanted_at is not None:
        raise Over
    try:
        stripe_subscriptions.cancel_at_period_end(membership.subscription_id or "", cancels=cancels)
    except OutcomeUnknown as error:
        raise StripeUnavailable from error
    except StripeRefused as error:
        logger.warning("Stripe refused a member's wish", extra={"code": error.code})
        if not following.look(membership, at=at).is_living:
            raise Over from error
        raise
    return following.look(membership, at=at)

"""A member goes, or stays after all: what was paid is watched to its end, and nothing more is charged."""

import logging
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import translation

from accounts import mailing
from billing.buying import selling
from billing.joining import following
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
        _confirm(left)
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


@transaction.atomic
def _confirm(membership: Membership) -> None:
    """One mail for each time that he leaves a period, however often he presses."""
    order, until = membership.order, membership.paid_until()
    if until is None:
        return
    with translation.override(order.language):
        context = {
            "title": order.offer.target.title,
            "ends_at": until.astimezone(ZoneInfo(order.time_zone)).isoformat(),
            "order_url": settings.SITE_URL + order.get_absolute_url(),
        }
    mailing.put(
        cause=f"membership-left:{until:%Y%m%d}:{order.reference}",
        template="membership-left",
        to=order.email,
        language=order.language,
        context=context,
    )

"""What the page says on which a member changes his card."""

import logging
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from billing.joining import card_change, standings
from billing.joining.standings import Standing
from billing.models import CardChange, CardOnFile, Membership, UnpaidRenewal
from billing.settling import outcomes
from billing.stripe.intents import StripeRefused, StripeUnavailable

logger = logging.getLogger(__name__)


def find_out(membership: Membership, number: int, *, at: datetime) -> Standing:
    """This will tell where a try stands, after asking Stripe if it is not decided.

    Stripe silent: as last known.
    """
    begun = CardChange.objects.of(membership).filter(number=number).first()
    if begun is not None and begun.is_undecided and outcomes.may_look(begun, at=at):
        try:
            card_change.look(begun, at=at)
        except (StripeUnavailable, StripeRefused):
            logger.warning("outcome of a card not found out")
    return tell(begun)


def tell(begun: CardChange | None) -> Standing:
    """This will tell where a try stands by what we know ourselves."""
    if begun is None:
        return Standing("open", "")
    if begun.state == CardChange.State.SUCCEEDED:
        return Standing("changed", _("Done. From now on this card is charged."), begun.number)
    if begun.decline_code == card_change.MEMBERSHIP_OVER:
        words = _("This membership has ended, and no card is charged for it any more.")
        return Standing("ended", words, begun.number)
    return standings.of_attempt(begun, given_up=_("Nothing changed. You can enter another card."))


def about(membership: Membership) -> dict[str, Any]:
    """This will gather what the page says, by what we know ourselves: it waits for no one.

    Of earlier tries only one that is under way counts.
    """
    begun = CardChange.objects.of(membership).undecided().first()
    order = membership.order
    is_over = not membership.is_living or membership.end_wanted_at is not None
    return {
        "membership": membership,
        "order": order,
        "title": order.offer.target.title,
        "watch_url": order.offer.target.get_absolute_url(),
        "support_email": settings.SUPPORT_EMAIL,
        "seller_name": settings.SELLER_NAME,
        "card": CardOnFile.objects.filter(membership=membership).first(),
        "standing": tell(begun),
        "is_over": is_over,
        "unpaid": _unpaid(membership),
        "paid_until": membership.paid_until(),
    }


def _unpaid(membership: Membership) -> UnpaidRenewal | None:
    is_open = membership.unpaid_renewals.filter(state=UnpaidRenewal.State.OPEN)
    return is_open.order_by("starts_at", "id").first()

"""What the page of an unpaid renewal says, to who came by the mailed link or holds the membership."""

import logging
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.identity import Viewer
from billing.joining import member_page, recovering, standings
from billing.joining.standings import Standing
from billing.joining.unpaid import hashed
from billing.models import CardOnFile, Membership, UnpaidRenewal
from billing.settling import outcomes
from billing.settling.decline_sentences import sentence as decline_sentence
from billing.stripe.intents import StripeRefused, StripeUnavailable

logger = logging.getLogger(__name__)


class LinkExpired(Exception):
    """The link is none of ours, or too old."""


class LinkOfAnother(Exception):
    """The membership belongs to another account than the one that is signed in."""


def by_link(token: str, viewer: Viewer, *, at: datetime) -> UnpaidRenewal:
    """This will find the renewal that a mailed link pays, paid or not.

    :raises LinkExpired, LinkOfAnother: see each.
    """
    found = _renewals().filter(token_hash=hashed(token)).first()
    if found is None or not _is_good(found, at=at):
        raise LinkExpired
    if _is_anothers(found, viewer):
        raise LinkOfAnother
    return found


def _is_good(renewal: UnpaidRenewal, *, at: datetime) -> bool:
    return at < renewal.link_until


def _is_anothers(renewal: UnpaidRenewal, viewer: Viewer) -> bool:
    """A guest's membership has no account, and his mail may be opened anywhere."""
    owner = renewal.membership.order.user_id
    return viewer.user_id is not None and owner not in (None, viewer.user_id)


def of_order(viewer: Viewer, reference: str) -> UnpaidRenewal:
    """This will find what the holder of a membership has to pay first, or else what was paid last.

    :raises Http404: there is nothing, or it is another's; both look alike.
    """
    membership = member_page.get_membership_for(viewer, reference)
    renewals = _renewals().filter(membership=membership)
    found = renewals.filter(state=UnpaidRenewal.State.OPEN).order_by("starts_at", "id").first()
    found = found or renewals.order_by("-starts_at", "-id").first()
    if found is None:
        raise Http404
    return found


def card_of(membership: Membership) -> CardOnFile | None:
    """This will give the card that is charged, None where we know of none."""
    return CardOnFile.objects.filter(membership=membership).first()


def find_out(renewal: UnpaidRenewal, *, at: datetime) -> Standing:
    """This will tell where it stands, after asking Stripe if an attempt is not decided.

    Stripe silent: as last known.
    """
    payment = renewal.payments.undecided().select_related("renewal__membership").first()
    if payment is not None and outcomes.may_look(payment, at=at):
        try:
            recovering.look(payment, at=at)
        except (StripeUnavailable, StripeRefused):
            logger.warning("outcome of a renewal not found out")
        renewal.refresh_from_db()
    return tell(renewal)


def tell(renewal: UnpaidRenewal) -> Standing:
    """This will tell where a renewal stands by what we know ourselves."""
    payment = renewal.payments.order_by("-number").first()
    number = payment.number if payment else 0
    if renewal.state == UnpaidRenewal.State.PAID:
        return Standing("paid", _("Paid. Your membership goes on."), number)
    if renewal.state == UnpaidRenewal.State.CLOSED or _is_over(renewal):
        return Standing("ended", _("There is nothing to pay any more, and nothing was charged."), number)
    if payment is None:
        return Standing("open", "")
    return standings.of_attempt(payment, given_up=_("Nothing was charged. You can pay with another card."))


def _is_over(renewal: UnpaidRenewal) -> bool:
    membership = renewal.membership
    return not membership.is_living or membership.end_wanted_at is not None


def about(renewal: UnpaidRenewal) -> dict[str, Any]:
    """This will gather what the page says of a renewal, by what we know ourselves."""
    order, standing, card = renewal.membership.order, tell(renewal), card_of(renewal.membership)
    was_refused = standing.state == "refused" or not renewal.needs_owner
    return {
        "renewal": renewal,
        "membership": renewal.membership,
        "order": order,
        "title": order.offer.target.title,
        "watch_url": order.offer.target.get_absolute_url(),
        "support_email": settings.SUPPORT_EMAIL,
        "seller_name": settings.SELLER_NAME,
        "standing": standing,
        "state": "payable" if not standing.is_over else "over" if _is_over(renewal) else standing.state,
        "reason": "" if renewal.needs_owner else decline_sentence(renewal.decline_code),
        "opens_until": renewal.membership.opens_until(),
        "card": card,
        "prefers_on_file": card is not None and not was_refused and not card.has_expired(at=timezone.now()),
    }


def _renewals() -> QuerySet[UnpaidRenewal]:
    return UnpaidRenewal.objects.select_related(
        "membership__order__offer__video", "membership__order__offer__collection"
    )

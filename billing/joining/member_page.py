"""What a member's own page says of the membership behind an order."""

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404

from accounts.identity import Viewer
from billing.joining import plan_prospects
from billing.models import CardOnFile, Membership, Order, UnpaidRenewal
from billing.settling import order_status
from videos.models import Entitlement


@dataclass(frozen=True)
class Standing:
    """`state`: trial, active, leaving, ending, past_due or ended. `changes_at`: when it renews,
    ends, or ended.

    One that is leaving ends as its member wished; one that is ending was ended, and what is paid plays on.
    `owes` is the amount of a renewal to be paid, "" where there is none; `card` is what is charged, where we
    know it. `has_other_plans`: he may change his.
    """

    state: str
    changes_at: datetime | None
    amount_text: str
    owes: str = ""
    card: CardOnFile | None = None
    has_other_plans: bool = False

    @property
    def may_change_card(self) -> bool:
        return self.state not in ("ending", "ended")

    @property
    def may_leave(self) -> bool:
        return self.state in ("trial", "active", "past_due")

    @property
    def may_stay(self) -> bool:
        return self.state == "leaving"


def standing(order: Order, *, at: datetime) -> Standing | None:
    """This will tell how the membership of a paid order stands, by what we know. None for other orders."""
    if not (order.offer.is_membership and order.is_paid):
        return None
    membership = Membership.objects.select_related("order__price__offer", "price__offer").get(
        periods__order=order
    )
    price = membership.current_price.text
    if membership.state == Membership.State.ENDED or membership.end_wanted_at is not None:
        return _over(membership, price, at=at)
    is_open = UnpaidRenewal.State.OPEN
    unpaid = membership.unpaid_renewals.filter(state=is_open).order_by("starts_at", "id").first()
    owes = unpaid.amount_text if unpaid else ""
    card = CardOnFile.objects.filter(membership=membership).first()
    paid_until = membership.paid_until()
    if membership.cancels_at_period_end:
        return Standing("leaving", paid_until, price, owes, card)
    if membership.state == Membership.State.PAST_DUE:
        return Standing("past_due", membership.opens_until(), price, owes, card)
    state = "trial" if membership.is_on_trial() else "active"
    may_change = plan_prospects.may_change(membership) and bool(
        plan_prospects.longer_plans(membership) or plan_prospects.later_plans(membership)
    )
    return Standing(state, paid_until, price, owes, card, may_change)


def _over(membership: Membership, price: str, *, at: datetime) -> Standing:
    ended_at, paid_until = membership.ended_at or membership.end_wanted_at, membership.paid_until()
    rights = Entitlement.objects.filter(reference=membership.order.reference)
    if ended_at and paid_until and ended_at < paid_until and rights.valid(at=at).exists():
        return Standing("ending", paid_until, price)
    return Standing("ended", ended_at, price)


def get_membership_for(viewer: Viewer, reference: str) -> Membership:
    """This will find the membership behind an order of this viewer.

    :raises Http404: there is none, or it is another's; both look alike.
    """
    order = order_status.get_order_for(viewer, reference)
    if not order.is_paid:
        raise Http404
    found = Membership.objects.filter(periods__order=order)
    membership = found.select_related("order__offer__video", "order__offer__collection").first()
    if membership is None:
        raise Http404
    return membership

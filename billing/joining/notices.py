"""Mails that come before money moves: before free days end, and before a membership renews.

How many days before is a setting each, 0 for never. One mail for each period, however often this runs.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from accounts.sweeping import if_any, one_by_one
from billing.joining import member_letters
from billing.models import Membership, MembershipPeriod, Order


def sweep(*, at: datetime, limit: int = 200) -> int:
    """This will queue the mails that are due, and return how many.

    Who leaves is told of nothing: nothing will be charged. Free days that are no longer than the days of
    notice were told of by the mail with which they began.
    """
    due = (
        MembershipPeriod.objects.filter(_is_near(at), noticed_at=None, ends_at__gt=at)
        .filter(order__state=Order.State.PAID, membership__state=Membership.State.ACTIVE)
        .filter(membership__cancels_at_period_end=False, membership__end_wanted_at=None)
        .select_related("order", "membership__order__offer__collection", "membership__price")
        .order_by("ends_at", "id")
    )
    return one_by_one(if_any(due[:limit]), lambda period: _tell(period, at=at))


def _is_near(at: datetime) -> Q:
    near = Q(pk__in=[])
    if days := settings.MEMBERSHIP_TRIAL_NOTICE_DAYS:
        near |= Q(order__trial_days__gt=days, ends_at__lte=at + timedelta(days=days))
    if days := settings.MEMBERSHIP_RENEWAL_NOTICE_DAYS:
        near |= Q(order__trial_days=0, ends_at__lte=at + timedelta(days=days))
    return near


@transaction.atomic
def _tell(period: MembershipPeriod, *, at: datetime) -> bool:
    if not MembershipPeriod.objects.filter(pk=period.pk, noticed_at=None).update(noticed_at=at):
        return False  # another worker tells
    membership = period.membership
    if membership.paid_until() != period.ends_at:
        return False  # a change of plan took its place
    if period.order.is_trial:
        member_letters.announce_trial_end(membership, at=period.ends_at)
    else:
        member_letters.announce_renewal(membership, at=period.ends_at)
    return True

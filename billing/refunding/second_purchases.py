"""A guest who buys what he has already: the second purchase goes through and is given back in full.

Nobody is told at the till, since that would tell strangers who owns what; the mail goes to the address.
"""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.sweeping import one_by_one
from billing.models import Membership, Order, Refund
from billing.refunding import refunds
from videos import entitlements, money
from videos.models import Entitlement, Offer

_LOOKS_BACK = timedelta(hours=6)


def is_second(order: Order, *, at: datetime) -> bool:
    """This will tell whether the same address bought before all that this order gives, and has it still."""
    if order.offer.is_membership:
        return _is_joined_twice(order, at=at)
    references = _before(order.email, order.paid_at or at, order.pk).values("reference")
    rights = Entitlement.objects.filter(reason=Entitlement.Reason.PURCHASE, reference__in=references)
    return entitlements.covers(rights, order.offer, at=at)


def give_back(*, at: datetime, limit: int = 100) -> int:
    """This will give back what guests have lately paid for a second time, and return how many orders.

    An order may be its owner's already, who proved the address since.
    """
    paid = Order.objects.filter(state=Order.State.PAID)
    same = Q(offer__video=OuterRef("offer__video")) | Q(offer__collection=OuterRef("offer__collection"))
    same |= Q(offer__collection__items__video=OuterRef("offer__video"))
    others = paid.filter(same, email=OuterRef("email"), paid_at__lte=OuterRef("paid_at"))
    # Of a membership only the order that began it can be a second one: what renews it is none.
    begins = ~Q(offer__kind=Offer.Kind.MEMBERSHIP) | Q(membership__isnull=False)
    recent = paid.filter(begins, total_minor__gt=0).filter(
        created_at__gte=at - _LOOKS_BACK,
        refunded_minor=0,
        refunds=None,
        email_corrections=0,  # who chooses the address afterwards would choose one that has the film
    )
    if not recent.exists():
        return 0
    suspects = recent.filter(Exists(others.exclude(pk=OuterRef("pk")))).select_related("offer")
    return one_by_one(suspects.order_by("id")[:limit], lambda order: _give_back(order, at=at))


def _give_back(order: Order, *, at: datetime) -> bool:
    if not is_second(order, at=at):
        return False
    wish = refunds.Wish(
        amount_minor=order.total_minor,
        after_minor=0,
        reason=Refund.Reason.BOUGHT_TWICE,
        ends_access=True,
        asker=Refund.Asker.SHOP,
    )
    try:
        refunds.ask(order, wish, at=at)
    except (refunds.NotLeft, money.BadAmount):
        return False  # somebody gave it back in this very moment
    return True


def _is_joined_twice(order: Order, *, at: datetime) -> bool:
    """Whether one that goes on by itself was begun before. Who leaves one may join anew meanwhile."""
    begun = _before(order.email, order.paid_at or at, order.pk).filter(offer=order.offer)
    others = Membership.objects.living().filter(order__in=begun)
    goes_on = others.filter(cancels_at_period_end=False, end_wanted_at=None)
    return Membership.objects.filter(order=order).exists() and goes_on.exists()


def _before(email: str, paid_at: datetime, pk: int) -> QuerySet[Order]:
    earlier = Q(paid_at__lt=paid_at) | Q(paid_at=paid_at, pk__lt=pk)
    return Order.objects.filter(earlier, state=Order.State.PAID, email=email)

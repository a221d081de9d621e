"""A new price for who is a member already: the operator moves him, he is told, and a later renewal costs it.

Who is not moved stays on the price at which he joined, whatever the offer costs now.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q

from accounts.sweeping import if_any, one_by_one
from billing.joining import member_letters, stripe_prices
from billing.models import Membership, PriceMove
from billing.stripe import stripe_plans
from billing.stripe.intents import OutcomeUnknown, StripeRefused, StripeUnavailable
from videos.models import Price

logger = logging.getLogger(__name__)

_PAUSE = timedelta(minutes=10)


def prospects(memberships: Iterable[Membership]) -> list[tuple[Membership, Price | None]]:
    """This will tell what each member would be moved to, None for those who would be left out."""
    members = list(memberships)
    offers = {each.current_price.offer_id for each in members}
    on_sale = {
        (price.offer_id, price.currency): price
        for price in Price.objects.filter(offer__in=offers, retired_at=None)
    }
    moved = set(PriceMove.objects.ahead().filter(membership__in=members).values_list("membership", flat=True))
    found = []
    for each in members:
        new = on_sale.get((each.current_price.offer_id, each.current_price.currency))
        is_moved = new is not None and each.pk not in moved and _would_pay(each, new)
        found.append((each, new if is_moved else None))
    return found


def _would_pay(membership: Membership, new: Price) -> bool:
    """Who pays it already is not moved, nor who leaves or whose membership is over."""
    is_staying = membership.is_living and not membership.cancels_at_period_end
    return is_staying and membership.end_wanted_at is None and new != membership.current_price


def move(memberships: Iterable[Membership], *, reason: str, asked_by: int, at: datetime) -> list[PriceMove]:
    """This will move members to what their offer costs now in their currency, and mail each the notice.

    Left out are who pays that already, is being moved, leaves, or has ended. Returns what is new. Stripe is
    told by the sweep, once the next renewal lies behind the days of notice.
    """
    moved = (_move(each, reason=reason, asked_by=asked_by, at=at) for each in memberships)
    return [each for each in moved if each is not None]


@transaction.atomic
def _move(membership: Membership, *, reason: str, asked_by: int, at: datetime) -> PriceMove | None:
    old = membership.current_price
    new = Price.objects.filter(offer=old.offer_id, currency=old.currency, retired_at=None).first()
    if new is None or not _would_pay(membership, new):
        return None
    not_before = at + timedelta(days=settings.MEMBERSHIP_PRICE_NOTICE_DAYS)
    made = PriceMove(
        membership=membership,
        from_price=old,
        to_price=new,
        reason=reason,
        asked_by_id=asked_by,
        asked_at=at,
        not_before=not_before,
    )
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:  # he is being moved already
        return None
    member_letters.tell_new_price(made)
    return made


def sweep(*, at: datetime, limit: int = 100) -> int:
    """This will tell Stripe of the moves whose time has come, and return how many were applied or dropped.

    Told in the period before: a renewal that lies behind the days of notice is the first to cost the new
    price, and none before it.
    """
    due = PriceMove.objects.ahead().filter(Q(look_after=None) | Q(look_after__lte=at))
    rows = due.select_related(
        "membership__order__price", "membership__price", "from_price__offer", "to_price__offer__collection"
    ).order_by("look_after", "id")
    return one_by_one(if_any(rows[:limit]), lambda each: _look(each, at=at))


def _was_told_in_time(move: PriceMove) -> bool:
    until = move.membership.paid_until()
    return until is not None and until >= move.not_before


def _look(move: PriceMove, *, at: datetime) -> bool:
    membership = move.membership
    PriceMove.objects.filter(pk=move.pk).update(look_after=at + _PAUSE)
    is_over = membership.state == Membership.State.ENDED or membership.end_wanted_at is not None
    if is_over or membership.current_price != move.from_price:  # he has changed his plan himself
        return move.drop(at=at)
    if membership.state != Membership.State.ACTIVE or not _was_told_in_time(move):
        return False
    try:
        stripe_plans.renew_at(
            membership.subscription_id or "",
            price_id=stripe_prices.at_stripe(move.to_price),
            instead_of=stripe_prices.at_stripe(move.from_price),
        )
    except (StripeUnavailable, OutcomeUnknown):
        return False
    except StripeRefused as error:
        logger.error("Stripe refused a new price", extra={"code": error.code, "move": move.pk})
        return False
    with transaction.atomic():
        return move.apply(at=at)

"""Another plan for after the one that is paid: chosen now, charged when that is over, and undone freely."""

import logging
from datetime import datetime

from django.db import transaction

from billing.buying import selling
from billing.joining import member_letters, plan_prospects, stripe_prices
from billing.joining.plan_change import MayNotChange
from billing.models import Membership, PriceMove
from billing.stripe import stripe_plans
from billing.stripe.intents import OutcomeUnknown, StripeRefused, StripeUnavailable
from videos.models import Price

logger = logging.getLogger(__name__)


def choose(membership: Membership, price_id: int, *, at: datetime) -> Membership:
    """This will let a membership go on with another plan once the year that is paid is over.

    Nothing is charged or given back now. A second call changes nothing.

    :raises MayNotChange: the membership ends or owes, or there is no such plan.
    :raises StripeUnavailable: Stripe does not answer; press once more, nothing is done twice.
    :raises selling.ReadOnly: the shop takes no wishes just now.
    """
    selling.check_wishes()
    if membership.current_price.pk == price_id:
        return membership
    plans = {each.pk: each for each in plan_prospects.later_plans(membership)}
    price, until = plans.get(price_id), membership.paid_until()
    if price is None or until is None or not plan_prospects.may_change(membership) or until <= at:
        raise MayNotChange
    try:
        stripe_plans.go_on_with(
            membership.subscription_id or "",
            price_id=stripe_prices.at_stripe(price),
            from_=until,
        )
    except OutcomeUnknown as error:
        raise StripeUnavailable from error
    except StripeRefused as error:
        logger.warning("Stripe refused a later plan", extra={"code": error.code})
        raise MayNotChange from error
    _note(membership, price, until, at=at)
    membership.refresh_from_db()
    return membership


@transaction.atomic
def _note(membership: Membership, price: Price, until: datetime, *, at: datetime) -> None:
    locked = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
    if locked.current_price == price:
        return  # pressed twice
    PriceMove.objects.ahead().filter(membership=locked).update(dropped_at=at)
    move = PriceMove.objects.create(
        membership=locked,
        from_price=locked.current_price,
        to_price=price,
        asked_at=at,
        not_before=until,
        applied_at=at,
    )
    Membership.objects.filter(pk=locked.pk).update(price=price)
    member_letters.tell_new_price(move)

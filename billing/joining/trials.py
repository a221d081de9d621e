"""A membership's first days for nothing: who gets them, and the card that they leave on file."""

from collections.abc import Iterable

from django.db.models import Q

from accounts.identity import Viewer
from billing.models import Membership, Order
from billing.settling.decline_sentences import sentence
from billing.settling.fulfilment import TRIAL_USED
from billing.stripe import stripe_setups, stripe_subscriptions
from billing.stripe.stripe_subscriptions import Subscription
from videos.models import Offer

GONE = sentence(TRIAL_USED)


class TrialGone(Exception):
    """The viewer had these days for nothing before. Nothing was written."""


def days_for(viewer: Viewer, offers: Iterable[Offer]) -> dict[int, int]:
    """This will tell how many days for nothing the viewer gets of each offer, by its id; offers that give
    none are left out. One query, and none where no offer gives any.

    Who had a trial of the same collection gets none: the same user, the same browser, whoever holds its pass,
    and whose card was found to have had one. What cannot be known before a card is typed, `fulfilment.settle`
    finds out once it is.
    """
    with_trial = [offer for offer in offers if offer.trial_days]
    gone = _had(viewer) if with_trial else set()
    return {offer.pk: offer.trial_days for offer in with_trial if offer.collection_id not in gone}


def check(viewer: Viewer, offer: Offer) -> None:
    """This will refuse a trial that was used since its quote was signed.

    The offer may give none any more: what was quoted holds.
    :raises TrialGone: see there.
    """
    if offer.collection_id in _had(viewer):
        raise TrialGone


def _had(viewer: Viewer) -> set[int | None]:
    used = Q(state=Order.State.PAID) | Q(payments__decline_code=TRIAL_USED)
    orders = Order.objects.held_by(viewer).filter(used, trial_days__gt=0)
    return set(orders.values_list("offer__collection", flat=True))


def keep_card(order: Order, subscription: Subscription) -> Subscription:
    """This will let Stripe charge what follows a trial to the card that was put on file for it.

    Stripe does not do so by itself. Again, or for a membership that began otherwise: nothing changes.
    """
    has_card = order.is_trial and order.is_paid and order.intent_id
    if not has_card or subscription.card or subscription.state == Membership.State.ENDED:
        return subscription
    card = stripe_setups.retrieve(order.intent_id or "").tried_card
    return stripe_subscriptions.charge_to(subscription.id, card) if card else subscription

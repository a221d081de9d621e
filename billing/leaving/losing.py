"""Whose orders lose a film that leaves its owners too, and what of it the shop gives back by its rule.

The rule stands on the page "Getting your money back": who bought the film itself within so many days
(`TAKE_DOWN_REFUND_DAYS`) before it leaves gets all of it, and so does who rented it and could watch still.
Who bought once its page said that it leaves gets nothing, unless he never could watch. Of a collection
nothing goes back by itself.
"""

from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from billing.buying import quotes
from billing.models import Dispute, Order, Payment, Refund
from videos.models import Entitlement, Offer, TakeDown


def losing(taken: TakeDown) -> QuerySet[Order]:
    """This will find the paid orders by which a film could be watched on, had it not left."""
    rights = Entitlement.objects.filter(
        Q(ends_at__gt=taken.leaves_at)
        | Q(ends_at=None, start_by__gt=taken.leaves_at)
        | Q(ends_at=None, start_by=None),
        reason=Entitlement.Reason.PURCHASE,
        reference=OuterRef("reference"),
        revoked_at=None,
    )
    its = Q(video=taken.video_id) | Q(collection__items__video=taken.video_id)
    offers = Offer.objects.filter(its).values("pk")
    return Order.objects.filter(Exists(rights), offer__in=offers, state=Order.State.PAID)


def owed(taken: TakeDown) -> QuerySet[Order]:
    """This will find the orders of which the rest of what was paid goes back, and has not yet.

    While a bank holds the money, or has given it back itself, nothing is owed.
    """
    given = Refund.objects.filter(
        order=OuterRef("pk"), reason=Refund.Reason.TAKEN_DOWN, asker=Refund.Asker.SHOP
    )
    barred = Dispute.objects.barring_refunds().filter(order=OuterRef("pk"))
    since = taken.leaves_at - timedelta(days=settings.TAKE_DOWN_REFUND_DAYS)
    is_late_enough = ~Q(offer__kind=Offer.Kind.OWN) | Q(paid_at__gte=since)
    return losing(taken).filter(
        _untold(taken),
        is_late_enough,
        ~Exists(given),
        ~Exists(barred),
        offer__video=taken.video_id,
        refunded_minor__lt=F("total_minor"),
    )


def untold(taken: TakeDown) -> QuerySet[Order]:
    """This will find the orders that lose it and were made before the page beside the price said so."""
    return losing(taken).filter(_untold(taken))


def standing_of(order: Order) -> TakeDown | None:
    """This will find by which take-down an order of a film loses it."""
    video_id = order.offer.video_id
    if video_id is None:
        return None
    standing = TakeDown.objects.standing().filter(owners=TakeDown.Owners.LOSE, video=video_id)
    return standing.select_related("video").first()


def _untold(taken: TakeDown) -> Q:
    """A price is promised for as long as its quote: who pressed Pay on an older page was not told.

    An order may have been begun long before, and be paid by a later try: on a page that said so.
    """
    told_from = taken.asked_at + quotes.LIFETIME
    never_watched = Q(paid_at__gte=taken.leaves_at)
    # Beside the others, not within an OR, where the database would read through all payments.
    later_tries = Payment.objects.filter(
        order=OuterRef("pk"), sent_at__gte=told_from, order__paid_at__lt=taken.leaves_at
    )
    return (Q(created_at__lt=told_from) | never_watched) & Q(~Exists(later_tries))

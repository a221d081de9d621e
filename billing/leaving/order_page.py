"""What the order's page says once what was bought leaves, or has left."""

from datetime import datetime

from django.utils.translation import gettext as _

from billing.leaving import losing
from billing.models import Order, Refund
from videos import leaving
from videos.models import Collection, Video


def of(order: Order, *, at: datetime) -> dict[str, object]:
    """This will say what became of what was bought; `has_left` tells that nobody may watch it any more."""
    target = order.offer.target
    if isinstance(target, Collection):
        return {"leaving": _of_parts(target, at=at), "has_left": False}
    if target.watched_until is None or not order.is_paid:
        return {"leaving": [], "has_left": False}
    if target.may_be_watched(at=at):
        words = [leaving.until_text(target, order.time_zone)]
        return {"leaving": [*words, *_given(order)], "has_left": False}
    words = [leaving.what_happened(target, time_zone=order.time_zone)]
    return {"leaving": [*words, *_given(order)], "has_left": True}


def _given(order: Order) -> list[str]:
    """What of it goes back, or why nothing does. What went back stands on the page beside it."""
    taken = losing.standing_of(order)
    if taken is None or order.is_refunded or order.refunds.filter(reason=Refund.Reason.TAKEN_DOWN).exists():
        return []
    if losing.owed(taken).filter(pk=order.pk).exists():
        return [_("Once it has left, what you paid goes back to your card by itself.")]
    # Two questions of this one order: as one, the database would go through all that lose it.
    is_untold = losing.untold(taken).filter(pk=order.pk).exists()
    if not is_untold and losing.losing(taken).filter(pk=order.pk).exists():
        return [_("Its page said so when you bought it, so nothing goes back by itself.")]
    return []


def _of_parts(collection: Collection, *, at: datetime) -> list[str]:
    gone = Video.objects.filter(items__collection=collection, watched_until__lte=at).with_texts()
    return [leaving.part_gone(film) for film in gone.order_by("items__position")]

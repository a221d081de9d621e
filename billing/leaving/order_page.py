"""What the order's page says once what was bought leaves, or has left."""

from datetime import datetime

from billing.models import Order
from videos import leaving
from videos.models import Collection, Video


def of(order: Order, *, at: datetime) -> dict[str, object]:
    """This will say what became of what was bought; `has_left` tells that nobody may watch it any more."""
    target = order.offer.target
    if isinstance(target, Collection):
        return {"leaving": _of_parts(target, at=at), "has_left": False}
    if target.watched_until is None:
        return {"leaving": [], "has_left": False}
    if target.may_be_watched(at=at):
        return {"leaving": [leaving.until_text(target, order.time_zone)], "has_left": False}
    return {"leaving": leaving.once_gone(target, time_zone=order.time_zone), "has_left": True}


def _of_parts(collection: Collection, *, at: datetime) -> list[str]:
    gone = Video.objects.filter(items__collection=collection, watched_until__lte=at).with_texts()
    return [leaving.part_gone(film) for film in gone.order_by("items__position")]

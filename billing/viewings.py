"""All viewings of one buyer, for who is written to that it doesn't play."""

from django.db.models import Q

from accounts.models import normalize_email
from billing.models import Order
from videos.models import Entitlement, PlaybackSession
from videos.watching import play_history
from videos.watching.play_history import PlayMoment

_MOST_ORDERS = 20
_MOST_VIEWINGS = 50


def find_orders(term: str) -> list[Order]:
    """This will find what a buyer bought last, by his whole address, an order's reference or its beginning,
    or the last four digits of the card.
    """
    if not term:
        return []
    if "@" in term:
        named = Q(email=normalize_email(term))
    elif len(term) == 4 and term.isascii() and term.isdigit():
        named = Q(card_last4=term)
    else:
        named = Q(reference__startswith=term.lower())
    found = Order.objects.filter(named).select_related("offer__video", "offer__collection")
    return list(found.order_by("-id")[:_MOST_ORDERS])


def told(orders: list[Order]) -> list[PlayMoment]:
    """This will tell of the viewings under what was bought, the newest moment first."""
    rights = Entitlement.objects.filter(reference__in=[order.reference for order in orders])
    sessions = PlaybackSession.objects.filter(entitlement__in=rights.values("id"))
    moments = play_history.of(sessions, at_most=_MOST_VIEWINGS)
    return sorted(moments, key=lambda moment: moment.at)[::-1]  # of one second too, the last first

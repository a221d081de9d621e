"""What a take-down would do, before anybody decides: who has the film, and what would go back."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Sum

from billing.leaving import losing
from billing.models import Order
from videos import money
from videos.models import Offer, TakeDown, Video

_SHOWN = 50


@dataclass(frozen=True)
class Prospect:
    """How many orders own the film, rent it, or have it as a part; `back` is each currency's sum in words."""

    owned: int
    rented: int
    in_collections: int
    orders_given_back: int
    back: list[str]


def of(video: Video, *, leaves_at: datetime, owners: str, at: datetime) -> Prospect:
    """This will count what a film's leaving would mean, if nothing is bought until then."""
    asked = TakeDown(video=video, leaves_at=max(leaves_at, at), owners=owners, asked_at=at)
    return of_take_down(asked)


def of_take_down(taken: TakeDown) -> Prospect:
    """This will count the same of one that was asked for: what is left to be given back."""
    losers = losing.losing(taken)
    kinds = dict(losers.filter(offer__video=taken.video_id).values_list("offer__kind").annotate(Count("pk")))
    sums = losing.owed(taken).values("currency").order_by("currency")
    rows = list(sums.annotate(orders=Count("pk"), minor=Sum(F("total_minor") - F("refunded_minor"))))
    if not taken.owners_lose_it:
        rows = []
    return Prospect(
        owned=kinds.get(Offer.Kind.OWN, 0),
        rented=kinds.get(Offer.Kind.RENT, 0),
        in_collections=losers.filter(offer__video=None).count(),
        orders_given_back=sum(row["orders"] for row in rows),
        back=[money.format_amount(row["minor"], row["currency"]) for row in rows],
    )


def for_staff(taken: TakeDown) -> list[Order]:
    """This will list the orders of whole collections that lose the film, the newest first: what of them goes
    back, a person decides.
    """
    if not taken.owners_lose_it:
        return []
    parts = losing.losing(taken).filter(offer__video=None)
    return list(parts.select_related("offer__collection").order_by("-id")[:_SHOWN])

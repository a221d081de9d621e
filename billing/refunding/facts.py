"""Gathers what a refund is decided on from the shop's rows: what was bought, paid, said and watched."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from accounts.models import Mail
from billing.models import Order
from billing.refunding.cases import Consents, Kind, Reason, RefundCase, Watched
from videos.models import Entitlement, PlaybackSession, Video, WatchProgress

# Where a buyer's own time zone tells his country: what is left where his card does not. A wrong guess costs
# nothing: of all rules that have a say the one that gives most is followed, and without a country the shop's
# own remain.
_ZONES: Final = """KR Asia/Seoul GB Europe/London AT Europe/Vienna BE Europe/Brussels BG Europe/Sofia
    HR Europe/Zagreb CY Asia/Nicosia CZ Europe/Prague DK Europe/Copenhagen EE Europe/Tallinn
    FI Europe/Helsinki FR Europe/Paris DE Europe/Berlin GR Europe/Athens HU Europe/Budapest
    IE Europe/Dublin IT Europe/Rome LV Europe/Riga LT Europe/Vilnius LU Europe/Luxembourg MT Europe/Malta
    NL Europe/Amsterdam NO Europe/Oslo PL Europe/Warsaw PT Europe/Lisbon RO Europe/Bucharest
    SK Europe/Bratislava SI Europe/Ljubljana ES Europe/Madrid SE Europe/Stockholm IS Atlantic/Reykjavik
    LI Europe/Vaduz"""
_COUNTRY_OF: Final = dict(zip(_ZONES.split()[1::2], _ZONES.split()[::2], strict=True))


def case_of(order: Order, *, reason: Reason, is_bought_twice: bool = False, at: datetime) -> RefundCase:
    """This will lay out a paid order as a case for the rules, as it stands at this instant."""
    rights = Entitlement.objects.filter(reason=Entitlement.Reason.PURCHASE, reference=order.reference)
    right = rights.first()
    seen = _seen(right, at=at) if right else _Seen(Watched(), 0)
    films = _films(order)
    return RefundCase(
        kind=Kind(order.offer.kind),
        country=country_of(order),
        time_zone=order.time_zone,
        paid_at=order.paid_at or order.created_at,
        amount_minor=order.total_minor,
        currency=order.currency,
        refunded_minor=order.refunded_minor,
        consents=_consents(order),
        reason=reason,
        watched=seen.watched,
        runtime_seconds=sum(film.duration_seconds or 0 for film in films),
        films=max(len(films), 1),
        films_started=min(seen.films_started, max(len(films), 1)),
        start_by=right.start_by if right else None,
        started_at=_started_at(right),
        is_bought_twice=is_bought_twice,
        is_disputed=order.disputes.barring_refunds().exists(),
    )


def country_of(order: Order) -> str:
    """This will tell by whose law the buyer is protected: his card's country, or else what he said or where
    his clock is; "" where nothing tells.
    """
    return order.card_country or order.stated_country or _COUNTRY_OF.get(order.time_zone, "")


@dataclass(frozen=True)
class _Seen:
    watched: Watched
    films_started: int


def _seen(right: Entitlement, *, at: datetime) -> _Seen:
    """What was watched by this right: the player's reports, and the time for which links were handed out.

    Links of one film that overlap count once; what is left of one at this instant was not watched yet.
    """
    sessions = list(PlaybackSession.objects.filter(entitlement=right).order_by("opened_at", "id"))
    viewers, films = {each.viewer_code_id for each in sessions}, {each.video_id for each in sessions}
    progress = WatchProgress.objects.filter(
        viewer_code__in=viewers, video__in=films, reported_at__gte=right.starts_at
    )
    reports = list(progress.values_list("video_id", "watched_seconds"))
    granted = {
        film: _covered(
            [(each.opened_at, min(each.link_until, at)) for each in sessions if each.video_id == film]
        )
        for film in films
    }
    played = {each.video_id for each in sessions if each.player_id}
    played |= {film for film, seconds in reports if seconds}
    watched = Watched(
        reported_seconds=sum(seconds for _film, seconds in reports), granted_seconds=sum(granted.values())
    )
    return _Seen(watched, len(played))


def _covered(spans: Iterable[tuple[datetime, datetime]]) -> int:
    """How many seconds lie within any of the spans, which are given by their beginnings' order."""
    total, reached = timedelta(0), None
    for begins, ends in spans:
        begins = begins if reached is None else max(begins, reached)
        if ends > begins:
            total, reached = total + (ends - begins), ends
    return int(total.total_seconds())


def _films(order: Order) -> list[Video]:
    if order.offer.video:
        return [order.offer.video]
    return list(Video.objects.filter(items__collection=order.offer.collection))


def _consents(order: Order) -> Consents:
    """What was agreed at the purchase: so far nobody is asked, and only the receipt confirms anything."""
    receipt = Mail.objects.filter(cause=f"receipt:{order.reference}").first()
    confirmed_at = receipt.sent_at if receipt else None
    return Consents(wanted_at_once=False, knew_of_loss=False, told_at=None, confirmed_at=confirmed_at)


def _started_at(right: Entitlement | None) -> datetime | None:
    if right is None or right.ends_at is None or right.hours_once_started is None:
        return None
    return right.ends_at - timedelta(hours=right.hours_once_started)

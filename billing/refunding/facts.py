"""Gathers what a refund is decided on from the shop's rows: what was bought, paid, said and watched."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from accounts.models import Mail
from billing.consenting import countries, laws
from billing.models import Consent, MembershipPeriod, Order
from billing.refunding.cases import Consents, Kind, Membership, Reason, RefundCase, Watched
from videos.models import Entitlement, PlaybackSession, Video, WatchProgress


def case_of(order: Order, *, reason: Reason, is_bought_twice: bool = False, at: datetime) -> RefundCase:
    """This will lay out a paid order as a case for the rules, as it stands at this instant."""
    period = _period(order)
    rights = Entitlement.objects.filter(
        reason=Entitlement.Reason.MEMBERSHIP if period else Entitlement.Reason.PURCHASE,
        reference=period.membership.order.reference if period else order.reference,
    )
    right = rights.first()
    since = order.paid_at if period else None
    seen = _seen(right, since=since, at=at) if right else _Seen(Watched(), 0)
    films = _films(order)
    country = country_of(order)
    contract = period.membership.order if period else order
    return RefundCase(
        kind=Kind(order.offer.kind),
        country=country,
        time_zone=order.time_zone,
        paid_at=order.paid_at or order.created_at,
        amount_minor=order.total_minor,
        currency=order.currency,
        refunded_minor=order.refunded_minor,
        consents=_consents(contract, country),
        reason=reason,
        watched=seen.watched,
        runtime_seconds=sum(film.duration_seconds or 0 for film in films),
        films=max(len(films), 1),
        films_started=min(seen.films_started, max(len(films), 1)),
        start_by=right.start_by if right else None,
        started_at=_started_at(right),
        is_bought_twice=is_bought_twice,
        is_disputed=order.disputes.barring_refunds().exists(),
        membership=_membership(period) if period else None,
    )


def country_of(order: Order) -> str:
    """This will tell by whose law the buyer is protected: his card's country, or else what he said or where
    his clock is; "" where nothing tells.
    """
    return order.card_country or order.stated_country or _likely(order)


def readings(
    order: Order, *, reason: Reason, is_bought_twice: bool = False, at: datetime
) -> list[RefundCase]:
    """This will lay the order out once by the law of the buyer's country and, where the words that he read
    before he paid were another law's, once more by that one: what they promised holds too.
    """
    case = case_of(order, reason=reason, is_bought_twice=is_bought_twice, at=at)
    period = _period(order)
    contract = period.membership.order if period else order
    given = Consent.objects.filter(order=contract).first()
    shown = _likely(order)
    if given is None or not given.law or given.law != laws.law_of(shown) or shown == case.country:
        return [case]
    return [case, replace(case, country=shown, consents=_consents(contract, shown))]


def _likely(order: Order) -> str:
    return countries.likely(time_zone=order.time_zone, currency=order.currency, language=order.language)


def _period(order: Order) -> MembershipPeriod | None:
    periods = MembershipPeriod.objects.filter(order=order).select_related("membership__order")
    return periods.first() if order.offer.is_membership else None


def _membership(period: MembershipPeriod) -> Membership:
    contract_at = period.membership.order.paid_at or period.membership.order.created_at
    return Membership(contract_at=contract_at, starts_at=period.starts_at, ends_at=period.ends_at)


@dataclass(frozen=True)
class _Seen:
    watched: Watched
    films_started: int


def _seen(right: Entitlement, *, since: datetime | None, at: datetime) -> _Seen:
    """What was watched by this right: the player's reports, and the time for which links were handed out.

    Links of one film that overlap count once; what is left of one at this instant was not watched yet.
    """
    held = PlaybackSession.objects.filter(entitlement=right)
    if since is not None:
        held = held.filter(opened_at__gte=since)
    sessions = list(held.order_by("opened_at", "id"))
    viewers, films = {each.viewer_code_id for each in sessions}, {each.video_id for each in sessions}
    progress = WatchProgress.objects.filter(
        viewer_code__in=viewers, video__in=films, reported_at__gte=since or right.starts_at
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


def _consents(order: Order, country: str) -> Consents:
    """What was said and taken at the purchase, and when the receipt that confirms it was first handed over.

    What a membership began with holds for all that it pays.

    What another law's words say binds nobody under this one, but who was warned of what watching ends, in
    whatever words, was warned.
    """
    receipt = Mail.objects.filter(cause=f"receipt:{order.reference}").first()
    confirmed_at = receipt.first_sent_at if receipt else None
    given = Consent.objects.filter(order=order).first()
    if given is None:
        return Consents(False, False, None, confirmed_at)
    is_same_law = given.law == laws.law_of(country)
    return Consents(
        wanted_at_once=given.wanted_at_once and is_same_law,
        knew_of_loss=given.knew_of_loss,
        told_at=given.given_at if is_same_law else None,
        confirmed_at=confirmed_at,
    )


def _started_at(right: Entitlement | None) -> datetime | None:
    if right is None or right.ends_at is None or right.hours_once_started is None:
        return None
    return right.ends_at - timedelta(hours=right.hours_once_started)

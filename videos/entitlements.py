"""Who may watch what: granted by a purchase or a gift, taken away by a refund, asked at each play."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Greatest

from accounts.identity import Viewer
from accounts.models import User
from videos.models import Collection, Entitlement, Offer, Video
from videos.models.rights import EntitlementQuerySet

_SHORTEST = timedelta(seconds=1)
_PAID_FOR = (Entitlement.Reason.PURCHASE, Entitlement.Reason.MEMBERSHIP)


def grant(offer: Offer, *, user_id: int | None, reference: str, at: datetime) -> Entitlement:
    """This will open what the offer promises, from `at` on, for the purchase `reference`.

    A second call for the same reference returns the first row unchanged, revoked or not.
    """
    entitlement, _ = Entitlement.objects.get_or_create(
        reason=Entitlement.Reason.PURCHASE,
        reference=reference,
        video=offer.video,
        collection=offer.collection,
        defaults={
            "user_id": user_id,
            "starts_at": at,
            "start_by": at + timedelta(days=offer.days_to_start) if offer.days_to_start else None,
            "hours_once_started": offer.hours_once_started,
        },
    )
    return entitlement


def open_membership(
    offer: Offer, *, user_id: int | None, reference: str, ends_at: datetime, at: datetime
) -> Entitlement:
    """This will open what a membership promises until `ends_at`, for the membership `reference`.

    A second call for the same reference returns the first row unchanged.
    """
    entitlement, _ = Entitlement.objects.get_or_create(
        reason=Entitlement.Reason.MEMBERSHIP,
        reference=reference,
        video=None,
        collection=offer.collection,
        defaults={"user_id": user_id, "starts_at": at, "ends_at": max(ends_at, at + _SHORTEST)},
    )
    return entitlement


def move_membership(reference: str, *, ends_at: datetime) -> bool:
    """This will let what a membership opened end then, on the same row, and return whether that is news."""
    rights = Entitlement.objects.filter(reason=Entitlement.Reason.MEMBERSHIP, reference=reference)
    # A right that would end before it began ends as soon as it can.
    moved = Greatest(Value(ends_at), F("starts_at") + _SHORTEST)
    return bool(rights.exclude(ends_at=ends_at).update(ends_at=moved))


def give(target: Video | Collection, user: User, *, reference: str, note: str, at: datetime) -> Entitlement:
    """This will let a user watch the target as a gift, for the reason given. Again: the same row."""
    entitlement, _ = Entitlement.objects.get_or_create(
        reason=Entitlement.Reason.GIFT,
        reference=reference,
        video=target if isinstance(target, Video) else None,
        collection=target if isinstance(target, Collection) else None,
        defaults={"user": user, "note": note, "starts_at": at},
    )
    return entitlement


def revoke(entitlement: Entitlement, *, because: str, at: datetime) -> bool:
    """This will end the right at once and return whether this call did it. A second call changes nothing."""
    changed = Entitlement.objects.filter(pk=entitlement.pk, revoked_at=None).update(
        revoked_at=at, revoked_because=because
    )
    return bool(changed)


def revoke_purchase(reference: str, *, because: str, at: datetime) -> None:
    """This will end at once whatever a purchase or a membership opened.

    What has ended already stays as it is.
    """
    for right in Entitlement.objects.filter(reason__in=_PAID_FOR, reference=reference):
        revoke(right, because=because, at=at)


def reopen_purchase(reference: str, *, because: tuple[str, ...]) -> None:
    """This will open again what `revoke_purchase` ended for one of these very reasons, and nothing else."""
    ended = Entitlement.objects.filter(reason__in=_PAID_FOR, reference=reference)
    ended.filter(revoked_at__isnull=False, revoked_because__in=because).update(
        revoked_at=None, revoked_because=""
    )


def hand_over(references: QuerySet[Any, str], *, user_id: int) -> None:
    """This will make the user the holder of what these purchases opened. What has a holder keeps him."""
    Entitlement.objects.filter(user=None, reference__in=references).update(user=user_id)


def may_watch(viewer: Viewer, video: Video, *, at: datetime) -> bool:
    """This will tell whether any right the viewer holds opens the video at this instant."""
    return best(viewer, video, at=at) is not None


def best(viewer: Viewer, video: Video, *, at: datetime) -> Entitlement | None:
    """This will find the right to play by: one that never ends before a rental, so that no rental starts
    in vain.
    """
    if viewer.is_nobody:
        return None
    return (
        Entitlement.objects.held_by(viewer).valid(at=at).opening(video, at=at).order_by(*BEST_FIRST).first()
    )


BEST_FIRST = (F("hours_once_started").asc(nulls_first=True), F("ends_at").desc(nulls_first=True), "id")


def owns(viewer: Viewer, offer: Offer, *, at: datetime) -> bool:
    """This will tell whether buying the offer would give the viewer nothing he has not got already.

    A right that begins after `at` counts: it was bought in another tab while this request waited.
    """
    return not viewer.is_nobody and covers(Entitlement.objects.held_by(viewer), offer, at=at)


def owns_any(viewer: Viewer, offers: Iterable[Offer], *, at: datetime) -> bool:
    """This will tell whether the viewer owns one of these offers already.

    Who has what the least of a film's or a collection's offers promises is asked once, since whoever has
    more has that too.
    """
    least: dict[tuple[int | None, int | None], Offer] = {}
    for offer in sorted(offers, key=lambda offer: _MOST_FIRST.index(offer.kind)):
        least[offer.video_id, offer.collection_id] = offer
    return any(owns(viewer, offer, at=at) for offer in least.values())


# What `covers` asks of a right for the one before holds for the ones behind it.
_MOST_FIRST = (Offer.Kind.OWN, Offer.Kind.MEMBERSHIP, Offer.Kind.RENT)


def covers(rights: EntitlementQuerySet, offer: Offer, *, at: datetime) -> bool:
    """This will tell whether these rights, now or later, let their holder do all that the offer would."""
    held = rights.lasting(at=at)
    if offer.kind == Offer.Kind.OWN:
        held = held.filter(hours_once_started=None, ends_at=None)
    if offer.kind == Offer.Kind.MEMBERSHIP:
        held = held.filter(hours_once_started=None)
    if offer.video:
        return held.opening(offer.video, at=at).exists()
    return held.filter(collection=offer.collection).exists() or held.filter(everything=True).exists()

"""Rentals whose hours run out: which of them are still of use to somebody, and who was told so."""

from datetime import datetime, timedelta

from django.db.models import Q

from videos.models import Entitlement, Video, WatchProgress
from videos.playback import resume_position

_AT_ONCE = 500


def running_out(*, at: datetime, within: timedelta) -> list[Entitlement]:
    """This will list the started rentals that end within that time, or within half of their hours if that is
    shorter, and of which nobody was told yet. Those that end first come first.
    """
    near = Entitlement.objects.filter(
        hours_once_started__isnull=False,
        end_told_at=None,
        revoked_at=None,
        ends_at__gt=at,
        ends_at__lte=at + within,
    )
    rows = near.select_related("video", "collection").order_by("ends_at", "id")[:_AT_ONCE]
    return [right for right in rows if right.ends_at and right.ends_at - at <= _half_of(right)]


def tell_once(right: Entitlement, *, at: datetime) -> bool:
    """This will note that its end was told of, and return whether this call did: of an end, once."""
    waiting = Entitlement.objects.filter(pk=right.pk, end_told_at=None, revoked_at=None)
    return bool(waiting.update(end_told_at=at))


def is_seen_to_its_end(right: Entitlement, *, at: datetime) -> bool:
    """This will tell whether every film that it opens was watched to the end by who watches by it."""
    films = _films(right, at=at)
    his = Q(viewer_code__sessions__entitlement=right)
    if right.user_id is not None:
        his |= Q(viewer_code__user=right.user_id)
    progress = WatchProgress.objects.filter(his, video__in=films).select_related("video")
    seen = {each.video_id for each in progress.distinct() if _is_at_end(each)}
    return {film.pk for film in films} <= seen


def _half_of(right: Entitlement) -> timedelta:
    return timedelta(hours=right.hours_once_started or 0) / 2


def _films(right: Entitlement, *, at: datetime) -> list[Video]:
    if right.video is not None:
        return [right.video]
    return list(Video.objects.in_shop(at=at).filter(items__collection=right.collection_id))


def _is_at_end(progress: WatchProgress) -> bool:
    length = progress.video.duration_seconds
    is_at_end = progress.position_seconds >= 3 and not resume_position(progress.position_seconds, length)
    return is_at_end or progress.watched_seconds >= length

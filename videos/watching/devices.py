"""A viewer's devices: what plays where, what played lately, and how to end it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.timesince import timesince

from accounts.identity import Viewer
from videos import playback
from videos.models import PlaybackSession, StreamLease

# What a device is called is kept no longer than it is shown.
KEPT_FOR: Final = timedelta(days=30)
_MOST: Final = 200
_AT_ONCE: Final = 5000


@dataclass(frozen=True)
class Device:
    """One browser: what it is called, the film that played there last, and how long ago, empty for a moment.

    `session` names what plays there now, and is empty where nothing does.
    """

    name: str
    title: str
    url: str
    is_here: bool
    session: str = ""
    ago: str = ""


def of(viewer: Viewer, *, at: datetime) -> list[Device]:
    """This will list the viewer's browsers, those that play first, then by when they last did. What was only
    downloaded there was not watched.
    """
    codes = playback.codes_of(viewer)
    is_watched = Q(opened_at__gt=at - KEPT_FOR, is_to_keep=False)
    is_watched |= Q(is_to_keep=True, copy__played_at__gt=at - KEPT_FOR)
    lately = PlaybackSession.objects.filter(is_watched, viewer_code__in=codes)
    rows = lately.select_related("video", "copy").prefetch_related("video__texts").order_by("-id")[:_MOST]
    held = StreamLease.objects.alive(at=at).filter(viewer_code__in=codes, slot__lte=settings.STREAMS_AT_ONCE)
    playing = set(held.values_list("session_id", flat=True))
    newest: dict[tuple[str, str], PlaybackSession] = {}
    for row in sorted(rows, key=lambda row: row.pk not in playing):
        newest.setdefault((row.browser, row.device), row)
    return [_device(row, viewer, is_playing=row.pk in playing, at=at) for row in newest.values()]


@transaction.atomic
def end(viewer: Viewer, session: str, *, at: datetime) -> bool:
    """This will end one of the viewer's sessions for good, and return whether this call did. Its page hears
    of it with its next sign of life.
    """
    his = PlaybackSession.objects.filter(viewer_code__in=playback.codes_of(viewer), reference=session)
    ended = his.filter(ended_at=None).update(ended_at=at)
    StreamLease.objects.filter(session__in=his).delete()
    return bool(ended)


def forget(*, at: datetime) -> int:
    """This will forget what devices were called that nobody is shown any more, and return how many viewings
    were gone through.
    """
    named = PlaybackSession.objects.filter(~Q(device="") | ~Q(browser=""), opened_at__lte=at - KEPT_FOR)
    old = list(named.order_by("id").values_list("pk", flat=True)[:_AT_ONCE])
    return PlaybackSession.objects.filter(pk__in=old).update(device="", browser="")


def _last_played(row: PlaybackSession) -> datetime:
    if row.is_to_keep:
        return row.copy.played_at or row.opened_at
    # A page renews its link while it is open, so that its end tells when that last was.
    return max(row.link_until - timedelta(seconds=settings.KOLLUS_LINK_SECONDS), row.opened_at)


def _device(row: PlaybackSession, viewer: Viewer, *, is_playing: bool, at: datetime) -> Device:
    last = _last_played(row)
    return Device(
        name=row.device,
        title=row.video.title,
        url=row.video.get_absolute_url(),
        is_here=bool(row.browser) and row.browser == viewer.browser,
        session=row.reference if is_playing else "",
        ago="" if at - last < timedelta(minutes=1) else timesince(last, at, depth=1),
    )

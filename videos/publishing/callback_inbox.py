"""Notices of Kollus' servers: kept at once, worked through later, and looked up before they are believed."""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from accounts.sweeping import one_by_one
from videos.kollus.api_client import KollusRefused, KollusUnavailable
from videos.kollus.platform_notice import Notice
from videos.models import KollusEvent, KollusFilm, Video
from videos.publishing import arrivals

logger = logging.getLogger(__name__)

_LEASE = timedelta(seconds=90)
_LONGEST_GAP_SECONDS = 900
_MOST_TRIES = 60
_TRIES_UNTIL_THERE = 5


@transaction.atomic
def receive(notice: Notice, *, at: datetime) -> None:
    """This will keep a notice. The same one again, before it was worked through, changes nothing."""
    facts = {"kind": notice.kind, "upload_file_key": notice.upload_file_key, "told": notice.told}
    if not KollusEvent.objects.filter(**facts, processed_at=None).update(received_at=at):
        KollusEvent.objects.bulk_create([KollusEvent(**facts, received_at=at)], ignore_conflicts=True)


def look_again(video: Video, *, at: datetime) -> None:
    """This will have Kollus asked soon, as a notice would, about a film that was given another channel.

    It joins that one, even if it was taken out of the one before.
    """
    KollusFilm.objects.filter(video=video).update(left_channel_at=None, is_in_channel=False)
    if video.upload_file_key:
        receive(Notice(KollusEvent.Kind.UPDATE, video.upload_file_key, "moved"), at=at)


def process(event: KollusEvent, *, at: datetime) -> bool:
    """This will act on one event and return whether it is done now. Two workers never act on one at once."""
    if not event.claim(until=at + _LEASE, at=at):
        return False
    event.refresh_from_db()
    is_failure = event.kind == KollusEvent.Kind.TRANSCODING and event.told == "fail"
    try:
        outcome = arrivals.refresh(event.upload_file_key, at=at, is_told_failed=is_failure)
    except (KollusUnavailable, KollusRefused) as error:
        return _put_off(event, str(error), at=at)
    # Kollus tells of a file a moment before it can be asked of it, and answers from a cache that may lag.
    if outcome in (arrivals.NOT_THERE, arrivals.TAKEN_OUT) and event.attempts < _TRIES_UNTIL_THERE:
        return _put_off(event, outcome, at=at)
    event.mark_processed(outcome, at=at)
    return True


def sweep(*, at: datetime, limit: int = 20) -> int:
    """This will process what was received and not yet done, and return how many were."""
    due = KollusEvent.objects.due(at=at).order_by("received_at", "id")[:limit]
    return one_by_one(due, lambda event: process(event, at=at))


def _put_off(event: KollusEvent, why: str, *, at: datetime) -> bool:
    logger.info("a notice of Kollus waits", extra={"event": str(event), "why": why})
    if event.attempts >= _MOST_TRIES:  # sync_kollus finds what it would have told
        event.mark_processed("given up", at=at)
        return True
    gap = min(_LONGEST_GAP_SECONDS, 5 * 2 ** min(event.attempts, 10))
    event.put_off(why[:80], until=at + timedelta(seconds=gap))
    return False

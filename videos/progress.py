"""How far a viewer came: kept from the player's reports, however late, doubled or out of order they come."""

import logging
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.db.models.functions import Greatest

from videos.kollus import tokens
from videos.kollus.progress_report import ProgressReport
from videos.models import PlaybackSession, WatchProgress

logger = logging.getLogger(__name__)


def record(report: ProgressReport, *, at: datetime) -> bool:
    """This will keep the report if it is newer than what is kept, and return whether it changed anything.

    A report that is not of a session of ours, or of an earlier instant, changes nothing. The first minute
    watched starts a rental, should the player's own callback have been lost.
    """
    reference = tokens.read_session_mark(
        report.session_mark, cuid=report.cuid, media_content_key=report.media_content_key
    )
    session = _session(reference) if reference else None
    if session is None:
        logger.warning("progress report for no session of ours")
        return False
    if report.watched_seconds > 0 and session.entitlement.is_rental:
        session.entitlement.start(at=at)
    return _keep(report, session, at=at)


def _session(reference: str) -> PlaybackSession | None:
    return PlaybackSession.objects.select_related("entitlement", "video").filter(reference=reference).first()


def _keep(report: ProgressReport, session: PlaybackSession, *, at: datetime) -> bool:
    position = min(report.position_seconds, session.video.duration_seconds)
    watched = min(report.watched_seconds, session.video.duration_seconds)
    # A clock that runs ahead must not shut out the reports that follow.
    stood_at = min(report.stood_at, at + timedelta(minutes=1))
    rows: QuerySet[WatchProgress] = WatchProgress.objects.filter(
        viewer_code=session.viewer_code_id, video=session.video_id
    )
    newer = {
        "position_seconds": position,
        "watched_seconds": Greatest("watched_seconds", watched),
        "reported_at": stood_at,
    }
    if rows.filter(reported_at__lt=stood_at).update(**newer):
        return True
    if rows.exists():
        return False
    try:
        with transaction.atomic():
            WatchProgress.objects.create(
                viewer_code_id=session.viewer_code_id,
                video_id=session.video_id,
                position_seconds=position,
                watched_seconds=watched,
                reported_at=stood_at,
            )
    except IntegrityError:  # the first two reports came at once; the next one settles it
        return bool(rows.filter(reported_at__lt=stood_at).update(**newer))
    return True

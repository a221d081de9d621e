"""How far a viewer came: kept from the player's reports, however late, doubled or out of order they come."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Greatest

from videos import playback
from videos.kollus.progress_report import ProgressReport
from videos.models import PlaybackSession, WatchProgress


def record(report: ProgressReport, *, at: datetime) -> bool:
    """This will keep the report if it is newer than what is kept, and return whether it changed anything.

    A report of an earlier instant changes nothing. The first minute watched starts a rental, should the
    player's own callback have been lost.

    :raises playback.UnknownSession: the report is of no session of ours.
    """
    session = _session(report)
    if report.watched_seconds > 0:
        session.entitlement.start(at=at)
    # A clock that runs ahead must not shut out the reports that follow.
    stood_at = min(report.stood_at, at + timedelta(minutes=1))
    kept_at: datetime | None = vars(session)["kept_at"]
    if kept_at is None:
        return _keep_first(report, session, stood_at=stood_at)
    return stood_at > kept_at and _keep_newer(report, session, stood_at=stood_at)


def _session(report: ProgressReport) -> PlaybackSession:
    """With the instant of the progress kept so far, so that one query tells what is to be done."""
    kept = WatchProgress.objects.filter(viewer_code=OuterRef("viewer_code"), video=OuterRef("video"))
    session = (
        playback.sessions_marked(
            report.session_mark, cuid=report.cuid, media_content_key=report.media_content_key
        )
        .annotate(kept_at=Subquery(kept.values("reported_at")))
        .first()
    )
    if session is None:
        raise playback.UnknownSession
    return session


def _keep_first(report: ProgressReport, session: PlaybackSession, *, stood_at: datetime) -> bool:
    end = session.video.duration_seconds
    try:
        with transaction.atomic():
            WatchProgress.objects.create(
                viewer_code_id=session.viewer_code_id,
                video_id=session.video_id,
                position_seconds=min(report.position_seconds, end),
                watched_seconds=min(report.watched_seconds, end),
                reported_at=stood_at,
            )
    except IntegrityError:  # the first two reports came at once
        return _keep_newer(report, session, stood_at=stood_at)
    return True


def _keep_newer(report: ProgressReport, session: PlaybackSession, *, stood_at: datetime) -> bool:
    end = session.video.duration_seconds
    older = WatchProgress.objects.filter(
        viewer_code=session.viewer_code_id, video=session.video_id, reported_at__lt=stood_at
    )
    changed = older.update(
        position_seconds=min(report.position_seconds, end),
        watched_seconds=Greatest("watched_seconds", min(report.watched_seconds, end)),
        reported_at=stood_at,
    )
    return bool(changed)

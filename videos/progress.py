"""How far a viewer came: kept from the player's reports, however late, doubled or out of order they come."""

from datetime import datetime, timedelta

from videos import playback
from videos.kollus.progress_report import ProgressReport
from videos.models import playing_sql


def record(report: ProgressReport, *, at: datetime) -> bool:
    """This will keep the report if it is newer than what is kept, and return whether it changed anything.

    A report of an earlier instant changes nothing. The first minute watched starts a rental, should the
    player's own callback have been lost.

    :raises playback.UnknownSession: the report is of no session of ours.
    """
    session = playback.session_marked(
        report.session_mark, cuid=report.cuid, media_content_key=report.media_content_key
    )
    if report.watched_seconds > 0:
        session.entitlement.start(at=at)
    end = session.video.duration_seconds
    return playing_sql.keep_progress(
        code_id=session.viewer_code_id,
        video_id=session.video_id,
        position_seconds=min(report.position_seconds, end),
        watched_seconds=min(report.watched_seconds, end),
        # A clock that runs ahead must not shut out the reports that follow.
        stood_at=min(report.stood_at, at + timedelta(minutes=1)),
    )

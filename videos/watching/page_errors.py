"""What the player showed in the page instead of the film, for who is written to that it doesn't play."""

from datetime import datetime

from accounts.identity import Viewer
from videos import playback
from videos.models import Entitlement, PlaybackSession, play_log, playing_sql
from videos.models.play_log import Happened


def note(viewer: Viewer, reference: str, code: int, *, at: datetime) -> None:
    """This will keep the error that the player showed in the viewer's page.

    :raises playback.MayNotWatch: the session is not his.
    """
    sessions = PlaybackSession.objects.filter(entitlement__in=Entitlement.objects.held_by(viewer))
    session_id = sessions.filter(reference=reference).values_list("pk", flat=True).first()
    if session_id is None:
        raise playback.MayNotWatch
    playing_sql.note(session_id, play_log.line(Happened.ERROR, str(code), at=at))

"""What the player showed in the page instead of the film, for who is written to that it doesn't play."""

from datetime import datetime
from typing import Final

from accounts.identity import Viewer
from videos import playback
from videos.models import Entitlement, PlaybackSession, play_log, playing_sql
from videos.models.play_log import Happened

# Of what the shop says no to, what a player's one code for all of it does not tell; a place that was lost to
# another is told of by `leases`.
_UNTOLD: Final = (Happened.LINK_EXPIRED, Happened.OTHER_PLAYER, Happened.FILM_LEFT)


def note(viewer: Viewer, reference: str, code: int, *, at: datetime) -> Happened | None:
    """This will keep the error that the player showed in the viewer's page, and return why the shop had said
    no, where it was the last to speak.

    :raises playback.MayNotWatch: the session is not his.
    """
    sessions = PlaybackSession.objects.filter(entitlement__in=Entitlement.objects.held_by(viewer))
    found = sessions.filter(reference=reference).values_list("pk", "happened").first()
    if found is None:
        raise playback.MayNotWatch
    session_id, happened = found
    playing_sql.note(session_id, play_log.line(Happened.ERROR, str(code), at=at))
    last = play_log.last(happened)
    return last if last in _UNTOLD else None

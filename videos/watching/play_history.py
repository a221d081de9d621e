"""What is known of viewings, moment by moment: opened, asked, let in or refused, played, failed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from videos.kollus import player_errors
from videos.models import PlaybackSession, WatchProgress, play_log, played_parts
from videos.models.play_log import Happened
from videos.watching.clock import clock


@dataclass(frozen=True)
class PlayMoment:
    """`tone` is good, bad or empty."""

    at: datetime
    what: str
    detail: str
    tone: str
    session: PlaybackSession


def of(sessions: QuerySet[PlaybackSession], *, at_most: int) -> list[PlayMoment]:
    """This will tell of the newest of these viewings, in two queries however long that is."""
    rows = list(sessions.select_related("video", "viewer_code").order_by("-id")[:at_most])
    codes, videos = {each.viewer_code_id for each in rows}, {each.video_id for each in rows}
    kept = WatchProgress.objects.filter(viewer_code__in=codes, video__in=videos).exclude(parts="")
    parts = {(each.viewer_code_id, each.video_id): played_parts.read(each.parts) for each in kept}
    return [
        moment
        for session in rows
        for moment in _told(session, parts.get((session.viewer_code_id, session.video_id), {}))
    ]


def _told(session: PlaybackSession, parts: played_parts.Parts) -> Iterator[PlayMoment]:
    player = session.player_id or _("the player has not asked us yet")
    known = [str(session.video), str(session.viewer_code), session.device, player]
    opened = _("Handed over to be kept") if session.is_to_keep else _("Playback opened")
    yield PlayMoment(session.opened_at, opened, " · ".join(filter(None, known)), "", session)
    for line in play_log.read(session.happened):
        tone = "good" if line.what in play_log.GOOD else "" if line.what in play_log.PLAIN else "bad"
        yield PlayMoment(line.at, str(line.what.label), _explained(line), tone, session)
    for start, stretches in parts.items():
        session_id, _slash, begun = start.partition("/")
        if session_id == str(session.pk) and stretches:
            played = clock(sum(length for _second, length in stretches))
            furthest = clock(max(second + length for second, length in stretches))
            detail = _("%(played)s played, as far as %(furthest)s") % {"played": played, "furthest": furthest}
            at = datetime.fromtimestamp(int(begun), tz=UTC)
            yield PlayMoment(at, _("The player began, by its own clock"), detail, "good", session)
    if session.ended_at:
        yield PlayMoment(session.ended_at, _("Viewing ended"), "", "", session)


def _explained(line: play_log.Line) -> str:
    if line.what != Happened.ERROR or not line.detail.isdigit():
        return line.detail
    return f"{line.detail} · {player_errors.sentence_of(line.detail)}"

"""The statements that a player's question waits on: the session it names, bound to its first player."""

from typing import Final

from django.conf import settings

from videos.kollus.play_callback import Forbidden
from videos.models import play_log
from videos.models.catalogue import Video
from videos.models.opening_sql import CHANNEL
from videos.models.statements import count, first, loaded, read_instant, read_right
from videos.models.watching import PlaybackSession, ViewerCode

_FIND: Final = f"""
    SELECT opened.id, opened.reference, opened.viewer_code_id, opened.entitlement_id, opened.video_id,
        opened.link_until, opened.player_id, opened.ended_at,
        EXISTS (SELECT 1 FROM videos_streamlease held WHERE held.viewer_code_id = opened.viewer_code_id
            AND held.session_id = opened.id AND held.slot <= %(places)s),
        entitled.starts_at, entitled.ends_at, entitled.start_by, entitled.hours_once_started,
        entitled.revoked_at, entitled.reason, entitled.video_id, code.code, video.media_content_key,
        video.duration_seconds, video.sold_until, video.watched_until,
        COALESCE(video.blocks_displays, channel.blocks_displays),
        COALESCE(video.blocks_virtual_machines, channel.blocks_virtual_machines),
        COALESCE(video.longest_viewing_minutes, channel.longest_viewing_minutes),
        video.plays_from_seconds, video.plays_until_seconds
    FROM videos_playbacksession opened
    JOIN videos_entitlement entitled ON entitled.id = opened.entitlement_id
    JOIN videos_viewercode code ON code.id = opened.viewer_code_id
    JOIN videos_video video ON video.id = opened.video_id {CHANNEL}
    WHERE opened.reference = %(reference)s
"""  # noqa: S608 (every part is ours)
BIND: Final = f"""
    UPDATE videos_playbacksession SET player_id = %(player)s, happened = {play_log.APPENDED}
    WHERE id = %(id)s AND player_id IN ('', %(player)s)
"""  # noqa: S608
NOTE: Final = f"UPDATE videos_playbacksession SET happened = {play_log.APPENDED} WHERE id = %(id)s"  # noqa: S608


def find_session(reference: str) -> PlaybackSession | None:
    """This will find a session with its right, code and video, each with the fields that a callback needs."""
    given = {"channel": settings.KOLLUS_CHANNEL_KEY, "places": settings.STREAMS_AT_ONCE}
    row = first(_FIND, {"reference": reference, **given})
    if row is None:
        return None
    (pk, reference, code_id, right_id, video_id, link_until, player_id, ended_at, holds_lease) = row[:9]
    code, media_content_key, duration_seconds, sold_until, watched_until = row[16:21]
    session = loaded(
        PlaybackSession,
        id=pk,
        reference=reference,
        viewer_code_id=code_id,
        entitlement_id=right_id,
        video_id=video_id,
        link_until=read_instant(link_until),
        player_id=player_id,
        ended_at=read_instant(ended_at),
    )
    session.holds_lease = bool(holds_lease)
    session.entitlement = read_right(right_id, *row[9:16])
    session.viewer_code = loaded(ViewerCode, id=code_id, code=code)
    session.video = loaded(
        Video,
        id=video_id,
        media_content_key=media_content_key,
        duration_seconds=duration_seconds,
        sold_until=read_instant(sold_until),
        watched_until=read_instant(watched_until),
    )
    session.forbidden = _forbidden(*row[21:])
    return session


def bind_player(session_id: int, player_id: str, *, line: str) -> bool:
    """This will bind a session to its first player, with a line of its log, and return whether it is bound to
    this one.
    """
    return count(BIND, {"id": session_id, "player": player_id, "line": line}) == 1


def note(session_id: int, line: str) -> None:
    """This will add a line to a session's log."""
    count(NOTE, {"id": session_id, "line": line})


def _forbidden(
    tv_out: bool | None,
    virtual_machines: bool | None,
    minutes: int | None,
    start: int | None,
    end: int | None,
) -> Forbidden:
    return Forbidden(
        tv_out=tv_out,
        virtual_machines=virtual_machines,
        longest_playtime_seconds=None if minutes is None else minutes * 60,
        outside_section=None if start is None or end is None else (start, end),
    )

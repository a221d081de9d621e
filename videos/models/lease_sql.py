"""The statements by which a place to play is taken, held and handed over: each one compare-and-set.

Two callers may meet anywhere: the row in the slot decides, and whoever comes second finds it changed.
"""

from datetime import datetime
from functools import cache
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction

from videos.models import playing_sql
from videos.models.leases import SILENT_AFTER
from videos.models.opening_sql import LICENSED, VALID
from videos.models.statements import count, first, instant
from videos.models.watching import PlaybackSession

# Of one browser's pages the one opened last plays.
_IS_OWN: Final = "held.browser <> '' AND held.browser = opened.browser AND held.session_id <= opened.id"
_TAKE: Final = f"""
    INSERT INTO videos_streamlease (viewer_code_id, slot, session_id, browser, taken_at, beaten_at)
    SELECT opened.viewer_code_id, numbered.slot, opened.id, opened.browser, %(at)s, %(at)s
    FROM {{opened}} opened JOIN ({{slots}}) numbered ON opened.ended_at IS NULL
    LEFT JOIN videos_streamlease held
        ON held.viewer_code_id = opened.viewer_code_id AND held.slot = numbered.slot
    WHERE opened.id = %(session)s
    AND (held.id IS NULL OR held.session_id = opened.id OR held.beaten_at <= %(silent)s OR ({_IS_OWN}))
    ORDER BY CASE WHEN held.session_id = opened.id OR ({_IS_OWN}) THEN 0 ELSE 1 END, numbered.slot
    LIMIT 1
    ON CONFLICT (viewer_code_id, slot) DO UPDATE SET session_id = excluded.session_id,
        browser = excluded.browser, taken_at = excluded.taken_at, beaten_at = excluded.beaten_at
    WHERE videos_streamlease.session_id = excluded.session_id
    OR videos_streamlease.beaten_at <= %(silent)s
    OR (excluded.browser <> '' AND videos_streamlease.browser = excluded.browser
        AND videos_streamlease.session_id <= excluded.session_id)
"""  # noqa: S608 (every part is ours)
_BIND_AND_TAKE: Final = f"""
    WITH bound AS ({playing_sql.BIND} RETURNING *), taken AS ({_TAKE} RETURNING id)
    SELECT (SELECT count(*) FROM bound), (SELECT count(*) FROM taken)
"""  # noqa: S608
_BEAT: Final = f"""
    UPDATE videos_streamlease SET beaten_at = %(at)s
    WHERE (viewer_code_id, session_id) = (
        SELECT opened.viewer_code_id, opened.id FROM videos_playbacksession opened
        JOIN videos_entitlement entitled ON entitled.id = opened.entitlement_id
        JOIN videos_video video ON video.id = opened.video_id
        WHERE opened.reference = %(reference)s AND opened.ended_at IS NULL AND {VALID} AND {LICENSED})
    AND slot <= %(places)s
"""  # noqa: S608
_HAND_OVER: Final = """
    UPDATE videos_streamlease SET session_id = %(session)s, browser = %(browser)s,
        taken_at = %(at)s, beaten_at = %(at)s
    WHERE viewer_code_id = %(code)s AND session_id = %(holder)s AND slot <= %(places)s
"""
_LEAVE: Final = """
    DELETE FROM videos_streamlease WHERE (viewer_code_id, session_id) = (
        SELECT viewer_code_id, id FROM videos_playbacksession WHERE reference = %(reference)s)
"""


def take(session_id: int, *, at: datetime) -> bool:
    """This will give a session a free slot, one that was silent, or that of its own browser's last page, and
    return whether it did.

    A session that holds one keeps it; one that is overtaken at a slot goes on to the next.
    """
    return _take_any(session_id, at=at, tries=settings.STREAMS_AT_ONCE)


def bind_and_take(session_id: int, player_id: str, *, line: str, at: datetime) -> tuple[bool, bool]:
    """This will bind a session to its first player and, where it is bound to this one, `take`; returns
    whether each came about.
    """
    if connection.vendor == "postgresql":
        values = _values(at, session=session_id) | {"id": session_id, "player": player_id, "line": line}
        is_bound, is_taken = map(bool, first(_bind_and_take(), values) or (0, 0))
        if is_bound and not is_taken:
            is_taken = _take_any(session_id, at=at, tries=settings.STREAMS_AT_ONCE - 1)
        return is_bound, is_taken
    with transaction.atomic():
        is_bound = playing_sql.bind_player(session_id, player_id, line=line)
        return is_bound, is_bound and take(session_id, at=at)


def beat(reference: str, *, at: datetime) -> bool:
    """This will note that a session still plays, and return whether it holds a slot, by a right that is
    still good.
    """
    return count(_BEAT, _values(at) | {"reference": reference}) == 1


def hand_over(holder_id: int, session: PlaybackSession, *, at: datetime) -> bool:
    """This will give one session's slot to another at once, and return whether that one held it still."""
    named = {"code": session.viewer_code_id, "holder": holder_id, "browser": session.browser}
    return count(_HAND_OVER, _values(at, session=session.pk) | named) == 1


def leave(reference: str) -> bool:
    """This will give back a session's slot. One that it does not hold stays whose it is."""
    return count(_LEAVE, {"reference": reference}) == 1


def _take_any(session_id: int, *, at: datetime, tries: int) -> bool:
    """A statement that is overtaken at its slot takes none, and there may be others free: each time one more
    is somebody else's, so that as many tries as slots have seen them all.
    """
    values = _values(at, session=session_id)
    return any(count(_take(), values) for _ in range(tries))


def _values(at: datetime, **more: Any) -> dict[str, Any]:
    instants = {"at": instant(at), "silent": instant(silent_since(at))}
    return {"places": settings.STREAMS_AT_ONCE, **instants, **more}


def silent_since(at: datetime) -> datetime:
    """What was heard of last at this instant, or before, is silent."""
    return at - SILENT_AFTER


def _take() -> str:
    return _text(_TAKE, settings.STREAMS_AT_ONCE)


def _bind_and_take() -> str:
    return _text(_BIND_AND_TAKE, settings.STREAMS_AT_ONCE, opened="bound")


@cache
def _text(statement: str, places: int, *, opened: str = "videos_playbacksession") -> str:
    slots = " UNION ALL ".join(f"SELECT {slot} AS slot" for slot in range(1, places + 1))
    return statement.format(opened=opened, slots=slots)

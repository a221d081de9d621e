"""The statements that a progress report waits on."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from videos.models.rights import Entitlement
from videos.models.statements import count, first, instant, read_instant, read_right

_KEPT: Final = """progress.version, progress.position_seconds, progress.watched_seconds,
        progress.played_seconds, progress.seen, progress.parts, progress.reported_at, progress.begun_at,
        progress.completed_at, progress.mapped_seen"""
_FIND_VIEWING: Final = f"""
    SELECT opened.id, opened.opened_at, opened.viewer_code_id, opened.video_id, video.duration_seconds,
        entitled.id, entitled.starts_at, entitled.ends_at, entitled.start_by, entitled.hours_once_started,
        entitled.revoked_at, {_KEPT}
    FROM videos_playbacksession opened
    JOIN videos_entitlement entitled ON entitled.id = opened.entitlement_id
    JOIN videos_video video ON video.id = opened.video_id
    LEFT JOIN videos_watchprogress progress
        ON progress.viewer_code_id = opened.viewer_code_id AND progress.video_id = opened.video_id
    WHERE opened.reference = %(reference)s
"""  # noqa: S608 (every part is ours)
_FIND_KEPT: Final = f"""
    SELECT {_KEPT} FROM videos_watchprogress progress
    WHERE progress.viewer_code_id = %(code)s AND progress.video_id = %(video)s
"""  # noqa: S608
_KEEP_PROGRESS: Final = """
    INSERT INTO videos_watchprogress
        (viewer_code_id, video_id, position_seconds, watched_seconds, played_seconds, seen, parts,
         reported_at, begun_at, completed_at, mapped_seen)
    VALUES (%(code)s, %(video)s, %(position_seconds)s, %(watched_seconds)s, %(played_seconds)s, %(seen)s,
        %(parts)s, %(reported_at)s, %(begun_at)s, %(completed_at)s, %(mapped_seen)s)
    ON CONFLICT (viewer_code_id, video_id) DO UPDATE SET
        position_seconds = excluded.position_seconds, watched_seconds = excluded.watched_seconds,
        played_seconds = excluded.played_seconds, seen = excluded.seen, parts = excluded.parts,
        reported_at = excluded.reported_at, begun_at = excluded.begun_at,
        completed_at = excluded.completed_at, mapped_seen = excluded.mapped_seen, is_mapped = false,
        version = videos_watchprogress.version + 1
    WHERE videos_watchprogress.version = %(version)s
"""
_NO_ROW: Final = -1


@dataclass(frozen=True)
class Kept:
    """What is kept of one viewer and one film; as it is before anything was."""

    version: int = _NO_ROW
    position_seconds: int = 0
    watched_seconds: int = 0
    played_seconds: int = 0
    seen: str = ""
    parts: str = ""
    reported_at: datetime | None = None
    begun_at: datetime | None = None
    completed_at: datetime | None = None
    mapped_seen: str = ""


@dataclass(frozen=True)
class Viewing:
    """A session that a report names, with its right, its film's length, and what is kept so far."""

    session_id: int
    opened_at: datetime
    code_id: int
    video_id: int
    duration_seconds: int
    entitlement: Entitlement
    kept: Kept


def find_viewing(reference: str) -> Viewing | None:
    """This will find the session with all that a report needs."""
    row = first(_FIND_VIEWING, {"reference": reference})
    if row is None:
        return None
    opened_at = read_instant(row[1])
    assert opened_at is not None  # noqa: S101 (for the types: the column has no null)
    return Viewing(row[0], opened_at, row[2], row[3], row[4], read_right(*row[5:11]), _kept(row[11:]))


def find_kept(*, code_id: int, video_id: int) -> Kept:
    """This will find what is kept of a viewer and a film."""
    row = first(_FIND_KEPT, {"code": code_id, "video": video_id})
    return _kept(row) if row else Kept()


def keep_progress(*, code_id: int, video_id: int, was: Kept, now: Kept) -> bool:
    """This will keep `now` where nobody has written since `was` was read, and return whether it did."""
    values = {
        "code": code_id,
        "video": video_id,
        "version": was.version,
        "position_seconds": now.position_seconds,
        "watched_seconds": now.watched_seconds,
        "played_seconds": now.played_seconds,
        "seen": now.seen,
        "parts": now.parts,
        "reported_at": _instant(now.reported_at),
        "begun_at": _instant(now.begun_at),
        "completed_at": _instant(now.completed_at),
        "mapped_seen": now.mapped_seen,
    }
    return bool(count(_KEEP_PROGRESS, values))


def _kept(row: tuple[Any, ...]) -> Kept:
    version, position, watched, played, seen, parts, *when, mapped_seen = row
    if version is None:
        return Kept()
    reported_at, begun_at, completed_at = map(read_instant, when)
    return Kept(
        version, position, watched, played, seen, parts, reported_at, begun_at, completed_at, mapped_seen
    )


def _instant(at: datetime | None) -> Any:
    return None if at is None else instant(at)

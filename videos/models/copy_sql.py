"""The statements that a player's questions about its copies wait on."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from django.db import connection, transaction

from videos.models import play_log, playing_sql
from videos.models.catalogue import Video
from videos.models.rights import Entitlement
from videos.models.statements import count, first, instant, loaded, read_instant, read_right, rows

LASTS_UNFINISHED: Final = timedelta(days=1)

_FIND: Final = """
    SELECT opened.reference, opened.id, opened.link_until, opened.player_id, opened.ended_at,
        entitled.id, entitled.starts_at, entitled.ends_at, entitled.start_by, entitled.hours_once_started,
        entitled.revoked_at, entitled.reason, entitled.video_id, video.id, video.sold_until,
        video.watched_until, video.may_be_kept, copy.id, copy.asked_at, copy.finished_at, copy.expires_at,
        copy.taken_back_at
    FROM videos_playbacksession opened
    JOIN videos_entitlement entitled ON entitled.id = opened.entitlement_id
    JOIN videos_video video ON video.id = opened.video_id
    LEFT JOIN videos_offlinecopy copy ON copy.session_id = opened.id
    WHERE opened.reference IN ({places})
"""
_HOLD: Final = "SELECT id FROM videos_entitlement WHERE id = %(right)s FOR UPDATE"
# What is asked for and never told to be there keeps its place for a day.
_ROOM: Final = """(
        SELECT COUNT(DISTINCT other.player_id) FROM videos_offlinecopy held
        JOIN videos_playbacksession other ON other.id = held.session_id
        WHERE held.entitlement_id = %(right)s AND other.player_id <> %(player)s
            AND held.taken_back_at IS NULL AND held.expires_at > %(at)s
            AND (held.finished_at IS NOT NULL OR held.asked_at > %(lately)s)
    ) < %(devices)s"""
_KEEP: Final = """
    INSERT INTO videos_offlinecopy (session_id, entitlement_id, device, asked_at, expires_at, plays_left)
    SELECT id, %(right)s, %(device)s, %(at)s, %(until)s, CAST(%(plays)s AS smallint) FROM {bound} opened
    WHERE opened.id = %(id)s AND {room}
    ON CONFLICT (session_id) DO UPDATE SET device = excluded.device, asked_at = excluded.asked_at,
        expires_at = excluded.expires_at, plays_left = excluded.plays_left
    WHERE videos_offlinecopy.taken_back_at IS NULL
"""
_BIND: Final = f"""
    UPDATE videos_playbacksession SET player_id = %(player)s, happened = CASE WHEN {{room}}
        THEN {play_log.APPENDED} ELSE {play_log.APPENDED.replace("%(line)s", "%(full_line)s")} END
    WHERE id = %(id)s AND player_id IN ('', %(player)s)
"""  # noqa: S608 (every part is ours)
_BIND_AND_KEEP: Final = f"""
    WITH room AS MATERIALIZED (SELECT {_ROOM} AS is_left), bound AS ({_BIND} RETURNING id),
        kept AS ({_KEEP} RETURNING id)
    SELECT (SELECT count(*) FROM bound), (SELECT count(*) FROM kept)
""".format(bound="bound", room="(SELECT is_left FROM room)")  # noqa: S608
_NOTE: Final = """
    UPDATE videos_offlinecopy SET expires_at = %(until)s, played_at = COALESCE(%(played_at)s, played_at),
        finished_at = COALESCE(finished_at, %(at)s),
        plays_left = CASE WHEN %(is_renewed)s THEN CAST(%(plays)s AS smallint) ELSE plays_left END
            - CASE WHEN %(is_counted)s AND (%(is_renewed)s OR plays_left > 0) THEN 1 ELSE 0 END,
        taken_back_at = COALESCE(taken_back_at, %(taken_back_at)s)
    WHERE id = %(copy)s
"""
_NOTE_AND_TELL: Final = f"WITH noted AS ({_NOTE}) {playing_sql.NOTE}"


@dataclass(frozen=True)
class Kept:
    """A session with its right, and the copy that was downloaded by it, if any (`copy_id` is 0 without).

    From `closes_at` on the film's licence keeps the right from opening it.
    """

    session_id: int
    reference: str
    link_until: datetime | None
    player_id: str
    ended_at: datetime | None
    entitlement: Entitlement
    closes_at: datetime | None
    may_be_kept: bool
    copy_id: int
    asked_at: datetime | None
    finished_at: datetime | None
    expires_at: datetime | None
    taken_back_at: datetime | None


def find(references: list[str]) -> dict[str, Kept]:
    """This will find the sessions of these names, in one statement however many."""
    names = {f"r{number}": reference for number, reference in enumerate(references)}
    if not names:
        return {}
    return {row[0]: _kept(*row) for row in rows(_find(len(names)), names)}


@dataclass(frozen=True)
class Place:
    """One device among the `devices` at the most on which a right keeps films."""

    right_id: int
    player_id: str
    devices: int

    def values(self, *, at: datetime) -> dict[str, Any]:
        lately = instant(at - LASTS_UNFINISHED)
        whose = {"right": self.right_id, "player": self.player_id, "devices": self.devices}
        return whose | {"at": instant(at), "lately": lately}


@dataclass(frozen=True)
class Lines:
    """What the session's log is told: that its copy was asked for, or that there was no room."""

    asked: str
    full: str


@transaction.atomic
def keep(
    session_id: int,
    place: Place,
    *,
    device: str,
    until: datetime,
    plays: int | None,
    lines: Lines,
    at: datetime,
) -> tuple[bool, bool]:
    """This will bind the session to its first player and keep that it downloads, with a line of its log; and
    return whether the session is this player's, and whether the copy is kept. It is not where another was
    first, or the right keeps films on other devices already. `plays` None is any number.
    """
    values = place.values(at=at) | {"id": session_id, "device": device, "plays": plays}
    values |= {"line": lines.asked, "full_line": lines.full}
    _hold(values)
    return _write(values | {"until": instant(until)})


def has_place(place: Place, *, at: datetime) -> bool:
    """This will tell whether this device is among those on which the right may keep films. Nobody takes the
    last place before the transaction that asks has ended.
    """
    values = place.values(at=at)
    _hold(values)
    return first(f"SELECT 1 WHERE {_ROOM}", values) is not None


def _hold(values: dict[str, Any]) -> None:
    """Until the transaction ends, the right's copies are counted by nobody else. SQLite has one writer."""
    if connection.features.has_select_for_update:
        first(_HOLD, {"right": values["right"]})


def _write(values: dict[str, Any]) -> tuple[bool, bool]:
    if connection.vendor == "postgresql":
        row = first(_BIND_AND_KEEP, values)
        return (bool(row[0]), bool(row[1])) if row else (False, False)
    is_bound = count(_BIND.format(room=_ROOM), values) == 1
    return is_bound, is_bound and count(_KEEP.format(bound="videos_playbacksession", room=_ROOM), values) == 1


@dataclass(frozen=True)
class Played:
    """What a player told of a copy that it plays, or renews alone, with so many plays anew (None: any)."""

    is_counted: bool = True
    is_renewed: bool = False
    plays: int | None = None


def note(
    kept: Kept, line: str, *, until: datetime, played: Played | None = None, is_taken_back: bool, at: datetime
) -> None:
    """This will note that a copy is there, until when it plays, and whether it was played or taken back, with
    a line of its session's log.
    """
    now = instant(at)
    told = played or Played(is_counted=False)
    values = {"copy": kept.copy_id, "until": instant(until), "at": now} | vars(told)
    values |= {"played_at": now if played else None, "taken_back_at": now if is_taken_back else None}
    logged = {"id": kept.session_id, "line": line}
    if connection.vendor == "postgresql":
        count(_NOTE_AND_TELL, values | logged)
        return
    with transaction.atomic():
        count(_NOTE, values)
        count(playing_sql.NOTE, logged)


@cache
def _find(number: int) -> str:
    return _FIND.format(places=", ".join(f"%(r{each})s" for each in range(number)))


def _kept(reference: str, session_id: int, link_until: Any, player_id: str, ended_at: Any, *row: Any) -> Kept:
    *right, video_id, sold_until, watched_until, may_be_kept, copy_id = row[:-4]
    asked_at, finished_at, expires_at, taken_back_at = map(read_instant, row[-4:])
    entitlement = read_right(*right)
    ends = {"sold_until": read_instant(sold_until), "watched_until": read_instant(watched_until)}
    closes_at = entitlement.closes_at(loaded(Video, id=video_id, **ends))
    return Kept(
        *(session_id, reference, read_instant(link_until), player_id, read_instant(ended_at)),
        *(entitlement, closes_at, bool(may_be_kept)),
        copy_id=copy_id or 0,
        asked_at=asked_at,
        finished_at=finished_at,
        expires_at=expires_at,
        taken_back_at=taken_back_at,
    )

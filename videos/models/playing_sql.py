"""The statements that each play waits on, written out: compiled anew by the ORM each would cost ten times
as much.

They read in both of our databases. A test holds each to what the ORM says.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Self, TypeVar

from django.conf import settings
from django.db import connection, models
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from accounts.identity import Viewer
from accounts.prepared import prepared_cursor
from videos.kollus.play_callback import Forbidden
from videos.models import play_log
from videos.models.catalogue import Video
from videos.models.leases import SILENT_AFTER
from videos.models.viewer_codes import new_code
from videos.models.watching import Entitlement, PlaybackSession, ViewerCode

M = TypeVar("M", bound=models.Model)

# The viewer's rights, by his account, by its passes and by his browser's, each found through its own index.
_HELD: Final = """
    SELECT * FROM videos_entitlement WHERE user_id = %(user)s
    UNION ALL
    SELECT entitled.* FROM accounts_pass held
    JOIN videos_entitlement entitled ON entitled.reference = held.reference
    WHERE held.visitor = %(visitor)s
    UNION ALL
    SELECT entitled.* FROM accounts_pass held
    JOIN videos_entitlement entitled ON entitled.reference = held.reference
    WHERE held.user_id = %(user)s
"""
# As `EntitlementQuerySet.valid`.
VALID: Final = """entitled.revoked_at IS NULL AND entitled.starts_at <= %(at)s
    AND (entitled.ends_at IS NULL OR entitled.ends_at > %(at)s)
    AND (entitled.start_by IS NULL OR entitled.ends_at IS NOT NULL OR entitled.start_by > %(at)s)"""
# As `EntitlementQuerySet.opening`, in the order of `entitlements.BEST_FIRST`.
_BEST_RIGHT: Final = f"""
    SELECT entitled.id FROM ({_HELD}) entitled
    WHERE {VALID}
    AND (entitled.video_id = video.id OR entitled.everything OR entitled.collection_id IN (
        SELECT collection_id FROM videos_collectionitem WHERE video_id = video.id))
    ORDER BY entitled.hours_once_started NULLS FIRST, entitled.ends_at DESC NULLS FIRST, entitled.id
    LIMIT 1
"""  # noqa: S608 (every part is ours)
_GIVE_CODE: Final = f"""
    INSERT INTO videos_viewercode (code, user_id, visitor)
    SELECT drawn.code, %(code_user)s, %(code_visitor)s
    FROM (SELECT %(code)s AS code UNION ALL SELECT %(second_code)s UNION ALL SELECT %(third_code)s) drawn
    WHERE EXISTS ({_HELD})
    AND NOT EXISTS (SELECT 1 FROM videos_viewercode taken WHERE taken.code = drawn.code)
    LIMIT 1
    ON CONFLICT DO NOTHING
"""  # noqa: S608
# A film's rules are its own, else its channel's; one that names no channel lies in the shop's.
_CHANNEL: Final = """
    LEFT JOIN videos_channel channel ON channel.id = COALESCE(
        video.channel_id, (SELECT id FROM videos_channel WHERE key = %(channel)s))
"""
# In one value, since each value asked for by itself costs a look-up of its own. `Link.read` takes them apart.
_FILM: Final = f"""(
    SELECT video.media_content_key || ' ' || video.duration_seconds || ' ' || video.protection || ' '
        || COALESCE(NULLIF(video.output_protection, ''), NULLIF(channel.output_protection, ''), 'none') || ' '
        || CASE WHEN COALESCE(video.shows_code, channel.shows_code, FALSE) THEN 'c' ELSE '-' END
        || CASE WHEN COALESCE(video.locks_seeking, channel.locks_seeking, FALSE) THEN 's' ELSE '-' END
        || CASE WHEN COALESCE(video.locks_speed, channel.locks_speed, FALSE) THEN 'v' ELSE '-' END
        || ' ' || video.upload_file_key
    FROM videos_video video {_CHANNEL}
    WHERE video.id = videos_playbacksession.video_id
)"""  # noqa: S608
_PROGRESS: Final = """(
    SELECT progress.position_seconds || ' ' || CASE WHEN progress.completed_at IS NULL THEN '-' ELSE 'c' END
        || ' ' || progress.seen
    FROM videos_watchprogress progress
    WHERE progress.viewer_code_id = videos_playbacksession.viewer_code_id
    AND progress.video_id = videos_playbacksession.video_id
)"""
_OPEN: Final = f"""
    INSERT INTO videos_playbacksession
        (reference, viewer_code_id, entitlement_id, video_id, opened_at, link_until, player_id,
         browser, device)
    SELECT %(reference)s, found.code_id, found.right_id, found.video_id, %(at)s, %(link_until)s, '',
        CAST(%(browser)s AS text), %(device)s
    FROM (
        SELECT video.id AS video_id, code.id AS code_id, ({_BEST_RIGHT}) AS right_id
        FROM videos_video video, videos_viewercode code
        WHERE video.slug = %(slug)s AND (code.user_id = %(code_user)s OR code.visitor = %(code_visitor)s)
    ) found
    WHERE found.right_id IS NOT NULL AND %(places)s > (
        SELECT count(*) FROM videos_streamlease held
        WHERE held.viewer_code_id = found.code_id AND held.beaten_at > %(silent)s
        AND held.slot <= %(places)s AND held.session_id <> %(instead_of)s
        AND (held.browser = '' OR held.browser <> CAST(%(browser)s AS text)))
    RETURNING
        (SELECT code FROM videos_viewercode WHERE id = viewer_code_id), {_FILM}, {_PROGRESS}
"""  # noqa: S608
_FIND: Final = f"""
    SELECT opened.id, opened.reference, opened.viewer_code_id, opened.entitlement_id, opened.video_id,
        opened.link_until, opened.player_id, opened.ended_at,
        EXISTS (SELECT 1 FROM videos_streamlease held WHERE held.viewer_code_id = opened.viewer_code_id
            AND held.session_id = opened.id AND held.slot <= %(places)s),
        entitled.starts_at, entitled.ends_at, entitled.start_by, entitled.hours_once_started,
        entitled.revoked_at, code.code, video.media_content_key, video.duration_seconds,
        COALESCE(video.blocks_displays, channel.blocks_displays),
        COALESCE(video.blocks_virtual_machines, channel.blocks_virtual_machines),
        COALESCE(video.longest_viewing_minutes, channel.longest_viewing_minutes),
        video.plays_from_seconds, video.plays_until_seconds
    FROM videos_playbacksession opened
    JOIN videos_entitlement entitled ON entitled.id = opened.entitlement_id
    JOIN videos_viewercode code ON code.id = opened.viewer_code_id
    JOIN videos_video video ON video.id = opened.video_id {_CHANNEL}
    WHERE opened.reference = %(reference)s
"""  # noqa: S608
BIND: Final = f"""
    UPDATE videos_playbacksession SET player_id = %(player)s, happened = {play_log.APPENDED}
    WHERE id = %(id)s AND player_id IN ('', %(player)s)
"""  # noqa: S608
_NOTE: Final = f"UPDATE videos_playbacksession SET happened = {play_log.APPENDED} WHERE id = %(id)s"  # noqa: S608


@dataclass(frozen=True)
class Opened:
    """What the link to a session is made of. The position is where the viewer stopped, `seen` what he has
    watched (`seconds`); of the switches, the film's own or its channel's holds.
    """

    code: str
    media_content_key: str
    duration_seconds: int
    protection: str
    output_protection: str
    shows_code: bool
    locks_seeking: bool
    locks_speed: bool
    upload_file_key: str
    position_seconds: int
    is_completed: bool
    seen: str

    @classmethod
    def read(cls, code: str, film: str, progress: str | None) -> Self:
        """Take apart what the statements put together."""
        key, duration, protection, output, switches, upload_file_key = film.split(" ", 5)
        position, completed, seen = (progress or "0 - ").split(" ")
        shows_code, locks_seeking, locks_speed = (switch != "-" for switch in switches)
        return cls(
            *(code, key, int(duration), protection, output, shows_code, locks_seeking, locks_speed),
            *(upload_file_key, int(position), completed != "-", seen),
        )


def with_link_facts(sessions: QuerySet[PlaybackSession]) -> QuerySet[PlaybackSession]:
    """This will have the ORM ask, with each session, for what its link is made of."""
    return sessions.annotate(
        film_facts=RawSQL(_FILM.replace("%(channel)s", "%s"), [settings.KOLLUS_CHANNEL_KEY]),  # noqa: S611
        progress_facts=RawSQL(_PROGRESS, []),  # noqa: S611 (both are ours)
    )


def open_session(
    viewer: Viewer,
    slug: str,
    *,
    reference: str,
    device: str,
    at: datetime,
    link_until: datetime,
    instead_of: int = 0,
    places: int | None = None,
) -> Opened | None:
    """This will keep a session under the viewer's best right to the video.

    None, and nothing kept, where he has no right, or no code at Kollus yet, or where other browsers of his
    play in as many places as he may, or as `places` says; `instead_of` names the session of a place that he
    gives up.
    """
    instants = {"at": instant(at), "link_until": instant(link_until), "silent": instant(at - SILENT_AFTER)}
    given = {"reference": reference, "slug": slug, "channel": settings.KOLLUS_CHANNEL_KEY}
    asked_by = {"browser": viewer.browser, "device": device}
    limits = {"places": settings.STREAMS_AT_ONCE if places is None else places, "instead_of": instead_of}
    row = first(_OPEN, {**given, **asked_by, **instants, **limits, **_names(viewer)})
    return Opened.read(*row) if row else None


def opened(session: PlaybackSession) -> Opened:
    """This will read what the link is made of from a session that was asked for `with_link_facts`."""
    facts = vars(session)
    return Opened.read(session.viewer_code.code, facts["film_facts"], facts["progress_facts"])


def give_code(viewer: Viewer) -> None:
    """This will give a viewer who holds a right, ended or not, his code at Kollus. One who has a code keeps
    it.
    """
    # With a million viewers one code in six hundred is taken; three are not.
    drawn = {name: new_code() for name in ("code", "second_code", "third_code")}
    count(_GIVE_CODE, {**drawn, **_names(viewer)})


def _names(viewer: Viewer) -> dict[str, Any]:
    """Under his account the viewer has one code everywhere, else one in this browser."""
    visitor = viewer.visitor or None
    return {
        "user": viewer.user_id,
        "visitor": visitor,
        "code_user": viewer.user_id,
        "code_visitor": visitor if viewer.user_id is None else None,
    }


def find_session(reference: str) -> PlaybackSession | None:
    """This will find a session with its right, code and video, each with the fields that a callback needs."""
    given = {"channel": settings.KOLLUS_CHANNEL_KEY, "places": settings.STREAMS_AT_ONCE}
    row = first(_FIND, {"reference": reference, **given})
    if row is None:
        return None
    (pk, reference, code_id, right_id, video_id, link_until, player_id, ended_at, holds_lease) = row[:9]
    starts_at, ends_at, start_by, hours, revoked_at = row[9:14]
    code, media_content_key, duration_seconds = row[14:17]
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
    session.entitlement = loaded(
        Entitlement,
        id=right_id,
        starts_at=read_instant(starts_at),
        ends_at=read_instant(ends_at),
        start_by=read_instant(start_by),
        hours_once_started=hours,
        revoked_at=read_instant(revoked_at),
    )
    session.viewer_code = loaded(ViewerCode, id=code_id, code=code)
    session.video = loaded(
        Video, id=video_id, media_content_key=media_content_key, duration_seconds=duration_seconds
    )
    session.forbidden = _forbidden(*row[17:])
    return session


def bind_player(session_id: int, player_id: str, *, line: str) -> bool:
    """This will bind a session to its first player, with a line of its log, and return whether it is bound to
    this one.
    """
    return count(BIND, {"id": session_id, "player": player_id, "line": line}) == 1


def note(session_id: int, line: str) -> None:
    """This will add a line to a session's log."""
    count(_NOTE, {"id": session_id, "line": line})


def first(statement: str, values: dict[str, Any]) -> tuple[Any, ...] | None:
    with prepared_cursor() as cursor:
        cursor.execute(statement, values)
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row


def count(statement: str, values: dict[str, Any]) -> int:
    with prepared_cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


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


def loaded(model: type[M], **values: Any) -> M:
    """A row as the ORM gives it; what was not asked for is fetched should anyone want it."""
    names = [field.attname for field in model._meta.concrete_fields if field.attname in values]
    return model.from_db(connection.alias, names, [values[name] for name in names])


def instant(at: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(at)


def read_instant(value: datetime | None) -> datetime | None:
    """SQLite gives instants without their zone, which is UTC."""
    return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value

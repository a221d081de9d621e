"""The statements that open a session, for a viewer who pressed play."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Self

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from accounts.identity import Viewer
from videos.models.leases import SILENT_AFTER
from videos.models.statements import count, first, instant
from videos.models.viewer_codes import new_code
from videos.models.watching import PlaybackSession

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
# As `EntitlementQuerySet.opening` says of a film's licence.
LICENSED: Final = """(video.watched_until IS NULL OR video.watched_until > %(at)s)
    AND (video.sold_until IS NULL OR video.sold_until > %(at)s OR entitled.video_id IS NOT NULL
        OR (entitled.reason <> 'membership' AND entitled.starts_at < video.sold_until))"""
# As `EntitlementQuerySet.opening`, in the order of `entitlements.BEST_FIRST`.
_BEST_RIGHT: Final = f"""
    SELECT entitled.id FROM ({_HELD}) entitled
    WHERE {VALID} AND {LICENSED}
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
CHANNEL: Final = """
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
    FROM videos_video video {CHANNEL}
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
         browser, device, is_to_keep)
    SELECT %(reference)s, found.code_id, found.right_id, found.video_id, %(at)s, %(link_until)s, '',
        CAST(%(browser)s AS text), %(device)s, CAST(%(is_to_keep)s AS boolean)
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
    is_to_keep: bool = False,
) -> Opened | None:
    """This will keep a session under the viewer's best right to the video.

    None, and nothing kept, where he has no right, or no code at Kollus yet, or where other browsers of his
    play in as many places as he may, or as `places` says; `instead_of` names the session of a place that he
    gives up.
    """
    instants = {"at": instant(at), "link_until": instant(link_until), "silent": instant(at - SILENT_AFTER)}
    given = {"reference": reference, "slug": slug, "channel": settings.KOLLUS_CHANNEL_KEY}
    asked_by = {"browser": viewer.browser, "device": device, "is_to_keep": is_to_keep}
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

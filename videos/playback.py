"""Playing: check the right, hand out a short signed link, answer the player's own questions.

Nothing here waits on a network.
"""

import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.identity import Viewer
from videos.kollus import play_callback, tokens
from videos.models import Entitlement, PlaybackSession, Video, ViewerCode, WatchProgress, playing_sql

logger = logging.getLogger(__name__)

# An ending position this close to the end means "seen": start from the beginning again.
_END_ZONE_SECONDS = 5


class MayNotWatch(Exception):
    """The viewer holds no right to this video now, or there is no such video. Both look alike to him."""


class UnknownSession(Exception):
    """A player's word about a viewing that is not ours: its mark is forged, or another viewer's or film's."""


@dataclass(frozen=True)
class Ticket:
    """What the page needs to play: the frame's address, and for how many seconds it can be used to start."""

    session: str
    url: str
    seconds: int
    resume_seconds: int


def open(viewer: Viewer, slug: str, *, resume: bool, at: datetime) -> Ticket:
    """This will open a playback session and sign its link. Each call opens a new one.

    :raises MayNotWatch: no right, or no such video.
    """
    reference, until = secrets.token_urlsafe(16), _link_end(at)
    keep = partial(playing_sql.open_session, viewer, slug, reference=reference, at=at, link_until=until)
    opened = keep()
    if opened is None:  # not his, or his first play of all
        playing_sql.give_code(viewer)
        opened = keep()
    if opened is None:
        raise MayNotWatch
    position = resume_position(opened.position_seconds, opened.duration_seconds)
    return _ticket(
        reference,
        code=opened.code,
        media_content_key=opened.media_content_key,
        until=until,
        from_seconds=position if resume else 0,
        resume_seconds=position,
    )


def renew(viewer: Viewer, reference: str, *, at: datetime) -> Ticket:
    """This will sign a fresh link for a session that is still open in the viewer's page.

    :raises MayNotWatch: the session is not his, or the right has ended.
    """
    session = _watched_by(viewer, reference, at=at)
    session.link_until = _link_end(at)
    session.save(update_fields=["link_until"])
    return _ticket(
        reference,
        code=session.viewer_code.code,
        media_content_key=session.video.media_content_key,
        until=session.link_until,
    )


def start(viewer: Viewer, reference: str, *, at: datetime) -> bool:
    """This will start a rental's hours because the page saw the film play. Again, or for owners: changes
    nothing.

    :raises MayNotWatch: the session is not his, or the right has ended.
    """
    return _watched_by(viewer, reference, at=at).entitlement.start(at=at)


def _watched_by(viewer: Viewer, reference: str, *, at: datetime) -> PlaybackSession:
    session = (
        PlaybackSession.objects.select_related("entitlement", "viewer_code", "video")
        .filter(entitlement__in=Entitlement.objects.held_by(viewer), reference=reference)
        .first()
    )
    if session is None or not session.entitlement.is_valid(at=at):
        raise MayNotWatch
    return session


def answer(question: play_callback.PlayQuestion, *, at: datetime) -> str:
    """This will answer the playback callback: a signed yes or a signed no with a sentence.

    One read, at most one write.

    :raises UnknownSession: nobody of ours would ask this.
    """
    session = session_marked(
        question.session_mark, cuid=question.cuid, media_content_key=question.media_content_key
    )
    entitlement = session.entitlement
    if not entitlement.is_valid(at=at):
        return play_callback.refuse(_("Your right to watch this film has ended."))
    if at >= session.link_until:
        return play_callback.refuse(_("This link has expired. Reload the page to go on watching."))
    if not _is_same_player(session, question.player_id):
        logger.warning("second player on one session", extra={"session": session.reference})
        return play_callback.refuse(
            _("This viewing belongs to another device. Open the film's page here to watch.")
        )
    if question.kind == play_callback.READY_TO_PLAY:
        entitlement.start(at=at)
    return play_callback.allow(
        question.kind, answer_until=session.link_until, play_until=_play_until(entitlement, at)
    )


def session_marked(mark: str, *, cuid: str, media_content_key: str) -> PlaybackSession:
    """This will find the session that a player names by our mark, with its right, code and film.

    :raises UnknownSession: the mark is not ours, or not of this viewer and film.
    """
    reference = tokens.read_session_mark(mark, cuid=cuid, media_content_key=media_content_key)
    session = playing_sql.find_session(reference) if reference else None
    if session is None:
        raise UnknownSession
    return session


def position_of(viewer: Viewer, video: Video) -> int:
    """This will tell from which second the viewer would go on in this video; 0 for the beginning."""
    rows = WatchProgress.objects.filter(viewer_code__in=codes_of(viewer), video=video)
    return resume_position(
        rows.values_list("position_seconds", flat=True).first() or 0, video.duration_seconds
    )


def resume_position(position_seconds: int, duration_seconds: int) -> int:
    """This will tell where to go on: nowhere (0) for a film hardly begun or seen to its end."""
    if position_seconds < 3 or position_seconds > duration_seconds - _END_ZONE_SECONDS:
        return 0
    return position_seconds


def codes_of(viewer: Viewer) -> QuerySet[ViewerCode]:
    """The code under which Kollus knows this viewer: the user's, else the browser's."""
    if viewer.user_id is not None:
        return ViewerCode.objects.filter(user_id=viewer.user_id)
    return ViewerCode.objects.filter(visitor=viewer.visitor)


def _is_same_player(session: PlaybackSession, player_id: str) -> bool:
    if session.player_id:
        return session.player_id == player_id
    return playing_sql.bind_player(session.pk, player_id)


def _play_until(entitlement: Entitlement, at: datetime) -> datetime | None:
    if entitlement.hours_once_started is not None and entitlement.ends_at is None:
        return at + timedelta(hours=entitlement.hours_once_started)
    return entitlement.ends_at


def _link_end(at: datetime) -> datetime:
    return at + timedelta(seconds=settings.KOLLUS_LINK_SECONDS)


def _ticket(
    reference: str,
    *,
    code: str,
    media_content_key: str,
    until: datetime,
    from_seconds: int = 0,
    resume_seconds: int = 0,
) -> Ticket:
    url = tokens.playback_link(
        cuid=code,
        media_content_key=media_content_key,
        session_mark=tokens.session_mark(reference, cuid=code, media_content_key=media_content_key),
        until=until,
        from_seconds=from_seconds,
    )
    return Ticket(reference, url, settings.KOLLUS_LINK_SECONDS, resume_seconds)

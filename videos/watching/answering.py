"""Answering a player that asks whether it may play: a signed yes or a signed no, and a line in the log of it.

Nothing here waits on a network.
"""

import logging
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _

from videos import playback
from videos.kollus import play_callback, tokens
from videos.models import PlaybackSession, lease_sql, play_log, playing_sql
from videos.models.play_log import Happened

logger = logging.getLogger(__name__)


def answer(question: play_callback.PlayQuestion, *, at: datetime) -> str:
    """This will answer the playback callback: a signed yes or a signed no with a sentence.

    One read, at most one write; one more where another took the place that was to be taken.

    :raises playback.UnknownSession: nobody of ours would ask this.
    """
    session = _session_of(
        question.session_mark, cuid=question.cuid, media_content_key=question.media_content_key
    )
    refusal = _refusal(session, question, at=at)
    if refusal is not None:
        playing_sql.note(session.pk, play_log.line(refusal, question.player_id, at=at))
        return play_callback.refuse(_REFUSALS[refusal]())
    entitlement = session.entitlement
    has_started = question.kind == play_callback.READY_TO_PLAY and entitlement.start(at=at)
    # What was written anyway tells of it: the binding, or the rental that now runs.
    if session.player_id and not has_started:
        playing_sql.note(session.pk, _asked(question, at=at))
    return play_callback.allow(
        question.kind,
        answer_until=session.link_until,
        play_until=_play_until(session, at),
        forbidden=session.forbidden,
    )


def _session_of(mark: str, *, cuid: str, media_content_key: str) -> PlaybackSession:
    """This will find the session that a player names by our mark, with its right, code and film.

    :raises playback.UnknownSession: the mark is not ours, or not of this viewer and film.
    """
    reference = tokens.read_session_mark(mark, cuid=cuid, media_content_key=media_content_key)
    session = playing_sql.find_session(reference) if reference else None
    if session is None:
        raise playback.UnknownSession
    return session


def _refusal(
    session: PlaybackSession, question: play_callback.PlayQuestion, *, at: datetime
) -> Happened | None:
    """Why its player may not play; None, and its place to play taken, where it may."""
    if not session.entitlement.is_valid(at=at):
        return Happened.RIGHT_ENDED
    if not session.may_play(at=at):
        return Happened.FILM_LEFT
    if session.ended_at is not None:
        return Happened.SESSION_ENDED
    if at >= session.link_until:
        return Happened.LINK_EXPIRED
    is_new = not session.player_id and not session.holds_lease
    if not _is_same_player(session, question, at=at):
        logger.warning("second player on one session", extra={"session": session.reference})
        return Happened.OTHER_PLAYER
    if not (session.holds_lease or (not is_new and lease_sql.take(session.pk, at=at))):
        logger.info("a player starts while others play", extra={"session": session.reference})
        return Happened.ELSEWHERE
    return None


_REFUSALS: Final = {
    Happened.RIGHT_ENDED: lambda: _("Your right to watch this film has ended."),
    Happened.FILM_LEFT: lambda: _(
        "This film has left the shop. Reload its page to see what that means for you."
    ),
    Happened.SESSION_ENDED: lambda: _("This viewing was ended, in the list of your devices or by the shop."),
    Happened.LINK_EXPIRED: lambda: _("This link has expired. Reload the page to go on watching."),
    Happened.OTHER_PLAYER: lambda: _(
        "This viewing belongs to another device. Open the film's page here to watch."
    ),
    Happened.ELSEWHERE: lambda: _("You are watching on another device. Reload the page to watch here."),
}


def _asked(question: play_callback.PlayQuestion, *, at: datetime) -> str:
    is_ready = question.kind == play_callback.READY_TO_PLAY
    return play_log.line(Happened.READY if is_ready else Happened.ASKED, question.player_id, at=at)


def _is_same_player(session: PlaybackSession, question: play_callback.PlayQuestion, *, at: datetime) -> bool:
    """Whether the session is bound to this player; its first one binds it, and takes its place to play."""
    player_id, line = question.player_id, _asked(question, at=at)
    if session.player_id:
        return session.player_id == player_id
    if session.holds_lease:
        return playing_sql.bind_player(session.pk, player_id, line=line)
    is_bound, session.holds_lease = lease_sql.bind_and_take(session.pk, player_id, line=line, at=at)
    return is_bound


def _play_until(session: PlaybackSession, at: datetime) -> datetime | None:
    right = session.entitlement
    ends_at = right.ends_at
    if right.hours_once_started is not None and ends_at is None:
        ends_at = at + timedelta(hours=right.hours_once_started)
    ends = [each for each in (ends_at, right.closes_at(session.video)) if each is not None]
    return min(ends, default=None)

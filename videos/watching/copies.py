"""Copies on viewers' devices: whether one may be made, that it was, and whether it may still be played.

A copy lasts `OFFLINE_DAYS`, or as long as the right if that is less, and each play asks again. Each question
and what became of it is a line of its session's log.
"""

import logging
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from videos import playback
from videos.kollus import download_callback, tokens
from videos.kollus.download_callback import (
    BEFORE_DOWNLOAD,
    DOWNLOADED,
    Answered,
    CopyAnswer,
    CopyQuestion,
)
from videos.models import copy_sql, play_log, playing_sql
from videos.models.copy_sql import Kept, Lines, Place, Played
from videos.models.play_log import Happened

logger = logging.getLogger(__name__)


def answer(questions: list[CopyQuestion], *, at: datetime) -> str:
    """This will answer an installed player: signed, a yes or a no for each copy that it asks about.

    One read for all; for each copy at most one write, and another for a rental's first play. A copy that is
    begun, or renewed once it has run out, waits for others of the same right.

    :raises playback.UnknownSession: none of it is ours.
    """
    references = [_reference(each) for each in questions]
    found = copy_sql.find([each for each in references if each])
    if not found:
        raise playback.UnknownSession
    answered = [
        Answered(question, _answer(question, found.get(reference or ""), at=at))
        for question, reference in zip(questions, references, strict=True)
    ]
    return download_callback.write(
        answered, answer_until=at + timedelta(seconds=settings.KOLLUS_LINK_SECONDS)
    )


def _reference(question: CopyQuestion) -> str | None:
    return tokens.read_session_mark(
        question.session_mark, cuid=question.cuid, media_content_key=question.media_content_key
    )


def _answer(question: CopyQuestion, kept: Kept | None, *, at: datetime) -> CopyAnswer:
    if kept is None:
        logger.warning("a player speaks of no session of ours")
        return CopyAnswer(False, _("This copy is not from this shop."))
    asked = _Asked(question, kept, at)
    if kept.player_id not in ("", question.player_id) or not question.player_id:
        return _second_player(asked)
    if question.kind == BEFORE_DOWNLOAD:
        return _before_download(asked)
    if not kept.copy_id:
        logger.warning("a player speaks of a copy that nobody allowed", extra={"session": kept.reference})
        return asked.refuse(Happened.NO_COPY, _("This copy is not from this shop."))
    with transaction.atomic() if _may_have_lost_its_place(kept, at=at) else nullcontext():
        return (_downloaded if question.kind == DOWNLOADED else _playing)(asked)


@dataclass(frozen=True)
class _Asked:
    """One question about a copy of ours. Whatever is answered, the session's log gets a line, within the
    statement that is written anyway where there is one.
    """

    question: CopyQuestion
    kept: Kept
    at: datetime

    def line(self, what: Happened) -> str:
        return play_log.line(what, self.question.player_id, at=self.at)

    def refuse(self, why: Happened, message: str) -> CopyAnswer:
        playing_sql.note(self.kept.session_id, self.line(why))
        return CopyAnswer(False, message)

    def end(self, why: Happened, message: str) -> CopyAnswer:
        playing_sql.note(self.kept.session_id, self.line(why))
        return CopyAnswer(True, message, is_over=True)


def _before_download(asked: _Asked) -> CopyAnswer:
    question, kept, at = asked.question, asked.kept, asked.at
    if kept.closes_at is not None and at >= kept.closes_at:
        left = _("This film has left the shop. Reload its page to see what that means for you.")
        return asked.refuse(Happened.FILM_LEFT, left)
    until = _until(kept, at=at)
    if until is None or kept.ended_at is not None:
        why = Happened.RIGHT_ENDED if until is None else Happened.SESSION_ENDED
        return asked.refuse(why, _("Your right to watch this film has ended."))
    if not (settings.OFFLINE_DAYS and kept.may_be_kept):
        return asked.refuse(Happened.NOT_KEPT, _not_kept(kept))
    if kept.link_until is None or at >= kept.link_until:
        expired = _("This link has expired. Reload the page to go on watching.")
        return asked.refuse(Happened.LINK_EXPIRED, expired)
    if kept.taken_back_at is not None:
        return asked.refuse(
            Happened.TAKEN_BACK, _("This copy was taken back. Open the film's page to watch.")
        )
    is_his, is_kept = copy_sql.keep(
        kept.session_id,
        _place(question, kept),
        device=question.device,
        until=until,
        plays=settings.OFFLINE_PLAYS or None,
        lines=Lines(asked.line(Happened.COPY_ASKED), asked.line(Happened.DEVICES_FULL)),
        at=at,
    )
    if not is_kept:
        return CopyAnswer(False, _full()) if is_his else _second_player(asked)
    return CopyAnswer(True, until=until, plays=settings.OFFLINE_PLAYS)


def _downloaded(asked: _Asked) -> CopyAnswer:
    """One that was so long on its way that its place was another's by then is taken back."""
    kept, at = asked.kept, asked.at
    is_gone, until = _is_gone(kept, at=at), kept.expires_at or at
    if not is_gone and _has_lost_its_place(asked.question, kept, at=at):
        line = asked.line(Happened.DEVICES_FULL)
        copy_sql.note(kept, line, until=until, is_taken_back=True, at=at)
        return CopyAnswer(True, _full(), until=until, is_taken_back=True)
    line = asked.line(Happened.TAKEN_BACK if is_gone else Happened.COPIED)
    copy_sql.note(kept, line, until=until, is_taken_back=is_gone, at=at)
    return CopyAnswer(True, _taken_back() if is_gone else "", until=until, is_taken_back=is_gone)


def _playing(asked: _Asked) -> CopyAnswer:
    """A right that has ended ends the copy; one that was revoked, or whose film has left, takes it back."""
    question, kept, at = asked.question, asked.kept, asked.at
    right, until = kept.entitlement, kept.expires_at or at
    if _is_gone(kept, at=at):
        copy_sql.note(kept, asked.line(Happened.TAKEN_BACK), until=until, is_taken_back=True, at=at)
        return CopyAnswer(True, _taken_back(), is_over=True, is_taken_back=True)
    if not right.is_valid(at=at):
        return asked.end(Happened.RIGHT_ENDED, _("Your right to watch this film has ended."))
    if not (settings.OFFLINE_DAYS and kept.may_be_kept):
        return asked.end(Happened.NOT_KEPT, _not_kept(kept))
    if _has_lost_its_place(question, kept, at=at):
        return asked.end(Happened.DEVICES_FULL, _full())
    right.start(at=at)
    longest = _until(kept, at=at) or at
    is_renewed = question.wants_renewal or until <= at
    until = longest if is_renewed else min(until, longest)
    played = Played(not question.renews_alone, is_renewed, settings.OFFLINE_PLAYS or None)
    line = asked.line(Happened.COPY_RENEWED if question.renews_alone else Happened.COPY_PLAYED)
    copy_sql.note(kept, line, until=until, played=played, is_taken_back=False, at=at)
    plays = settings.OFFLINE_PLAYS if is_renewed else None  # a count that is sent begins anew
    return CopyAnswer(True, until=until, plays=plays, is_renewed=is_renewed)


def _until(kept: Kept, *, at: datetime) -> datetime | None:
    """How long a copy made or renewed now may last; None where there is no right to watch any more."""
    right = kept.entitlement
    if not right.is_valid(at=at):
        return None
    until = at + timedelta(days=settings.OFFLINE_DAYS)
    if right.hours_once_started is not None and right.ends_at is None and right.start_by is not None:
        until = min(until, right.start_by + timedelta(hours=right.hours_once_started))
    return min(until, right.ends_at or until, kept.closes_at or until)


def _is_gone(kept: Kept, *, at: datetime) -> bool:
    has_left = kept.closes_at is not None and at >= kept.closes_at
    return has_left or kept.entitlement.revoked_at is not None or kept.taken_back_at is not None


def _second_player(asked: _Asked) -> CopyAnswer:
    logger.warning("second player on one session", extra={"session": asked.kept.reference})
    message = _("This viewing belongs to another device. Open the film's page here to watch.")
    return asked.refuse(Happened.OTHER_PLAYER, message)


def _may_have_lost_its_place(kept: Kept, *, at: datetime) -> bool:
    """Whether it ran out, or was on its way for so long, that it was not counted meanwhile."""
    is_late = kept.finished_at is None and (kept.asked_at or at) <= at - copy_sql.LASTS_UNFINISHED
    return is_late or (kept.expires_at or at) <= at


def _has_lost_its_place(question: CopyQuestion, kept: Kept, *, at: datetime) -> bool:
    is_counted = not _may_have_lost_its_place(kept, at=at)
    return not (is_counted or copy_sql.has_place(_place(question, kept), at=at))


def _place(question: CopyQuestion, kept: Kept) -> Place:
    return Place(kept.entitlement.pk, question.player_id, settings.OFFLINE_DEVICES)


def _not_kept(kept: Kept) -> str:
    if settings.OFFLINE_DAYS and not kept.may_be_kept:
        return _("This film can't be kept on a device.")
    return _("Films of this shop can't be kept on a device.")


def _full() -> str:
    most = settings.OFFLINE_DEVICES
    words = ngettext(
        "Films can be kept on %d device. Remove what lies on another one, on the page of your devices.",
        "Films can be kept on %d devices. Remove what lies on another one, on the page of your devices.",
        most,
    )
    return words % most


def _taken_back() -> str:
    return _("This copy was taken back. Open the film's page to see why.")

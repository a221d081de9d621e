"""How far a viewer came: kept from the player's reports, however late, doubled or out of order they come.

What was seen is the union of all that was ever told; so it ends the same in any order.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from django.conf import settings

from videos import playback
from videos.kollus import tokens
from videos.kollus.progress_report import ProgressReport
from videos.models import play_log, played_parts, playing_sql, progress_sql, seconds
from videos.models.play_log import Happened
from videos.models.played_parts import Stretch
from videos.models.progress_sql import Kept, Viewing
from videos.watching.clock import clock

# Clocks and rounding; so much more than fits into the time is believed.
_SLACK_SECONDS: Final = 30
_AHEAD: Final = timedelta(minutes=1)
_TRIES: Final = 50


class Crowded(Exception):
    """Others wrote the same row each time. The player keeps its report and sends it again."""


@dataclass(frozen=True)
class _Told:
    """What one report adds; `start` names the start that played the stretches, within its session."""

    position_seconds: int
    watched_seconds: int
    stood_at: datetime
    begun_at: datetime
    seen: int = 0
    start: str = ""
    stretches: tuple[Stretch, ...] = ()


def record(report: ProgressReport, *, at: datetime) -> bool:
    """This will add a report to what is kept, and return whether it changed anything.

    A report of an earlier instant adds what was seen and moves nothing back. One that tells of more film than
    could be played since its session was opened is not believed. The first minute watched starts a rental,
    should the player's own callback have been lost.

    :raises playback.UnknownSession: the report is of no session of ours.
    :raises Crowded: it could not be kept now.
    """
    reference = tokens.read_session_mark(
        report.session_mark, cuid=report.cuid, media_content_key=report.media_content_key
    )
    for _ in range(_TRIES):
        viewing = progress_sql.find_viewing(reference) if reference else None
        if viewing is None:
            raise playback.UnknownSession
        told = _told(report, viewing, at=at)
        now = _added(viewing.kept, told, duration_seconds=viewing.duration_seconds)
        if not _is_plausible(now, told, viewing, at=at):
            told_of = clock(max(now.watched_seconds, now.played_seconds))
            playing_sql.note(viewing.session_id, play_log.line(Happened.NOT_BELIEVED, told_of, at=at))
            return False
        if report.watched_seconds > 0:
            viewing.entitlement.start(at=at)
        if now == viewing.kept:
            return False
        keep = partial(progress_sql.keep_progress, code_id=viewing.code_id, video_id=viewing.video_id)
        if keep(was=viewing.kept, now=now):
            return True
    raise Crowded


def bring(given: Kept, *, code_id: int, video_id: int, duration_seconds: int) -> bool:
    """This will add what is kept of one viewer to another's of the same film, and return whether that
    changed anything. For the film's map they stay two, so that nobody is counted for the same second twice.

    :raises Crowded: it could not be kept now.
    """
    if given.reported_at is None:
        return False
    told = _Told(
        position_seconds=given.position_seconds,
        watched_seconds=given.watched_seconds,
        stood_at=given.reported_at,
        begun_at=given.begun_at or given.reported_at,
        seen=seconds.read(given.seen),
    )
    for _ in range(_TRIES):
        was = progress_sql.find_kept(code_id=code_id, video_id=video_id)
        now = _added(was, told, duration_seconds=duration_seconds)
        now = replace(
            now,
            completed_at=was.completed_at or given.completed_at or now.completed_at,
            mapped_seen=seconds.write(seconds.read(was.mapped_seen) | told.seen & ~seconds.read(was.seen)),
        )
        if now == was:
            return False
        if progress_sql.keep_progress(code_id=code_id, video_id=video_id, was=was, now=now):
            return True
    raise Crowded


def is_complete(seen_seconds: int, duration_seconds: int) -> bool:
    """Whether so much of a film counts as having watched it."""
    return duration_seconds > 0 and 100 * seen_seconds >= settings.WATCHED_FROM_PERCENT * duration_seconds


def _told(report: ProgressReport, viewing: Viewing, *, at: datetime) -> _Told:
    end = viewing.duration_seconds
    stretches = [(second, min(length, end - second)) for second, length in report.stretches if second < end]
    return _Told(
        position_seconds=min(report.position_seconds, end),
        watched_seconds=min(report.watched_seconds, end),
        # A clock that runs ahead must not shut out the reports that follow.
        stood_at=min(report.stood_at, at + _AHEAD),
        begun_at=viewing.opened_at,
        seen=seconds.among(((second, second + length) for second, length in stretches), end=end),
        start=f"{viewing.session_id}/{report.start}",
        stretches=tuple(stretches),
    )


def _added(kept: Kept, told: _Told, *, duration_seconds: int) -> Kept:
    seen = seconds.read(kept.seen) | told.seen
    parts = played_parts.read(kept.parts)
    if told.stretches:
        parts = played_parts.merged(parts, told.start, told.stretches)
    is_newer = kept.reported_at is None or kept.reported_at < told.stood_at
    watched = max(kept.watched_seconds, told.watched_seconds, seen.bit_count())
    completed_at = kept.completed_at
    if completed_at is None and is_complete(seen.bit_count(), duration_seconds):
        completed_at = max(told.stood_at, told.begun_at)
    return replace(
        kept,
        position_seconds=told.position_seconds if is_newer else kept.position_seconds,
        watched_seconds=watched,
        played_seconds=played_parts.played_seconds(parts),
        seen=seconds.write(seen),
        parts=played_parts.write(parts) if parts else "",
        reported_at=told.stood_at if is_newer else kept.reported_at,
        begun_at=min(_begun(kept) or told.begun_at, told.begun_at),
        completed_at=completed_at,
    )


def _begun(kept: Kept) -> datetime | None:
    """Rows of the time before this was kept tell only when they were written last."""
    if kept.begun_at is None and kept.reported_at is not None:
        return kept.reported_at - timedelta(seconds=kept.watched_seconds)
    return kept.begun_at


def _is_plausible(now: Kept, told: _Told, viewing: Viewing, *, at: datetime) -> bool:
    """Whether the session could play that much since it was opened, and the viewer all of it since his
    first. Both by our own clock: the device's is its owner's to set.
    """
    in_start = max(told.watched_seconds, sum(length for _second, length in told.stretches))
    in_all = max(now.watched_seconds, now.played_seconds)
    return in_start <= _fits(viewing.opened_at, at) and in_all <= _fits(now.begun_at or at, at)


def _fits(since: datetime, at: datetime) -> int:
    elapsed = max(0.0, (at - since).total_seconds())
    return _SLACK_SECONDS + int(elapsed * settings.KOLLUS_FASTEST_SPEED)

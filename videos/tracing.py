"""From a recording to who was watching: the code in the picture names the viewer, and where and when the
likeliest of his sessions.

However many viewers there are, their codes are found by at most 211 look-ups in one index, in one statement.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from accounts.models import Pass
from videos.models import (
    PlaybackSession,
    StreamLease,
    Video,
    ViewerCode,
    WatchProgress,
    played_parts,
    viewer_codes,
)

logger = logging.getLogger(__name__)

_LOOKED_AT: Final = 1000
_A_PLAY: Final = timedelta(hours=6)  # how long a session may go on after its link
_NEVER: Final = timedelta(days=36_500)
_MOST_PURCHASES: Final = 20


class NotCertain(Exception):
    """What was read does not name one viewer beyond doubt."""


@dataclass(frozen=True)
class Candidate:
    """A viewer whose code may have been read.

    `misread` is at how many places it was then misread, `margin` how many would have to be for it to be
    anybody else's.
    """

    code: ViewerCode
    misread: int
    margin: int

    @property
    def is_certain(self) -> bool:
        """Whether all that was read fits, and could not as easily fit anybody else."""
        return self.misread == 0 and self.margin > 1


@dataclass(frozen=True)
class Sighting:
    """Where and when the code was seen, as far as anybody knows."""

    film: Video | None = None
    second: int | None = None
    seen_at: datetime | None = None


@dataclass(frozen=True)
class Trace:
    """One of the viewer's sessions, and how well it fits: in the film, at its second, at the time."""

    session: PlaybackSession
    is_of_film: bool
    has_played_second: bool
    away: timedelta

    @property
    def rank(self) -> tuple[bool, bool, timedelta, int]:
        """Smaller is likelier."""
        return (not self.is_of_film, not self.has_played_second, self.away, -self.session.pk)


def candidates(text: str) -> list[Candidate]:
    """This will find the viewers whose code may have been meant, the likeliest first.

    `text` is what was read, with `?` for what could not be. One reading agrees with the text in more
    characters than any other, as long as no more than one is misread beside two that are unreadable.
    """
    read = viewer_codes.normalised(text)
    readings = {reading.code: reading for reading in viewer_codes.readings(read)}
    # A code that was made by an earlier release is found where all of it was read.
    whole = "".join(text.split()).upper()
    found = ViewerCode.objects.select_related("user").filter(code__in=[*readings, whole])
    return sorted(
        (_candidate(code, read, readings.get(code.code)) for code in found),
        key=lambda candidate: (candidate.misread, candidate.code.pk),
    )


def leading(found: list[Candidate]) -> Candidate | None:
    """This will choose the candidate that fits better than all others; None where none does."""
    if not found or (len(found) > 1 and found[0].misread == found[1].misread):
        return None
    return found[0]


def sessions(code: ViewerCode, sighting: Sighting) -> list[Trace]:
    """This will list the viewer's last sessions, the likeliest for this sighting first."""
    opened = code.sessions.select_related("video", "entitlement").order_by("-id")
    if sighting.seen_at is not None:
        opened = opened.filter(opened_at__lte=sighting.seen_at + _A_PLAY)
    rows = list(opened[:_LOOKED_AT])
    played = _played(code, sighting, rows)
    return sorted(
        (_trace(session, sighting, played.get(session.pk, [])) for session in rows),
        key=lambda trace: trace.rank,
    )


@transaction.atomic
def end(code: ViewerCode, *, at: datetime) -> int:
    """This will end all sessions of a viewer that were not ended, and return how many it ended.

    Their pages stop, their players are let in no more. His rights stay as they are: he may open a new one.
    """
    ended = code.sessions.filter(ended_at=None).update(ended_at=at)
    StreamLease.objects.filter(viewer_code=code).delete()
    logger.info("a traced viewer's sessions were ended", extra={"viewer_code": code.pk, "sessions": ended})
    return ended


def end_certain(text: str, *, at: datetime) -> tuple[ViewerCode, int]:
    """This will end the sessions of the viewer whom a reading names for certain, and tell who and how many.

    :raises NotCertain: it names nobody, or somebody as well as somebody else, or may be misread.
    """
    candidate = leading(candidates(text))
    if candidate is None or not candidate.is_certain:
        raise NotCertain
    return candidate.code, end(candidate.code, at=at)


def purchases(code: ViewerCode) -> list[str]:
    """This will list the references of what a guest's browser, or the account, holds passes to: the last
    twenty.
    """
    if code.user_id is not None:
        rows = Pass.objects.filter(user_id=code.user_id)
    else:
        rows = Pass.objects.filter(visitor=code.visitor or "")
    return list(rows.order_by("-id").values_list("reference", flat=True)[:_MOST_PURCHASES])


def _candidate(code: ViewerCode, read: str, reading: viewer_codes.Reading | None) -> Candidate:
    if reading is None:
        return Candidate(code, misread=0, margin=1)
    return Candidate(code, reading.misread, viewer_codes.must_be_misread(read, reading))


def _trace(session: PlaybackSession, sighting: Sighting, stretches: Iterable[played_parts.Stretch]) -> Trace:
    second = sighting.second
    return Trace(
        session,
        is_of_film=sighting.film is None or session.video_id == sighting.film.pk,
        has_played_second=second is None
        or any(start <= second < start + length for start, length in stretches),
        away=_away(session, sighting.seen_at),
    )


def _away(session: PlaybackSession, seen_at: datetime | None) -> timedelta:
    """How far from the time that the session was open; one opened later is as good as none."""
    if seen_at is None:
        return timedelta(0)
    if session.opened_at > seen_at:
        return _NEVER + (session.opened_at - seen_at)
    return max(seen_at - session.link_until, timedelta(0))


def _played(
    code: ViewerCode, sighting: Sighting, rows: list[PlaybackSession]
) -> dict[int, list[played_parts.Stretch]]:
    """What each session has played of the films that count."""
    if sighting.second is None:
        return {}
    films = {session.video_id for session in rows}
    if sighting.film is not None:
        films &= {sighting.film.pk}
    found: dict[int, list[played_parts.Stretch]] = {}
    for parts in WatchProgress.objects.filter(viewer_code=code, video__in=films).values_list(
        "parts", flat=True
    ):
        for start, stretches in played_parts.read(parts).items():
            found.setdefault(int(start.partition("/")[0]), []).extend(stretches)
    return found

"""In how many places at once a viewer may play: held by signs of life, taken over by whoever asks for it.

A page beats every two seconds while it plays. A place that was silent for six seconds is free; before that
it goes to another browser only by `take_over`, which its viewer chose.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from videos.models import PlaybackSession, StreamLease, ViewerCode, lease_sql, playing_sql
from videos.models.opening_sql import Opened

_ANY_NUMBER: Final = 10


class Elsewhere(Exception):
    """The viewer plays in as many places as he may; `places` are those."""

    def __init__(self, places: "list[Place]") -> None:
        super().__init__(len(places))
        self.places = places


class Ended(Exception):
    """The viewer ended this session himself, in the list of his devices."""


class Over(Exception):
    """There is no such session, or the right that it plays by has ended."""


@dataclass(frozen=True)
class Place:
    """Where a viewer plays: the session by which it is named, its device and film.

    `is_here` where it is in the same browser, in another window.
    """

    session: str
    device: str
    title: str
    is_here: bool


def places(codes: "QuerySet[ViewerCode]", *, browser: str, at: datetime) -> list[Place]:
    """This will list where the viewer plays just now, as seen from one of his browsers; the newest last."""
    held = StreamLease.objects.alive(at=at).filter(viewer_code__in=codes, slot__lte=settings.STREAMS_AT_ONCE)
    rows = held.select_related("session__video").prefetch_related("session__video__texts")
    return [
        Place(
            session=row.session.reference,
            device=row.session.device,
            title=row.session.video.title,
            is_here=bool(browser) and row.browser == browser,
        )
        for row in rows.order_by("taken_at", "slot")[:_ANY_NUMBER]
    ]


def hold(reference: str, *, at: datetime) -> None:
    """This will note that a session plays, and take a free place where it holds none.

    :raises Elsewhere: other browsers have taken all places.
    :raises Ended: its viewer ended it.
    :raises Over: no such session, or its right has ended.
    """
    if lease_sql.beat(reference, at=at):
        return
    session = playing_sql.find_session(reference)
    if session is None or not session.may_play(at=at):
        raise Over
    if session.ended_at is not None:
        raise Ended
    if not lease_sql.take(session.pk, at=at):
        codes = ViewerCode.objects.filter(pk=session.viewer_code_id)
        raise Elsewhere(places(codes, browser=session.browser, at=at))


def holder(codes: "QuerySet[ViewerCode]", session: str) -> PlaybackSession | None:
    """This will find the viewer's own session of that name."""
    return PlaybackSession.objects.filter(viewer_code__in=codes, reference=session).first()


def take_over(
    holder: PlaybackSession, keep: Callable[..., Opened | None], *, reference: str, at: datetime
) -> Opened | None:
    """This will have a session kept by `keep`, and give it the holder's place at once, or a free one.

    Nothing is kept where there is none any more.

    :raises Elsewhere: another browser took it a moment ago.
    """
    with transaction.atomic():
        opened = keep(instead_of=holder.pk)
        if opened is not None:
            session = PlaybackSession.objects.get(reference=reference)
            if not (lease_sql.hand_over(holder.pk, session, at=at) or lease_sql.take(session.pk, at=at)):
                codes = ViewerCode.objects.filter(pk=session.viewer_code_id)
                raise Elsewhere(places(codes, browser=session.browser, at=at))
    return opened


def leave(reference: str) -> None:
    """This will give back the place of a page that was closed. Again: nothing changes.

    :raises Over: no such session.
    """
    if not lease_sql.leave(reference) and not PlaybackSession.objects.filter(reference=reference).exists():
        raise Over

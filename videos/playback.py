"""Playing: check the right, hand out a short signed link.

Nothing here waits on a network.
"""

import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NoReturn

from django.conf import settings
from django.db.models import QuerySet

from accounts.identity import Viewer
from accounts.signed_in import device_name
from videos import entitlements
from videos.kollus import app_links, drm_policy, tokens
from videos.models import (
    Entitlement,
    PlaybackSession,
    Video,
    ViewerCode,
    WatchProgress,
    opening_sql,
    seconds,
)
from videos.models.opening_sql import Opened
from videos.watching import leases

logger = logging.getLogger(__name__)

# An ending position this close to the end means "seen": start from the beginning again.
_END_ZONE_SECONDS = 5
# Reports are rounded: what was watched with no more than this between is watched in one go.
_GAP_SECONDS = 3
_EVERYWHERE = 1_000_000


class MayNotWatch(Exception):
    """The viewer holds no right to this video now, or there is no such video. Both look alike to him."""


class CannotProtect(Exception):
    """The film is under Multi DRM, and what its licences need is not set: it plays for nobody meanwhile."""


class NotKept(Exception):
    """No copy of this film can be kept on this device."""


class UnknownSession(Exception):
    """A player's word about a viewing that is not ours: its mark is forged, or another viewer's or film's."""


@dataclass(frozen=True)
class Ticket:
    """What the page needs to play: the frame's address, and for how many seconds it can be used to start.

    `app_url` opens the film in Kollus' installed player, where this device needs that instead of a frame.
    """

    session: str
    url: str
    seconds: int
    resume_seconds: int
    app_url: str = ""


@dataclass(frozen=True)
class _Asked:
    """One request for a link: to which session, until when, by which browser, and when."""

    reference: str
    until: datetime
    user_agent: str
    at: datetime


def open(
    viewer: Viewer, slug: str, *, resume: bool, at: datetime, user_agent: str = "", instead: str = ""
) -> Ticket:
    """This will open a playback session and sign its link. Each call opens a new one.

    `user_agent` is the browser's word about itself, by which Multi DRM chooses its licence; `instead` names a
    session of the viewer's whose place the new one takes at once.

    :raises MayNotWatch: no right, or no such video.
    :raises CannotProtect: the link would play the film without its protection.
    :raises leases.Elsewhere: he plays in as many other places as he may.
    """
    reference, until = secrets.token_urlsafe(16), _link_end(at)
    keep = partial(opening_sql.open_session, viewer, slug, reference=reference, at=at, link_until=until)
    keep = partial(keep, device=device_name(user_agent))
    holder = leases.holder(codes_of(viewer), instead) if instead else None
    opened = leases.take_over(holder, keep, reference=reference, at=at) if holder else keep()
    if opened is None:  # not his, or his first play of all, or he plays elsewhere
        opening_sql.give_code(viewer)
        opened = keep() or _refuse(viewer, slug, at=at)
    position = resume_position(opened.position_seconds, opened.duration_seconds)
    asked = _Asked(reference=reference, until=until, user_agent=user_agent, at=at)
    return _ticket(opened, asked, from_seconds=position if resume else 0, resume_seconds=position)


def _refuse(viewer: Viewer, slug: str, *, at: datetime) -> NoReturn:
    video = Video.objects.filter(slug=slug).first()
    if video is None or not entitlements.may_watch(viewer, video, at=at):
        raise MayNotWatch
    raise leases.Elsewhere(leases.places(codes_of(viewer), browser=viewer.browser, at=at))


def download(viewer: Viewer, slug: str, *, at: datetime, user_agent: str = "") -> str:
    """This will open a session for a copy on this device, and give the address that has Kollus' installed
    player download it; each call opens a new one.

    It takes none of the places where the viewer may play: its player asks for one when it plays.

    :raises MayNotWatch: no right, or no such video.
    :raises NotKept: no copies of this film, or none on this device.
    """
    reference, until = secrets.token_urlsafe(16), _link_end(at)
    keep = partial(opening_sql.open_session, viewer, slug, reference=reference, at=at, link_until=until)
    keep = partial(keep, device=device_name(user_agent), places=_EVERYWHERE, is_to_keep=True)
    video = Video.objects.filter(slug=slug).first()
    if video is None or not entitlements.may_watch(viewer, video, at=at):
        raise MayNotWatch
    if not video.can_be_kept or not app_links.can_keep(user_agent):
        raise NotKept
    opened = keep()
    if opened is None:  # his first play of all
        opening_sql.give_code(viewer)
        opened = keep() or _refuse(viewer, slug, at=at)
    asked = _Asked(reference=reference, until=until, user_agent=user_agent, at=at)
    return app_links.to_keep(_link(opened, asked, _restrictions(opened, asked)), user_agent=user_agent)


def renew(viewer: Viewer, reference: str, *, at: datetime, user_agent: str = "") -> Ticket:
    """This will sign a fresh link for a session that is still open in the viewer's page.

    :raises MayNotWatch: the session is not his, or the right has ended.
    :raises CannotProtect: likewise.
    """
    session = _watched_by(viewer, reference, at=at)
    session.link_until = _link_end(at)
    session.save(update_fields=["link_until"])
    opened = opening_sql.opened(session)
    return _ticket(
        opened, _Asked(reference=reference, until=session.link_until, user_agent=user_agent, at=at)
    )


def start(viewer: Viewer, reference: str, *, at: datetime) -> Entitlement:
    """This will start a rental's hours because the page saw the film play, and return the right.

    Again, or for owners: changes nothing.

    :raises MayNotWatch: the session is not his, or the right has ended.
    """
    right = _watched_by(viewer, reference, at=at).entitlement
    right.start(at=at)
    return right


def _watched_by(viewer: Viewer, reference: str, *, at: datetime) -> PlaybackSession:
    session = (
        opening_sql.with_link_facts(
            PlaybackSession.objects.select_related("entitlement", "viewer_code", "video")
        )
        .filter(entitlement__in=Entitlement.objects.held_by(viewer), reference=reference)
        .first()
    )
    if session is None or session.ended_at is not None or not session.may_play(at=at):
        raise MayNotWatch
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


def _link_end(at: datetime) -> datetime:
    return at + timedelta(seconds=settings.KOLLUS_LINK_SECONDS)


def _ticket(opened: Opened, asked: _Asked, *, from_seconds: int = 0, resume_seconds: int = 0) -> Ticket:
    restrictions = _restrictions(opened, asked)
    if restrictions.seekable_end is not None:
        from_seconds = min(from_seconds, restrictions.seekable_end)
    url = _link(opened, asked, restrictions, from_seconds=from_seconds)
    needs_app = opened.protection == Video.Protection.KOLLUS
    app_url = app_links.to_play(url, user_agent=asked.user_agent) if needs_app else ""
    return Ticket(asked.reference, url, settings.KOLLUS_LINK_SECONDS, resume_seconds, app_url)


def _link(opened: Opened, asked: _Asked, restrictions: tokens.Restrictions, *, from_seconds: int = 0) -> str:
    key = opened.media_content_key
    return tokens.playback_link(
        cuid=opened.code,
        media_content_key=key,
        session_mark=tokens.session_mark(asked.reference, cuid=opened.code, media_content_key=key),
        until=asked.until,
        from_seconds=from_seconds,
        restrictions=restrictions,
    )


def _restrictions(opened: Opened, asked: _Asked) -> tokens.Restrictions:
    is_multi_drm = opened.protection == Video.Protection.MULTI_DRM
    return tokens.Restrictions(
        shows_code=opened.shows_code,
        seekable_end=_seekable_end(opened) if opened.locks_seeking else None,
        locks_speed=opened.locks_speed,
        drm_policy=_drm_policy(opened, asked) if is_multi_drm else None,
        needs_kollus_player=opened.protection == Video.Protection.KOLLUS,
    )


def _drm_policy(opened: Opened, asked: _Asked) -> dict[str, Any]:
    try:
        return drm_policy.policy(
            cuid=opened.code,
            upload_file_key=opened.upload_file_key,
            output=opened.output_protection,
            user_agent=asked.user_agent,
            at=asked.at,
        )
    except drm_policy.NotSetUp as error:
        logger.error("no licence token for a film under Multi DRM", extra={"session": asked.reference})
        raise CannotProtect from error


def _seekable_end(opened: Opened) -> int | None:
    """How far the viewer has come from the beginning; None once he has seen the film, which opens it."""
    if opened.is_completed:
        return None
    end = 0
    for start, stop in seconds.runs(seconds.read(opened.seen)):
        if start > end + _GAP_SECONDS:
            break
        end = stop
    return end

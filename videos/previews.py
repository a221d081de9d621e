"""What everybody may see of a film before buying it: its trailer, or else its first minutes.

No right is asked and none is used: nothing is kept, no session is opened, and no rental begins. Whether a
player's question is about a preview, and where that ends, stands in the mark that we signed.
"""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from videos.kollus import app_links, drm_policy, play_callback, tokens
from videos.models import Video
from videos.models.viewer_codes import new_code
from videos.playback import CannotProtect, Ticket

logger = logging.getLogger(__name__)

# No session's reference holds a colon.
_MARKED = "preview:"
# A cut is watched again and again by the keen; an hour of it, in pieces, by nobody.
_TIMES_OVER = 3


class NoPreview(Exception):
    """There is no such film in the shop, or nothing of it is free."""


@dataclass(frozen=True)
class _Terms:
    """Until when a preview's link is good, and which seconds it shows: None for a trailer, which is whole."""

    until: datetime
    section: tuple[int, int] | None


def open(slug: str, *, at: datetime, user_agent: str = "") -> Ticket:
    """This will sign a link to a film's preview, for whoever asks. The ticket names no session.

    :raises NoPreview: nothing of this film is free.
    :raises CannotProtect: the link would play the film without its protection.
    """
    films = Video.objects.filter(media_content_key=OuterRef("trailer_key"))
    shown = Video.objects.in_shop(at=at).with_wanted_output().annotate(is_a_film=Exists(films))
    film = shown.filter(slug=slug).first()
    if film is None or not film.has_preview or _gives_a_film_away(film):
        raise NoPreview
    terms = _Terms(
        until=at + timedelta(seconds=settings.KOLLUS_LINK_SECONDS),
        section=None if film.trailer_key else film.preview_section,
    )
    # Of one visit's own: Kollus may count the devices of a viewer.
    cuid = f"preview-{new_code()}"
    key = film.trailer_key or film.media_content_key
    url = tokens.playback_link(
        cuid=cuid,
        media_content_key=key,
        session_mark=tokens.session_mark(_reference(terms), cuid=cuid, media_content_key=key),
        until=terms.until,
        restrictions=tokens.Restrictions(
            section=terms.section,
            drm_policy=_drm_policy(film, cuid, user_agent, at) if terms.section else None,
            needs_kollus_player=film.protection == Video.Protection.KOLLUS,
        ),
    )
    needs_app = bool(terms.section) and film.protection == Video.Protection.KOLLUS
    app_url = app_links.to_play(url, user_agent=user_agent) if needs_app else ""
    return Ticket("", url, settings.KOLLUS_LINK_SECONDS, 0, app_url)


def answer(question: play_callback.PlayQuestion, *, at: datetime) -> str | None:
    """This will answer the playback callback of a preview; None where the question is about none."""
    terms = _read(question.session_mark, question.cuid, question.media_content_key)
    if terms is None:
        return None
    if at >= terms.until:
        return play_callback.refuse(_("This link has expired. Reload the page to go on watching."))
    return play_callback.allow(
        question.kind, answer_until=terms.until, play_until=None, forbidden=_all_but(terms.section)
    )


def is_one(mark: str, *, cuid: str, media_content_key: str) -> bool:
    """This will tell whether a player's mark is a preview's, whose progress is nobody's."""
    return _read(mark, cuid, media_content_key) is not None


def _gives_a_film_away(film: Video) -> bool:
    """Kollus may give a film the key that somebody typed as a trailer's before."""
    return bool(film.trailer_key and vars(film)["is_a_film"])


def _all_but(section: tuple[int, int] | None) -> play_callback.Forbidden:
    if section is None:
        return play_callback.Forbidden()
    start, end = section
    return play_callback.Forbidden(
        outside_section=section, longest_playtime_seconds=_TIMES_OVER * (end - start)
    )


def _drm_policy(film: Video, cuid: str, user_agent: str, at: datetime) -> dict[str, Any] | None:
    """A cut is as protected as its film; a trailer is for everybody, and bare."""
    if film.protection != Video.Protection.MULTI_DRM:
        return None
    try:
        return drm_policy.policy(
            cuid=cuid,
            upload_file_key=film.upload_file_key,
            output=film.wanted_output,
            user_agent=user_agent,
            at=at,
        )
    except drm_policy.NotSetUp as error:
        logger.error("no licence token for a film under Multi DRM", extra={"video": film.slug})
        raise CannotProtect from error


def _reference(terms: _Terms) -> str:
    start, end = terms.section or (0, 0)
    return f"{_MARKED}{int(terms.until.timestamp())}:{start}:{end}"


def _read(mark: str, cuid: str, media_content_key: str) -> _Terms | None:
    if not mark.startswith(_MARKED):
        return None
    reference = tokens.read_session_mark(mark, cuid=cuid, media_content_key=media_content_key)
    if reference is None:
        return None
    until, start, end = map(int, reference.removeprefix(_MARKED).split(":"))
    return _Terms(datetime.fromtimestamp(until, UTC), (start, end) if end else None)

"""What a viewer keeps on his devices, and under which terms; what he no longer wants is taken back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.identity import Viewer
from videos import playback
from videos.kollus import app_links
from videos.models import Entitlement, OfflineCopy, Video

_MOST: Final = 200


@dataclass(frozen=True)
class KeptCopy:
    """A copy that lies on a device, and until when it plays there. `session` names it."""

    session: str
    title: str
    url: str
    device: str
    until: datetime
    plays_left: int | None

    @property
    def plays_text(self) -> str:
        """Empty where it may be played any number of times."""
        if self.plays_left is None:
            return ""
        return ngettext("%d play left", "%d plays left", self.plays_left) % self.plays_left


@dataclass(frozen=True)
class Keeping:
    """How one film is kept: the terms in a sentence, whether this device can, and where it lies already."""

    terms: str
    is_possible_here: bool
    copies: list[KeptCopy]


def of_film(
    viewer: Viewer, video: Video, right: Entitlement, *, user_agent: str, at: datetime
) -> Keeping | None:
    """This will tell how a viewer with this right may keep the film; None where nobody may."""
    if not video.can_be_kept:
        return None
    return Keeping(_terms(right), app_links.can_keep(user_agent), of(viewer, at=at, video=video))


def of(viewer: Viewer, *, at: datetime, video: Video | None = None) -> list[KeptCopy]:
    """This will list the viewer's copies, of one film or of all that his rights still open, the one that ends
    first before the others.
    """
    if not settings.OFFLINE_DAYS or viewer.is_nobody:
        return []
    his = OfflineCopy.objects.kept(at=at).filter(session__viewer_code__in=playback.codes_of(viewer))
    his = his.filter(session__video__may_be_kept=True)
    rows = his.filter(entitlement__in=Entitlement.objects.valid(at=at))
    if video is not None:
        rows = rows.filter(session__video=video)
    rows = rows.select_related("session__video", "entitlement")
    rows = rows.prefetch_related("session__video__texts").order_by("expires_at", "id")[:_MOST]
    kept = [_kept(row) for row in rows if row.entitlement.is_licensed(row.session.video, at=at)]
    return sorted(kept, key=lambda copy: copy.until)


def take_back(viewer: Viewer, session: str, *, at: datetime) -> bool:
    """This will take one of the viewer's copies back, and return whether this call did: its device deletes it
    the next time that its player asks.
    """
    his = OfflineCopy.objects.filter(session__viewer_code__in=playback.codes_of(viewer))
    return bool(his.filter(session__reference=session, taken_back_at=None).update(taken_back_at=at))


def _kept(row: OfflineCopy) -> KeptCopy:
    film = row.session.video
    closes_at = row.entitlement.closes_at(film)
    return KeptCopy(
        session=row.session.reference,
        title=film.title,
        url=film.get_absolute_url(),
        device=row.device,
        until=min(row.expires_at, closes_at or row.expires_at),
        plays_left=row.plays_left,
    )


def _terms(right: Entitlement) -> str:
    days, plays, devices = settings.OFFLINE_DAYS, settings.OFFLINE_PLAYS, settings.OFFLINE_DEVICES
    lasts = ngettext(
        "Kept on a device, the film plays there without a network for %d day.",
        "Kept on a device, the film plays there without a network for %d days.",
        days,
    )
    often = ngettext("It plays %d time at most.", "It plays %d times at most.", plays)
    where = ngettext(
        "What you keep may lie on %d device at a time.",
        "What you keep may lie on %d devices at a time.",
        devices,
    )
    return " ".join(
        [
            lasts % days,
            *([often % plays] if plays else []),
            _("It ends with your rental, whose hours begin with the first play.")
            if right.is_rental
            else _("Then it goes online once and is renewed, as long as you may watch."),
            where % devices,
        ]
    )

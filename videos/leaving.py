"""What it means for who looks at a film that it leaves, or has left: in a sentence."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.identity import Viewer
from videos.models import Collection, Entitlement, TakeDown, Video
from videos.models.rights import opens

_BECAUSE: Final = {
    TakeDown.Cause.LICENCE: lambda: _("Our licence for it has ended."),
    TakeDown.Cause.DEMAND: lambda: _("Its rights holder has asked for that."),
    TakeDown.Cause.LAW: lambda: _("The law asks for that."),
}


def moment_text(moment: datetime, time_zone: str = "") -> str:
    """This will write an instant by the clock of this zone, or the shop's, and name the zone."""
    try:
        zone = ZoneInfo(time_zone or settings.TIME_ZONE)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        zone = ZoneInfo(settings.TIME_ZONE)
    return f"{date_format(moment.astimezone(zone), 'DATETIME_FORMAT')} ({zone.key})"


def before_buying(target: Video | Collection, *, at: datetime, time_zone: str = "") -> list[str]:
    """This will say what who buys now has to know: until when a film can be had, and for how long."""
    if isinstance(target, Video):
        return [_for_sale(target, time_zone)] if target.sold_until is not None else []
    films = target.videos.in_shop(at=at).filter(sold_until__isnull=False)
    return [_of_part(film, time_zone) for film in films.with_texts().order_by("items__position")]


def _of_part(film: Video, time_zone: str) -> str:
    facts = {"title": film.title, "date": moment_text(film.sold_until, time_zone) if film.sold_until else ""}
    if film.watched_until is not None:
        return _("“%(title)s” leaves on %(date)s, and nobody can watch it from then on.") % facts
    return _("“%(title)s” leaves on %(date)s. Who bought all before keeps it; members don't.") % facts


def _for_sale(video: Video, time_zone: str) -> str:
    date = {"date": moment_text(video.sold_until, time_zone)} if video.sold_until else {}
    if video.watched_until is not None:
        return (
            _(
                "It can be watched until %(date)s: then it leaves the shop and nobody can watch it any more. "
                "Nothing is given back then for what is bought from now on."
            )
            % date
        )
    return _("On sale until %(date)s. Who buys it keeps it.") % date


def until_text(video: Video, time_zone: str = "") -> str:
    """This will say until when a film can be watched that nobody watches then."""
    if video.watched_until is None:
        return ""
    date = {"date": moment_text(video.watched_until, time_zone)}
    return _("It can be watched until %(date)s: then it leaves the shop.") % date


def part_gone(video: Video) -> str:
    """This will say of a film of a collection that has left that it is not in it any more."""
    return _("“%(title)s” left the shop on %(date)s, and nobody can watch it any more.") % {
        "title": video.title,
        "date": _day_text(video.watched_until) if video.watched_until else "",
    }


def for_holder(right: Entitlement, video: Video, *, at: datetime) -> str:
    """This will say to who may watch it until when that is, or that he keeps what is sold no more."""
    closes_at = right.closes_at(video)
    if closes_at is not None:
        return _("It can be watched until %(date)s: then it leaves the shop.") % {
            "date": moment_text(closes_at)
        }
    if video.sold_until is None or at < video.sold_until:
        return ""
    if right.is_rental:
        return _("It has left the shop. Your rental runs to its end.")
    return _("It has left the shop, and you keep it.")


def is_told_to(viewer: Viewer, video: Video) -> bool:
    """This will tell whether it is the viewer's business that a film has left: he holds, or held, a right."""
    return not viewer.is_nobody and Entitlement.objects.held_by(viewer).filter(opens(video)).exists()


def what_happened(video: Video, *, time_zone: str = "") -> str:
    """This will say of a film that has left when it did, and why."""
    if video.sold_until is None:
        return ""
    taken = TakeDown.objects.standing().filter(video=video).first()
    left = _("This film left the shop on %(date)s.") % {"date": moment_text(video.sold_until, time_zone)}
    because = _BECAUSE[TakeDown.Cause(taken.cause)]() if taken else ""
    return " ".join(each for each in (left, because) if each)


def once_gone(video: Video) -> list[str]:
    """This will say the same, and what that means for who had it."""
    if video.watched_until is None:
        means = _("Who had bought it watches on; nobody gets it anew, members neither.")
    else:
        means = _("Nobody can watch it any more. The page of your order says what was given back.")
    return [what_happened(video), means]


def left_text(video: Video) -> str:
    """The same of one that has left."""
    if video.sold_until is None:
        return ""
    return _("Left the shop on %(date)s") % {"date": _day_text(video.sold_until)}


def card_text(right: Entitlement, video: Video) -> str:
    """This will say in few words, under a poster, until when a film can be watched that leaves."""
    closes_at = right.closes_at(video)
    if closes_at is None:
        return ""
    return _("Until %(date)s") % {"date": _day_text(closes_at)}


def _day_text(moment: datetime) -> str:
    return date_format(moment.astimezone(ZoneInfo(settings.TIME_ZONE)), "DATE_FORMAT")

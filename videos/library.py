"""What a viewer may watch, where he stopped, and what he could watch once: in as many queries as there are
kinds of rows, however much he has.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.identity import Viewer
from videos import playback, shelves
from videos.models import Collection, CollectionItem, Entitlement, Video, WatchProgress
from videos.shelves import Card

_MOST_RIGHTS: Final = 200
_MOST_ENDED: Final = 24
_SHOWN_TO_NOBODY: Final = 6
_LASTING: Final = ("owned", "as_member", "rented")
Opened = dict[int, tuple[Video, Entitlement]]


@dataclass(frozen=True)
class Belonging:
    """A membership, running or over: its collection, and the purchase by which it is looked after."""

    title: str
    url: str
    reference: str
    ended_text: str = ""


@dataclass(frozen=True)
class Library:
    """The shelves of a library. What is over stands apart; `newest` is for who has nothing."""

    continue_watching: list[Card] = field(default_factory=list)
    rented: list[Card] = field(default_factory=list)
    owned: list[Card] = field(default_factory=list)
    as_member: list[Card] = field(default_factory=list)
    memberships: list[Belonging] = field(default_factory=list)
    over: list[Card] = field(default_factory=list)
    newest: list[Card] = field(default_factory=list)
    opens_everything: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to watch; what is over may still be told of."""
        shelves = (self.rented, self.owned, self.as_member, self.memberships)
        return not (any(shelves) or self.opens_everything)


def of(viewer: Viewer, *, currency: str, language: str, at: datetime) -> Library:
    """This will gather the viewer's library; one who may watch nothing is shown what is new."""
    held, ended = _rights(viewer, at=at)
    opened = _opened_by(held)
    seen = _seen(viewer, opened)
    cards = {
        pk: shelves.card(
            video,
            progress_percent=_percent(seen[pk][0], video.duration_seconds) if pk in seen else 0,
            time_left_text=shelves.time_left_text(right, at=at),
        )
        for pk, (video, right) in opened.items()
    }
    kinds = {pk: _kind(right) for pk, (_video, right) in opened.items()}
    library = Library(
        continue_watching=[cards[pk] for pk in _begun(seen, opened)],
        rented=[cards[pk] for pk in cards if kinds[pk] == "rented"],
        owned=[cards[pk] for pk in cards if kinds[pk] == "owned"],
        as_member=[cards[pk] for pk in cards if kinds[pk] == "as_member"],
        memberships=_memberships(held, ended),
        over=_over(ended, opened, currency=currency, language=language),
        opens_everything=any(right.everything for right in held),
    )
    if not library.is_empty:
        return library
    new = shelves.newest(viewer, limit=_SHOWN_TO_NOBODY, currency=currency, language=language, at=at)
    return replace(library, newest=new)


def _rights(viewer: Viewer, *, at: datetime) -> tuple[list[Entitlement], list[Entitlement]]:
    """Those that let him watch now, and the last of those that did, newest first. A refund is no such end."""
    if viewer.is_nobody:
        return [], []
    rows = Entitlement.objects.held_by(viewer)
    held = rows.valid(at=at).order_by("-starts_at", "-id")[:_MOST_RIGHTS]
    is_over = Q(ends_at__lte=at) | Q(ends_at=None, start_by__lte=at)
    return list(held), list(rows.filter(is_over, revoked_at=None).order_by("-starts_at", "-id")[:_MOST_ENDED])


def _opened_by(held: list[Entitlement]) -> Opened:
    """Each video once, with the right that lasts longest, in the order the rights were got."""
    of_collection: dict[int, list[int]] = {}
    items = CollectionItem.objects.filter(
        collection__in={each.collection_id for each in held if each.collection_id}
    )
    for item in items.order_by("position"):
        of_collection.setdefault(item.collection_id, []).append(item.video_id)
    best: dict[int, Entitlement] = {}
    for each in held:
        for pk in [each.video_id] if each.video_id else of_collection.get(each.collection_id or 0, []):
            if pk not in best or _LASTING.index(_kind(each)) < _LASTING.index(_kind(best[pk])):
                best[pk] = each
    videos = Video.objects.with_texts().in_bulk(list(best))
    return {pk: (videos[pk], right) for pk, right in best.items() if pk in videos}


def _seen(viewer: Viewer, opened: Opened) -> dict[int, tuple[int, datetime]]:
    """By video: the second where the viewer stopped, and when."""
    if not opened:
        return {}
    rows = WatchProgress.objects.filter(viewer_code__in=playback.codes_of(viewer), video__in=list(opened))
    return {
        pk: (second, at) for pk, second, at in rows.values_list("video_id", "position_seconds", "reported_at")
    }


def _begun(seen: dict[int, tuple[int, datetime]], opened: Opened) -> list[int]:
    """The films that would go on where they stopped, the one watched last before the others."""
    going = [
        pk for pk, (s, _at) in seen.items() if playback.resume_position(s, opened[pk][0].duration_seconds)
    ]
    return sorted(going, key=lambda pk: seen[pk][1], reverse=True)


def _memberships(held: list[Entitlement], ended: list[Entitlement]) -> list[Belonging]:
    """Running ones first; one that is over only while its collection has no other."""
    rows: dict[int, Entitlement] = {}
    for right in [*held, *ended]:
        if _kind(right) == "as_member" and right.collection_id:
            rows.setdefault(right.collection_id, right)
    if not rows:
        return []
    collections = Collection.objects.prefetch_related("texts").in_bulk(list(rows))
    return [
        Belonging(
            title=collections[pk].title,
            url=collections[pk].get_absolute_url(),
            reference=right.reference,
            ended_text=_end_text(right) if right in ended else "",
        )
        for pk, right in rows.items()
    ]


def _over(ended: list[Entitlement], opened: Opened, *, currency: str, language: str) -> list[Card]:
    """Films that he could watch once and cannot now, with what they cost today."""
    last: dict[int, Entitlement] = {}
    for right in ended:
        if right.video_id and right.video_id not in opened:
            last.setdefault(right.video_id, right)
    if not last:
        return []
    videos = Video.objects.published().with_texts().in_bulk(list(last))
    prices = shelves.lowest_prices(videos, currency=currency, language=language)
    return [
        shelves.card(
            videos[pk],
            price_text=shelves.price_text(prices.get(pk)) or _("Not on sale any more"),
            time_left_text=_end_text(right),
        )
        for pk, right in last.items()
        if pk in videos
    ]


def _end_text(right: Entitlement) -> str:
    if right.ends_at is None and right.start_by is not None:
        return _("Not started by %(date)s") % {"date": date_format(right.start_by, "DATE_FORMAT")}
    return _("Ended on %(date)s") % {"date": date_format(right.ends_at or right.starts_at, "DATE_FORMAT")}


def _kind(right: Entitlement) -> str:
    if right.is_rental:
        return "rented"
    return "as_member" if right.reason == Entitlement.Reason.MEMBERSHIP else "owned"


def _percent(position: int, duration: int) -> int:
    return min(100, round(100 * position / duration)) if duration else 0

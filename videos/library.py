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
from videos import leaving, playback, shelves
from videos.models import Collection, CollectionItem, Entitlement, Video, WatchProgress
from videos.shelves import Card
from videos.watching import courses, keeping
from videos.watching.courses import CourseProgress
from videos.watching.keeping import KeptCopy

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
class Course:
    """A course that is open to him, and how far he is."""

    title: str
    url: str
    progress: CourseProgress

    @property
    def sentence(self) -> str:
        return _("%(watched)d of %(films)d watched") % vars(self.progress)


@dataclass(frozen=True)
class Library:
    """The shelves of a library. What is over or has left stands apart; `newest` is for who has nothing."""

    continue_watching: list[Card] = field(default_factory=list)
    courses: list[Course] = field(default_factory=list)
    rented: list[Card] = field(default_factory=list)
    owned: list[Card] = field(default_factory=list)
    as_member: list[Card] = field(default_factory=list)
    memberships: list[Belonging] = field(default_factory=list)
    over: list[Card] = field(default_factory=list)
    left: list[Card] = field(default_factory=list)
    on_devices: list[KeptCopy] = field(default_factory=list)
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
    taken = [right for right in ended if right.revoked_at is not None]
    opened, closed, of_collection = _opened_by([*held, *taken], at=at)
    seen = courses.seen_of(viewer, [video for video, _right in opened.values()]) if opened else {}
    cards = {
        pk: shelves.card(
            video,
            progress_percent=_percent(seen[pk], video) if pk in seen else 0,
            time_left_text=shelves.time_left_text(right, at=at) or leaving.card_text(right, video),
            is_watched=pk in seen and seen[pk].is_complete,
        )
        for pk, (video, right) in opened.items()
    }
    collections = _collections([*held, *ended])
    kinds = {pk: _kind(right) for pk, (_video, right) in opened.items()}
    library = Library(
        continue_watching=[cards[pk] for pk in _begun(seen, opened)],
        courses=_courses(of_collection, collections, opened, seen, at=at),
        rented=[cards[pk] for pk in cards if kinds[pk] == "rented"],
        owned=[cards[pk] for pk in cards if kinds[pk] == "owned"],
        as_member=[cards[pk] for pk in cards if kinds[pk] == "as_member"],
        memberships=_memberships(held, ended, collections),
        over=_over(ended, opened, currency=currency, language=language, at=at),
        left=_left(closed),
        on_devices=keeping.of(viewer, at=at) if opened else [],
        opens_everything=any(right.everything for right in held),
    )
    if not library.is_empty:
        return library
    new = shelves.newest(viewer, limit=_SHOWN_TO_NOBODY, currency=currency, language=language, at=at)
    return replace(library, newest=new)


def _rights(viewer: Viewer, *, at: datetime) -> tuple[list[Entitlement], list[Entitlement]]:
    """Those that let him watch now, and the last of those that did, newest first. A refund is no such end,
    unless the film has left."""
    if viewer.is_nobody:
        return [], []
    rows = Entitlement.objects.held_by(viewer)
    held = rows.valid(at=at).order_by("-starts_at", "-id")[:_MOST_RIGHTS]
    is_over = Q(ends_at__lte=at) | Q(ends_at=None, start_by__lte=at)
    has_left = Q(revoked_at__isnull=False, video__watched_until__lte=at)
    over = rows.filter((is_over & Q(revoked_at=None)) | has_left)
    return list(held), list(over.order_by("-starts_at", "-id")[:_MOST_ENDED])


def _opened_by(held: list[Entitlement], *, at: datetime) -> tuple[Opened, list[Video], dict[int, list[int]]]:
    """Each video once, with the right that lasts longest, in the order the rights were got; those that have
    left; and the videos of each collection that is his.
    """
    of_collection: dict[int, list[int]] = {}
    items = CollectionItem.objects.filter(
        collection__in={each.collection_id for each in held if each.collection_id}
    )
    for item in items.order_by("position"):
        of_collection.setdefault(item.collection_id, []).append(item.video_id)
    named = [
        (pk, each)
        for each in held
        for pk in ([each.video_id] if each.video_id else of_collection.get(each.collection_id or 0, []))
    ]
    videos = Video.objects.with_texts().in_bulk(list({pk for pk, _right in named}))
    best: dict[int, Entitlement] = {}
    for pk, each in named:
        if not each.is_licensed(videos[pk], at=at):
            continue
        if pk not in best or _LASTING.index(_kind(each)) < _LASTING.index(_kind(best[pk])):
            best[pk] = each
    closed = {pk: videos[pk] for pk, _right in named if pk not in best}
    return {pk: (videos[pk], right) for pk, right in best.items()}, list(closed.values()), of_collection


def _begun(seen: courses.Seen, opened: Opened) -> list[int]:
    """The films that would go on where they stopped, the one watched last before the others."""
    going = [pk for pk, row in seen.items() if _resumes(row, opened[pk][0])]
    return sorted(going, key=lambda pk: seen[pk].reported_at, reverse=True)


def _resumes(row: WatchProgress, video: Video) -> bool:
    return playback.resume_position(row.position_seconds, video.duration_seconds) > 0


def _collections(rights: list[Entitlement]) -> dict[int, Collection]:
    wanted = {each.collection_id for each in rights if each.collection_id}
    return Collection.objects.prefetch_related("texts").in_bulk(list(wanted)) if wanted else {}


def _courses(
    of_collection: dict[int, list[int]],
    collections: dict[int, Collection],
    opened: Opened,
    seen: courses.Seen,
    *,
    at: datetime,
) -> list[Course]:
    found = {pk: each for pk, each in collections.items() if each.kind == Collection.Kind.COURSE}
    shown = {pk: video for pk, (video, _right) in opened.items() if video.is_in_shop(at=at)}
    return [
        Course(
            title=found[pk].title,
            url=found[pk].get_absolute_url(),
            progress=courses.progress([shown[each] for each in videos if each in shown], seen),
        )
        for pk, videos in of_collection.items()
        if pk in found
    ]


def _memberships(
    held: list[Entitlement], ended: list[Entitlement], collections: dict[int, Collection]
) -> list[Belonging]:
    """Running ones first; one that is over only while its collection has no other."""
    rows: dict[int, Entitlement] = {}
    for right in [*held, *ended]:
        if _kind(right) == "as_member" and right.collection_id:
            rows.setdefault(right.collection_id, right)
    return [
        Belonging(
            title=collections[pk].title,
            url=collections[pk].get_absolute_url(),
            reference=right.reference,
            ended_text=_end_text(right) if right in ended else "",
        )
        for pk, right in rows.items()
    ]


def _over(
    ended: list[Entitlement], opened: Opened, *, currency: str, language: str, at: datetime
) -> list[Card]:
    """Films that he could watch once and cannot now, with what they cost today."""
    last: dict[int, Entitlement] = {}
    for right in ended:
        if right.video_id and right.video_id not in opened:
            last.setdefault(right.video_id, right)
    if not last:
        return []
    videos = Video.objects.in_shop(at=at).with_texts().in_bulk(list(last))
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


def _left(closed: list[Video]) -> list[Card]:
    """Films that were his to watch, by what he has still, and that the shop may show to him no more."""
    cards = [shelves.card(video, time_left_text=leaving.left_text(video)) for video in closed]
    return [replace(card, has_preview=False) for card in cards]


def _end_text(right: Entitlement) -> str:
    if right.ends_at is None and right.start_by is not None:
        return _("Not started by %(date)s") % {"date": date_format(right.start_by, "DATE_FORMAT")}
    return _("Ended on %(date)s") % {"date": date_format(right.ends_at or right.starts_at, "DATE_FORMAT")}


def _kind(right: Entitlement) -> str:
    if right.is_rental:
        return "rented"
    return "as_member" if right.reason == Entitlement.Reason.MEMBERSHIP else "owned"


def _percent(row: WatchProgress, video: Video) -> int:
    """Where the film stopped; nothing for one that was watched and would begin anew."""
    if not video.duration_seconds or (row.is_complete and not _resumes(row, video)):
        return 0
    return min(100, round(100 * row.position_seconds / video.duration_seconds))

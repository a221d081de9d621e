"""What comes after a film in its collection, for who has seen it to the end."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from accounts.identity import Viewer
from videos import entitlements
from videos.models import CollectionItem, Video
from videos.models.licences import sold_at

_LOOKED_AT = 3


@dataclass(frozen=True)
class Following:
    """The next film; `may_watch` tells whether it is the viewer's to play."""

    slug: str
    title: str
    url: str
    may_watch: bool


def after(viewer: Viewer, slug: str, *, at: datetime) -> Following | None:
    """This will find the film to offer after this one: of several collections the one whose next film the
    viewer may watch, else the first. None after a collection's last.
    """
    films = _nexts(slug, at=at)
    mine = next((film for film in films if entitlements.may_watch(viewer, film, at=at)), None)
    film = mine or next(iter(films), None)
    if film is None:
        return None
    return Following(film.slug, film.title, film.get_absolute_url(), mine is not None)


def _nexts(slug: str, *, at: datetime) -> list[Video]:
    items = (
        CollectionItem.objects.filter(
            sold_at(at, of="video__"),
            collection__is_published=True,
            video__is_published=True,
            collection__items__video__slug=slug,
            position__gt=F("collection__items__position"),
        )
        .select_related("video")
        .prefetch_related("video__texts")
        .order_by("collection__position", "collection_id", "position")
    )
    firsts: dict[int, Video] = {}
    for item in items[: _LOOKED_AT * 12]:
        firsts.setdefault(item.collection_id, item.video)
    return list(firsts.values())[:_LOOKED_AT]

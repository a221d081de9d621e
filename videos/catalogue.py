"""Finding what is in the shop by its address."""

from datetime import datetime

from videos.models import Collection, Video
from videos.models.film_sql import find_film


def in_shop(kind: str, slug: str, *, at: datetime) -> Video | Collection | None:
    """This will find the video or collection (`kind`: "videos" or "collections") that is in the shop then,
    with its texts, or None.
    """
    if kind == "videos":
        film = find_film(slug)
        return film if film and film.is_in_shop(at=at) else None
    return Collection.objects.prefetch_related("texts").filter(slug=slug, is_published=True).first()

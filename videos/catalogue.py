"""Finding what is in the shop by its address."""

from datetime import datetime

from videos.models import Collection, Video, VideoText
from videos.models.rule_sql import wanted_output


def find_film(slug: str) -> Video | None:
    """This will find a video with its texts and its `wanted_output`, in one query for one that has any text;
    published or not.
    """
    of_film = VideoText.objects.select_related("video").annotate(wanted_output=wanted_output())
    texts = list(of_film.filter(video__slug=slug))
    if not texts:
        return Video.objects.with_texts().with_wanted_output().filter(slug=slug).first()
    film = texts[0].video
    film.keep_texts(texts)
    film.wanted_output = vars(texts[0])["wanted_output"]
    return film


def in_shop(kind: str, slug: str, *, at: datetime) -> Video | Collection | None:
    """This will find the video or collection (`kind`: "videos" or "collections") that is in the shop then,
    with its texts, or None.
    """
    if kind == "videos":
        film = find_film(slug)
        return film if film and film.is_in_shop(at=at) else None
    return Collection.objects.prefetch_related("texts").filter(slug=slug, is_published=True).first()

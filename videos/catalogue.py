"""Finding what is in the shop by its address."""

from videos.models import Collection, Video, VideoText


def find_film(slug: str) -> Video | None:
    """This will find a video with its texts, in one query for one that has any; published or not."""
    texts = list(VideoText.objects.select_related("video").filter(video__slug=slug))
    if not texts:
        return Video.objects.with_texts().filter(slug=slug).first()
    film = texts[0].video
    film.keep_texts(texts)
    return film


def published(kind: str, slug: str) -> Video | Collection | None:
    """This will find the published video or collection (`kind`: "videos" or "collections") with its
    texts, or None.
    """
    if kind == "videos":
        film = find_film(slug)
        return film if film and film.is_published else None
    return Collection.objects.prefetch_related("texts").filter(slug=slug, is_published=True).first()

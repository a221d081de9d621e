"""Finding what is in the shop by its address."""

from videos.models import Collection, Video


def published(kind: str, slug: str) -> Video | Collection | None:
    """This will find the published video or collection (`kind`: "videos" or "collections") with its
    texts, or None.
    """
    if kind == "videos":
        return Video.objects.published().with_texts().filter(slug=slug).first()
    return Collection.objects.prefetch_related("texts").filter(slug=slug, is_published=True).first()

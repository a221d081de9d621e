"""Into the shop, and out of it again. Who bought keeps watching either way."""

from django.db import transaction

from videos.models import Video
from videos.publishing import readiness


class NotReady(Exception):
    """The video would not play, or could not be bought; `sentences` say what is missing."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


@transaction.atomic
def publish(video: Video) -> bool:
    """This will put a video into the shop and return whether this call did it.

    :raises NotReady: something is missing; nothing was changed.
    """
    held = Video.objects.select_for_update().get(pk=video.pk)
    if held.is_published:
        return False
    if sentences := readiness.missing(held):
        raise NotReady(sentences)
    return bool(Video.objects.filter(pk=held.pk, is_published=False).update(is_published=True))


def withdraw(video: Video) -> bool:
    """This will take a video out of the shop and return whether this call did it."""
    return bool(Video.objects.filter(pk=video.pk, is_published=True).update(is_published=False))

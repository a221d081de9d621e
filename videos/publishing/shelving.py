"""Into the shop, and out of it again. Who bought keeps watching either way."""

import logging

from django.db import transaction
from django.db.models import Q

from videos.models import Video
from videos.publishing import readiness

logger = logging.getLogger(__name__)


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
    return _show(held)


def withdraw(video: Video) -> bool:
    """This will take a video out of the shop and return whether this call did it. One that was taken off sale
    stays out from then on.
    """
    there = Video.objects.filter(Q(is_published=True) | ~Q(off_sale_because=""), pk=video.pk)
    return bool(there.update(is_published=False, off_sale_because=""))


def take_off_sale(video: Video, because: Video.Broken) -> bool:
    """This will take a video out of the shop that broke at Kollus, until `put_back`, and return whether this
    call did it.
    """
    sold = Video.objects.filter(pk=video.pk, is_published=True)
    is_news = bool(sold.update(is_published=False, off_sale_because=because))
    if is_news:
        logger.warning("a film is taken off sale", extra={"video": video.slug, "why": str(because)})
    else:  # it may be another reason by now
        Video.objects.filter(pk=video.pk).exclude(off_sale_because="").update(off_sale_because=because)
    return is_news


@transaction.atomic
def put_back(video: Video) -> bool:
    """This will put a video back into the shop that was taken off sale, and return whether this call did it.
    One that lacks anything stays out.
    """
    held = Video.objects.select_for_update().exclude(off_sale_because="").filter(pk=video.pk).first()
    if held is None or readiness.missing(held) or not _show(held):
        return False
    logger.info("a film is on sale again", extra={"video": video.slug})
    return True


def _show(video: Video) -> bool:
    hidden = Video.objects.filter(pk=video.pk, is_published=False)
    return bool(hidden.update(is_published=True, off_sale_because=""))

"""A film is taken down: written down once, at which instant it leaves and what its owners keep, and called
off until then.

What follows, follows from the film's own instants by the clock (`videos.models.licences`).
"""

import logging
from datetime import datetime

from django.db import IntegrityError, transaction

from videos.models import TakeDown, Video

logger = logging.getLogger(__name__)


class AlreadyLeaving(Exception):
    """The film is taken down already, or will be; that has to be called off first. Nothing was written."""


class HasLeft(Exception):
    """The film is gone, or its leaving was called off before. Nothing was changed."""


def take_down(
    video: Video,
    *,
    leaves_at: datetime,
    cause: str,
    owners: str,
    reason: str,
    by_id: int | None = None,
    at: datetime,
) -> TakeDown:
    """This will have a film leave at that instant, or at once where it has passed.

    :raises AlreadyLeaving: see there.
    """
    leaves_at = max(leaves_at, at)
    try:
        with transaction.atomic():
            asked = TakeDown.objects.create(
                video=video,
                leaves_at=leaves_at,
                cause=cause,
                owners=owners,
                reason=reason[:500],
                asked_by_id=by_id,
                asked_at=at,
            )
            watched_until = leaves_at if asked.owners_lose_it else None
            Video.objects.filter(pk=video.pk).update(sold_until=leaves_at, watched_until=watched_until)
    except IntegrityError as error:
        if TakeDown.objects.standing().filter(video=video).exists():
            raise AlreadyLeaving from error
        raise
    logger.warning("a film is taken down", extra={"video": video.slug, "cause": cause, "owners": owners})
    return asked


@transaction.atomic
def call_off(take_down: TakeDown, *, at: datetime) -> None:
    """This will let the film stay as it was.

    :raises HasLeft: see there.
    """
    if not take_down.call_off(at=at):
        raise HasLeft
    Video.objects.filter(pk=take_down.video_id).update(sold_until=None, watched_until=None)
    logger.warning("a take-down is called off", extra={"video": take_down.video.slug})

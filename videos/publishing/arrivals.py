"""What Kollus says of a file, taken over: its state, its key in the channel, its length, its captions.

Whoever nudges, a notice, the page or the sweep: only what Kollus answers when asked counts. A failure alone
is believed as it is told, since its number at Kollus is not known, and it opens nothing.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from videos.kollus import api_client, library
from videos.kollus.api_client import KollusRefused, KollusUnavailable
from videos.kollus.library import Content
from videos.models import KollusEvent, KollusFilm, Upload, Video
from videos.publishing import shelving

logger = logging.getLogger(__name__)

NOT_THERE = "not there"
TAKEN_OUT = "taken out of its channel"
_GRACE = timedelta(hours=1)


def refresh(upload_file_key: str, *, at: datetime, is_told_failed: bool = False) -> str:
    """This will ask Kollus about one file and take over what it says. Again: nothing changes.

    Returns in a word what came of it.

    :raises KollusUnavailable: no answer; nothing was changed.
    :raises KollusRefused: likewise.
    """
    upload = Upload.objects.filter(upload_file_key=upload_file_key).select_related("video").first()
    video = upload.video if upload else Video.objects.filter(upload_file_key=upload_file_key).first()
    if video is None:
        return "not ours"
    content = library.find(upload_file_key)
    if content and wants_channel(video, upload, content):
        library.attach(upload_file_key, video.channel_key)
        content = library.find(upload_file_key)
    return take_over(video, upload, content, at=at, is_told_failed=is_told_failed)


def take_over(
    video: Video,
    upload: Upload | None,
    content: Content | None,
    *,
    at: datetime,
    is_told_failed: bool = False,
) -> str:
    """This will write down what Kollus said. See `refresh`."""
    if upload:
        _move(upload, content, at=at, is_told_failed=is_told_failed)
        if content and content.is_transcoded and key_of(content, video.channel_key) and _is_newest(upload):
            _replace_film(upload, content, at=at)
        upload.look_again(at=at)
    video.refresh_from_db()
    is_gone = content is not None and was_taken_out(video, content)
    if not upload or video.upload_file_key == upload.upload_file_key:
        _note_film(video, content, is_gone=is_gone, at=at)
    return TAKEN_OUT if is_gone else "seen" if content else NOT_THERE


def look_after_uploads(*, at: datetime, limit: int = 10) -> int:
    """This will ask about uploads of which no news came for some time, and return how many it asked about."""
    if not api_client.is_set_up():
        return 0
    due = list(Upload.objects.due(at=at).order_by("look_after", "id")[:limit])
    for upload in due:
        try:
            refresh(upload.upload_file_key, at=at)
        except (KollusUnavailable, KollusRefused) as error:
            logger.warning(
                "Kollus tells nothing of an upload", extra={"upload": str(upload), "why": str(error)}
            )
            upload.look_again(at=at, trouble=str(error)[:80])
    return len(due)


def key_of(content: Content, channel_key: str) -> str:
    """The key in this channel; where none is named, the only one there is."""
    if channel_key:
        return content.keys.get(channel_key, "")
    return next(iter(content.keys.values())) if len(content.keys) == 1 else ""


def wants_channel(video: Video, upload: Upload | None, content: Content) -> bool:
    """Whether it is to be attached now: prepared, not in the video's channel, and the video's newest.

    What was taken out there stays out.
    """
    is_wanted = _is_newest(upload) if upload else video.upload_file_key == content.upload_file_key
    has_place = bool(video.channel_key) and not key_of(content, video.channel_key)
    return content.is_transcoded and has_place and is_wanted and not was_taken_out(video, content)


def was_taken_out(video: Video, content: Content) -> bool:
    """Whether the film lay in its channel, and Kollus' console took it out: its key is in none any more.

    One that was given another channel here has its key in the one before.
    """
    if video.upload_file_key != content.upload_file_key or key_of(content, video.channel_key):
        return False
    said = KollusFilm.objects.filter(video_id=video.pk).first()
    if said is None or said.left_channel_at:
        return said is not None
    return said.is_in_channel and video.media_content_key not in ("", *content.keys.values())


def _is_newest(upload: Upload) -> bool:
    """Whether no later file of the video has arrived."""
    return not upload.video.uploads.filter(pk__gt=upload.pk, state__in=Upload.ARRIVED).exists()


def _move(upload: Upload, content: Content | None, *, at: datetime, is_told_failed: bool) -> None:
    if content is not None:
        upload.become(Upload.State.UPLOADED, at=at)
        if content.is_transcoded:
            upload.become(Upload.State.TRANSCODED, at=at)
    if is_told_failed and not (content and content.is_transcoded):
        upload.become(Upload.State.FAILED, at=at)
    if content is None and at > upload.address_until + _GRACE:
        upload.become(Upload.State.GIVEN_UP, at=at)


def _replace_film(upload: Upload, content: Content, *, at: datetime) -> None:
    """Make the file the video's film. Ready is what it is last: whoever sees that finds all the rest."""
    with transaction.atomic():
        video = Video.objects.select_for_update().get(pk=upload.video_id)
        key = key_of(content, video.channel_key)
        if key and _free_key(key, content, video.pk, at=at):
            facts = {"upload_file_key": content.upload_file_key, **_film_facts(key, content)}
            Video.objects.filter(pk=video.pk).update(**facts)
            _keep(video, content, at=at)
            upload.become(Upload.State.READY, at=at)


def _note_film(video: Video, content: Content | None, *, is_gone: bool, at: datetime) -> None:
    if not video.upload_file_key:
        return
    with transaction.atomic():
        key = key_of(content, video.channel_key) if content and content.is_transcoded else ""
        if content and key and _free_key(key, content, video.pk, at=at):
            Video.objects.filter(pk=video.pk).update(**_film_facts(key, content))
        _keep(video, content, at=at)
        if is_gone and KollusFilm.objects.filter(video=video, left_channel_at=None).update(
            left_channel_at=at
        ):
            logger.warning("a film was taken out of its channel", extra={"video": video.slug})
    broken = _broken(video, content)
    if broken:
        shelving.take_off_sale(video, broken)
    else:
        shelving.put_back(video)
    if is_gone:  # its key opens nothing, nor ever will: attached anew, the film has another
        Video.objects.filter(pk=video.pk, is_published=False).update(media_content_key="")


def _keep(video: Video, content: Content | None, *, at: datetime) -> None:
    facts: dict[str, object] = {
        "is_there": content is not None,
        "is_transcoded": bool(content and content.is_transcoded),
        "is_encrypted": bool(content and content.is_encrypted),
        "is_in_channel": bool(content and key_of(content, video.channel_key)),
        "captions": sorted(content.captions) if content else [],
        "looked_at": at,
    }
    if facts["is_in_channel"]:
        facts["left_channel_at"] = None
    KollusFilm.objects.update_or_create(video_id=video.pk, defaults=facts)


def _broken(video: Video, content: Content | None) -> Video.Broken | None:
    """What keeps a film from playing for who would buy it."""
    if content is None:
        return Video.Broken.GONE
    if not content.is_transcoded:
        return Video.Broken.UNPREPARED
    if not key_of(content, video.channel_key):
        return Video.Broken.NO_CHANNEL
    if content.is_encrypted != (video.protection == Video.Protection.KOLLUS):
        return Video.Broken.PROTECTION
    return None


def _free_key(key: str, content: Content, video_id: int, *, at: datetime) -> bool:
    """Take the key from another video that holds it by mistake, and have Kollus asked about that one; False
    where two videos name one file, which is for people to put right.

    The other may stand in the shop, where it needs some key: until Kollus has answered it has one that opens
    nothing, which is better than another's film.
    """
    held = Video.objects.filter(media_content_key=key).exclude(pk=video_id)
    if held.filter(upload_file_key=content.upload_file_key).exists():
        logger.error("two videos have one file", extra={"upload": content.upload_file_key})
        return False
    for other in held:
        logger.warning("a key was another film's", extra={"video": other.slug})
        Video.objects.filter(pk=other.pk).update(media_content_key=f"?{other.pk}")
        if other.upload_file_key:
            facts = {"kind": KollusEvent.Kind.UPDATE, "upload_file_key": other.upload_file_key}
            event = KollusEvent(**facts, told="moved", received_at=at)
            KollusEvent.objects.bulk_create([event], ignore_conflicts=True)
    return True


def _film_facts(key: str, content: Content) -> dict[str, object]:
    length = {"duration_seconds": content.duration_seconds} if content.duration_seconds else {}
    return {"media_content_key": key, **length}

"""The catalogue held against Kollus' library: lost notices made up for, changed keys and captions found.

Read by the page, so that a library of thousands costs tens of calls.
"""

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet

from videos.kollus import library
from videos.kollus.api_client import KollusRefused
from videos.kollus.library import Content
from videos.models import Channel, KollusFilm, Upload, Video
from videos.publishing import arrivals, readiness, shelving

logger = logging.getLogger(__name__)

ByKey = dict[tuple[str, str], str]  # the upload file key by channel and media content key


def ask(video: Video, *, at: datetime) -> None:
    """This will ask Kollus about one video now. Raises as `arrivals.refresh` does."""
    latest = video.uploads.order_by("-id").first()
    if latest and latest.state != Upload.State.READY:
        arrivals.refresh(latest.upload_file_key, at=at)
        video.refresh_from_db()
    is_nameless = bool(video.media_content_key) and not video.upload_file_key
    channel = video.channel_key
    by_key: ByKey = {}
    if channel and (is_nameless or video.trailer_key):
        by_key = {(channel, mckey): key for key, mckey in library.keys_in(channel).items()}
        _name_files(by_key, Video.objects.filter(pk=video.pk))
        video.refresh_from_db()
    if video.upload_file_key:
        arrivals.refresh(video.upload_file_key, at=at)
    if channel:
        _look_for_trailer(video, by_key)


def sync(*, at: datetime) -> list[str]:
    """This will hold every video and upload against what Kollus has, and say what it changed, a line each.

    Again: nothing is changed, and no line. Raises as `arrivals.refresh` does; what was done stays.
    """
    contents = _contents()
    by_key = _by_key(contents.values())
    said = _name_files(by_key, Video.objects.all())
    for upload in _open_uploads():
        said += _follow(upload, contents, at=at)
    for video in Video.objects.exclude(upload_file_key="").order_by("id"):
        before = _facts_of(video)
        _hold_against(video, contents, at=at)
        _look_for_trailer(video, by_key)
        said += _told(video.slug, before, _facts_of(video))
    return said


def troubles(*, at: datetime) -> list[str]:
    """This will name, a line each, what is in the shop, or was until it broke, and would not play or could
    not be bought. What nobody may watch any more needs nothing.
    """
    rows = Video.objects.filter(Q(is_published=True) | ~Q(off_sale_because="")).order_by("id")
    rows = rows.exclude(watched_until__lte=at)
    return [
        f"{video.slug} is {'in the shop' if video.is_published else 'off sale'}, but: {sentence}"
        for video in rows
        for sentence in readiness.missing(video)
    ]


def _contents() -> dict[str, Content]:
    found = {each.upload_file_key: each for each in library.contents()}
    for channel in _channels():
        in_channel = _keys_in(channel)
        for key, content in found.items():
            elsewhere = {name: mckey for name, mckey in content.keys.items() if name != channel}
            here = {channel: in_channel[key]} if key in in_channel else {}
            found[key] = replace(content, keys=elsewhere | here)
    return found


def _channels() -> list[str]:
    """The channels that films lie in: the shop's, and those that films name."""
    named = Channel.objects.filter(videos__isnull=False).values_list("key", flat=True)
    return sorted({settings.KOLLUS_CHANNEL_KEY, *named} - {""})


def _keys_in(channel: str) -> dict[str, str]:
    """What lies in a channel: nothing, where Kollus does not know it. The shop's own has to be there, or a
    slip in the settings would take every film off sale.
    """
    try:
        return library.keys_in(channel)
    except KollusRefused as error:
        if channel == settings.KOLLUS_CHANNEL_KEY or not error.is_missing:
            raise
        logger.warning("Kollus knows no such channel", extra={"channel": channel})
        return {}


def _by_key(contents: Iterable[Content]) -> ByKey:
    """Upload file keys by channel and media content key; and by none, of what has one key in all."""
    return {
        (channel, arrivals.key_of(content, channel)): content.upload_file_key
        for content in contents
        for channel in ("", *content.keys)
    }


def _name_files(by_key: ByKey, videos: QuerySet[Video]) -> list[str]:
    """Give the upload file key to videos that were entered by their media content key alone."""
    said = []
    unnamed = videos.filter(upload_file_key="").exclude(media_content_key="")
    for video in unnamed.select_related("channel").order_by("id"):
        if upload_file_key := by_key.get((video.channel_key, video.media_content_key)):
            Video.objects.filter(pk=video.pk, upload_file_key="").update(upload_file_key=upload_file_key)
            said.append(f"{video.slug}: its file at Kollus is {upload_file_key}")
    return said


def _look_for_trailer(video: Video, by_key: ByKey) -> None:
    """A film that was off sale for what is mended goes back once its trailer is found, too."""
    has_trailer = bool(video.trailer_key) and (video.channel_key, video.trailer_key) in by_key
    facts = {"trailer_key": video.trailer_key, "has_trailer": has_trailer}
    KollusFilm.objects.filter(video=video).update(**facts)
    if has_trailer:
        shelving.put_back(video)


def _open_uploads() -> list[Upload]:
    undone = ~Q(state=Upload.State.READY)
    return list(Upload.objects.filter(undone).select_related("video").order_by("id"))


def _hold_against(video: Video, contents: dict[str, Content], *, at: datetime) -> None:
    content = contents.get(video.upload_file_key)
    is_missed = content is None and video.is_published  # asked for by itself before it goes off sale
    if is_missed or (content and arrivals.wants_channel(video, None, content)):
        arrivals.refresh(video.upload_file_key, at=at)
    else:
        arrivals.take_over(video, None, content, at=at)


def _follow(upload: Upload, contents: dict[str, Content], *, at: datetime) -> list[str]:
    content = contents.get(upload.upload_file_key)
    if content is None and upload.state not in Upload.MOVING:
        return []
    before = upload.state
    if content and arrivals.wants_channel(upload.video, upload, content):
        arrivals.refresh(upload.upload_file_key, at=at)
        upload.video.refresh_from_db()
        here = {upload.video.channel_key: upload.video.media_content_key}
        contents[upload.upload_file_key] = replace(content, keys=content.keys | here)
    else:
        arrivals.take_over(upload.video, upload, content, at=at)
    upload.refresh_from_db()
    if upload.state == before:
        return []
    return [f"{upload.video.slug}: the upload {upload} is {upload.state}, not {before}"]


def _facts_of(video: Video) -> dict[str, object]:
    video.refresh_from_db()
    said = KollusFilm.objects.filter(video=video).first()
    return {
        "media content key": video.media_content_key or "none",
        "length in seconds": video.duration_seconds,
        "at Kollus": _state_of(said),
        "captions": ", ".join(said.captions) if said and said.captions else "none",
        "trailer": _trailer_of(said),
        "on sale": _shelf_of(video),
    }


def _shelf_of(video: Video) -> str:
    if video.off_sale_because:
        return f"not while it is broken ({video.off_sale_because})"
    return "yes" if video.is_published else "no"


def _state_of(said: KollusFilm | None) -> str:
    if said is None:
        return "not asked about"
    if not said.is_there:
        return "missing"
    if not said.is_transcoded:
        return "not prepared"
    return "ready" if said.is_in_channel else "in no channel of ours"


def _trailer_of(said: KollusFilm | None) -> str:
    if said is None or not said.trailer_key:
        return "none"
    return "there" if said.has_trailer else f"missing ({said.trailer_key})"


def _told(slug: str, before: dict[str, object], after: dict[str, object]) -> list[str]:
    changed = [what for what in before if before[what] != after[what]]
    return [f"{slug}: {what}: {after[what]} (was {before[what]})" for what in changed]

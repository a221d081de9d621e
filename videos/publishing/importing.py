"""Many videos from a file: all of it or nothing, and the same again changes nothing."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import translation

from videos import pricing
from videos.models import Chapter, Offer, Video, VideoText
from videos.publishing import import_file, shelving
from videos.publishing.import_file import BadFile, Row

# What Kollus tells is newer than any file: these are taken where the video has none yet.
_KOLLUS_SAYS = ("media_content_key", "upload_file_key", "duration_seconds")


@dataclass
class Outcome:
    """How many videos came, changed and stayed; and which could not be put in the shop, a line each."""

    new: int = 0
    changed: int = 0
    same: int = 0
    refused: list[str] = field(default_factory=list)


def bring_in(path: Path, *, at: datetime) -> Outcome:
    """This will make the shop's videos what the file says of them; what a line leaves empty stays as it is.

    What its line wants in the shop goes there afterwards, where nothing is missing.

    :raises BadFile: a line cannot be; all such lines are named, and nothing was imported.
    """
    with translation.override("en"):  # for whoever runs the command; a file has one language
        rows = import_file.read(path)
        outcome = _bring_in(rows, at=at)
        for row in rows:
            _shelve(row, outcome)
    return outcome


@transaction.atomic
def _bring_in(rows: list[Row], *, at: datetime) -> Outcome:
    outcome, errors = Outcome(), []
    for row in rows:
        try:
            _count(outcome, *_apply(row, at=at))
        except ValidationError as error:
            errors += [f"line {row.line}: {sentence}" for sentence in _sentences(error)]
    if errors:
        raise BadFile(errors)
    for row in rows:
        _store_poster(row)
    return outcome


def _count(outcome: Outcome, is_new: bool, is_changed: bool) -> None:
    outcome.new += is_new
    outcome.changed += is_changed and not is_new
    outcome.same += not (is_new or is_changed)


def _apply(row: Row, *, at: datetime) -> tuple[bool, bool]:
    """Write one row, and tell whether its video is new, and whether anything was changed.

    :raises ValidationError: the row cannot be; rows written before stay until the caller has thought of it.
    """
    video = Video.objects.filter(slug=row.slug).first()
    is_new = video is None
    video = video or Video(slug=row.slug)
    is_changed = _set(video, _facts(row, video))
    for language, words in row.texts.items():
        text = video.texts.filter(language=language).first() if video.pk else None
        is_changed |= _set(text or VideoText(video=video, language=language), words)
    for language, told in row.chapters.items():
        is_changed |= _divide(video, language, told)
    for kind, prices in (("own", row.own), ("rent", row.rent)):
        if prices:
            is_changed |= _sell(video, kind, prices, row, at=at)
    return is_new, is_changed


def _facts(row: Row, video: Video) -> dict[str, object]:
    facts = {
        name: value
        for name, value in row.facts.items()
        if not (name in _KOLLUS_SAYS and getattr(video, name))
    }
    return facts | ({"poster": _poster_name(row, row.poster)} if row.poster else {})


def _set(target: Video | VideoText, values: Mapping[str, object]) -> bool:
    is_changed = target.pk is None or any(getattr(target, name) != value for name, value in values.items())
    if is_changed:
        for name, value in values.items():
            setattr(target, name, value)
        target.full_clean()
        # Nothing else: meanwhile the film may be taken down.
        target.save(update_fields=None if target._state.adding else list(values))
    return is_changed


def _divide(video: Video, language: str, told: dict[int, str]) -> bool:
    """The chapters of one language become what the file says: those that it leaves out go."""
    known = Chapter.objects.filter(video=video, language=language)
    if dict(known.values_list("start_seconds", "title")) == told:
        return False
    known.delete()
    for start_seconds, title in told.items():
        chapter = Chapter(video=video, language=language, start_seconds=start_seconds, title=title)
        chapter.full_clean()
        chapter.save()
    return True


def _sell(video: Video, kind: str, prices: dict[str, int], row: Row, *, at: datetime) -> bool:
    times = dict(zip(("days_to_start", "hours_once_started"), row.rent_times or (), strict=False))
    terms = times if kind == Offer.Kind.RENT else {}
    offer = Offer.objects.filter(video=video, kind=kind, is_active=True).first()
    if offer and any(getattr(offer, name) != value for name, value in terms.items()):
        raise ValidationError("its rental has other days or hours on sale: take that offer off sale first")
    offer = offer or Offer(video=video, kind=kind, **terms)
    is_changed = offer._state.adding
    if is_changed:
        offer.full_clean()
        offer.save()
    for currency, amount_minor in prices.items():
        now = offer.prices.filter(currency=currency, retired_at=None).first()
        if now is None or now.amount_minor != amount_minor:
            pricing.change(offer, currency=currency, amount_minor=amount_minor, at=at)
            is_changed = True
    return is_changed


def _shelve(row: Row, outcome: Outcome) -> None:
    if row.is_published is None:
        return
    video = Video.objects.get(slug=row.slug)
    if not row.is_published:
        shelving.withdraw(video)
        return
    try:
        shelving.publish(video)
    except shelving.NotReady as error:
        outcome.refused += [f"line {row.line}: {row.slug}: {sentence}" for sentence in error.sentences]


def _poster_name(row: Row, path: Path) -> str:
    """By its content: the same picture is stored once, another one does not hide behind a cache."""
    return f"posters/{row.slug}-{hashlib.sha256(path.read_bytes()).hexdigest()[:8]}{path.suffix.lower()}"


def _store_poster(row: Row) -> None:
    if row.poster and not default_storage.exists(name := _poster_name(row, row.poster)):
        default_storage.save(name, ContentFile(row.poster.read_bytes()))


def _sentences(error: ValidationError) -> list[str]:
    if not hasattr(error, "error_dict"):
        return list(error.messages)
    named = error.message_dict.items()
    return [f"{name}: {words}".removeprefix("__all__: ") for name, all_ in named for words in all_]

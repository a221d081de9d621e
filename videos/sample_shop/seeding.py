"""Puts the sample shop on the shelves. What is there already stays as it was left."""

from datetime import datetime
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from videos import pricing
from videos.models import Chapter, Collection, CollectionItem, CollectionText, Offer, Video, VideoText
from videos.sample_shop import japanese
from videos.sample_shop.collections import COLLECTIONS, FilmSet, Words
from videos.sample_shop.films import FILMS, REEL_SECONDS, Film, Prices

POSTERS = Path(__file__).parent / "posters"
_DAYS_TO_START = 30
_HOURS_ONCE_STARTED = 48
_TRIAL_DAYS = 7


@transaction.atomic
def seed(*, at: datetime) -> int:
    """This will add the films and collections that are not in the shop yet, and return how many it added."""
    return sum(_add_film(film, at=at) for film in FILMS) + sum(
        _add_collection(films, position, at=at) for position, films in enumerate(COLLECTIONS, start=1)
    )


def _add_film(film: Film, *, at: datetime) -> bool:
    video, is_new = Video.objects.get_or_create(
        slug=film.slug,
        defaults={
            "media_content_key": film.media_content_key,
            "upload_file_key": f"sample-{film.media_content_key}",
            "duration_seconds": REEL_SECONDS,
            "poster": _store_poster(film.slug),
            "audio_languages": list(film.audio_languages),
            "released_year": film.released_year,
            "age_rating": film.age_rating,
            "protection": film.protection,
            "preview_seconds": film.preview_seconds,
            "trailer_key": film.trailer_key,
            "is_published": True,
        },
    )
    if is_new:
        for at_chapter, (start_seconds, *titles) in enumerate(film.chapters):
            named = (*titles, japanese.CHAPTERS[film.slug][at_chapter])
            for language, title in zip(("en", "ko", "ja"), named, strict=True):
                Chapter.objects.create(
                    video=video, language=language, start_seconds=start_seconds, title=title
                )
        for language, text in (("en", film.en), ("ko", film.ko), ("ja", japanese.FILMS[film.slug])):
            VideoText.objects.create(
                video=video,
                language=language,
                title=text.title,
                tagline=text.tagline,
                description=text.description,
            )
        _add_offers({"video": video}, own=film.own, rent=film.rent, at=at)
    elif not video.upload_file_key:  # from an earlier release; licences name the film by it
        Video.objects.filter(pk=video.pk).update(upload_file_key=f"sample-{film.media_content_key}")
    return is_new


def _add_collection(films: FilmSet, position: int, *, at: datetime) -> bool:
    collection, is_new = Collection.objects.get_or_create(
        slug=films.slug, defaults={"kind": films.kind, "position": position, "is_published": True}
    )
    if is_new:
        in_japanese = Words(*japanese.COLLECTIONS[films.slug])
        for language, words in (("en", films.en), ("ko", films.ko), ("ja", in_japanese)):
            CollectionText.objects.create(
                collection=collection, language=language, title=words.title, description=words.description
            )
        for number, slug in enumerate(films.films, start=1):
            CollectionItem.objects.create(
                collection=collection, video=Video.objects.get(slug=slug), position=number
            )
        _add_offers({"collection": collection}, own=films.own, rent=films.rent, at=at)
        for interval, prices in (("month", films.monthly), ("year", films.yearly)):
            if prices:
                _add_prices(_membership(collection, interval), prices, at=at)
    return is_new


def _add_offers(
    target: dict[str, Video] | dict[str, Collection], *, own: Prices | None, rent: Prices | None, at: datetime
) -> None:
    if own:
        _add_prices(Offer.objects.create(kind=Offer.Kind.OWN, **target), own, at=at)
    if rent:
        times = {"days_to_start": _DAYS_TO_START, "hours_once_started": _HOURS_ONCE_STARTED}
        _add_prices(Offer.objects.create(kind=Offer.Kind.RENT, **target, **times), rent, at=at)


def _membership(collection: Collection, interval: str) -> Offer:
    free = _TRIAL_DAYS if interval == Offer.Interval.MONTH else 0
    terms = {"interval": interval, "trial_days": free}
    return Offer.objects.create(kind=Offer.Kind.MEMBERSHIP, collection=collection, **terms)


def _add_prices(offer: Offer, prices: Prices, *, at: datetime) -> None:
    for currency, amount_minor in prices.items():
        pricing.change(offer, currency=currency, amount_minor=amount_minor, at=at)


def _store_poster(slug: str) -> str:
    name = f"posters/{slug}.svg"
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile((POSTERS / f"{slug}.svg").read_bytes()))
    return name

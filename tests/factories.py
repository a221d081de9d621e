"""Films and offers for tests, made with plain model calls."""

import itertools
from typing import Any

from django.utils import timezone

from accounts.models import User
from videos.models import (
    Collection,
    CollectionItem,
    CollectionText,
    Entitlement,
    Offer,
    Price,
    Video,
    VideoText,
)

_numbers = itertools.count(1)
PRICES = {"usd": 790, "krw": 9900, "eur": 790, "jpy": 1200}


def video(slug: str = "", **fields: Any) -> Video:
    """A published film of 24 seconds with English and Korean texts; the sandbox plays its sample film."""
    number = next(_numbers)
    slug = slug or f"film-{number}"
    keys = {"media_content_key": f"K{number:07d}", "upload_file_key": f"20260101-k{number:07d}"}
    defaults = {**keys, "duration_seconds": 24, "is_published": True}
    made = Video.objects.create(slug=slug, **defaults | fields)
    english = VideoText(video=made, language="en", title=f"The film {number}", tagline="A short film.")
    korean = VideoText(video=made, language="ko", title=f"영화 {number}", tagline="짧은 영화예요.")
    VideoText.objects.bulk_create([english, korean])
    return made


def offer(target: Video | Collection, kind: str = "own", **prices: int) -> Offer:
    """An offer on sale, at `prices` by currency (the usual four where none are given)."""
    times = {"days_to_start": 30, "hours_once_started": 48} if kind == "rent" else {}
    whose = {"video": target} if isinstance(target, Video) else {"collection": target}
    return _at(prices, Offer.objects.create(kind=kind, **whose, **times))


def membership(target: Collection, interval: str = "month", *, trial_days: int = 0, **prices: int) -> Offer:
    """A membership on sale."""
    terms: Any = {"kind": "membership", "interval": interval, "trial_days": trial_days}
    return _at(prices, Offer.objects.create(collection=target, **terms))


def film_on_sale(slug: str = "", kind: str = "own", **prices: int) -> Video:
    """A film that can be bought."""
    made = video(slug)
    offer(made, kind, **prices)
    return made


def collection(*videos: Video, slug: str = "", kind: str = "course") -> Collection:
    number = next(_numbers)
    made = Collection.objects.create(slug=slug or f"course-{number}", kind=kind, is_published=True)
    titles = {"en": f"The course {number}", "ko": f"강의 {number}"}
    CollectionText.objects.bulk_create(
        CollectionText(collection=made, language=language, title=title) for language, title in titles.items()
    )
    CollectionItem.objects.bulk_create(
        CollectionItem(collection=made, video=each, position=position)
        for position, each in enumerate(videos, start=1)
    )
    return made


def gift(film: Video, user: User) -> Entitlement:
    """A right that never ends."""
    number = next(_numbers)
    return Entitlement.objects.create(
        user=user, video=film, reason="gift", reference=f"gift-{number}", starts_at=timezone.now()
    )


def _at(prices: dict[str, int], made: Offer) -> Offer:
    """In one statement, since nearly every test sells something."""
    Price.objects.bulk_create(
        Price(offer=made, currency=currency, amount_minor=amount_minor)
        for currency, amount_minor in (prices or PRICES).items()
    )
    return made

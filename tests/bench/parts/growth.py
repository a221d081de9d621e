"""Pages of a shop of ten films and of one of ten thousand: as many statements, and as much time."""

import statistics
import time
from collections.abc import Iterator

from django.db import connection
from django.utils import timezone

from tests.bench import load
from tests.bench.crowd import crowd
from tests.bench.figures import Figure, at_most, told
from tests.bench.load import request
from tests.bench.parts.playback import opening
from tests.bench.sql_count import sql_of
from tests.bench.stage import Stage
from videos.models import Offer, Price, Video, VideoText

MANY = 10_000
_PRICES = {"usd": 790, "krw": 9900, "eur": 790, "jpy": 1200}
_TIMES = 9


def measure(stage: Stage) -> Iterator[Figure]:
    pages = _pages()
    few, before = Video.objects.count(), _look(stage, pages)
    _fill(MANY - few)
    after = _look(stage, pages)
    for name in pages:
        (small, quick), (large, slow) = before[name], after[name]
        yield at_most(
            f"growth, {name}: SQL at {MANY} films beyond those at {few}", large - small, 0, "statements"
        )
        yield told(f"growth, {name}: time at {few} films", quick, "ms")
        yield told(f"growth, {name}: time at {MANY} films", slow, "ms")


def _pages() -> dict[str, bytes]:
    owner = {"Cookie": crowd()[0].cookie}
    english = {"Accept-Language": "en"}
    return {
        "catalogue": request("GET", "/", english),
        "catalogue of an owner": request("GET", "/", english | owner),
        "video page": request("GET", "/videos/noon-everywhere/", english),
        "collection page": request("GET", "/collections/night-ferries/", english),
        "library": request("GET", "/library/", english | owner),
        "checkout panel": request("GET", "/checkout/videos/noon-everywhere/panel/", english | owner),
        "playback token": opening()(0),
    }


def _look(stage: Stage, pages: dict[str, bytes]) -> dict[str, tuple[int, float]]:
    """The statements and the median time of each page."""
    return {name: (sql_of(stage.shop.port, raw), _time(stage.shop.port, raw)) for name, raw in pages.items()}


def _time(port: int, raw: bytes) -> float:
    times = []
    for _ in range(_TIMES):
        begun = time.perf_counter()
        load.ask(port, raw)
        times.append(1000 * (time.perf_counter() - begun))
    return statistics.median(times)


def _fill(count: int) -> None:
    """Films on sale, each with two texts and an offer in four currencies."""
    now = timezone.now()
    films = Video.objects.bulk_create(
        Video(
            slug=f"grown-{n}",
            media_content_key=f"B{n}",
            duration_seconds=24,
            is_published=True,
            created_at=now,
        )
        for n in range(count)
    )
    VideoText.objects.bulk_create(
        VideoText(video=film, language=language, title=f"The film {film.pk}", tagline="A short film.")
        for film in films
        for language in ("en", "ko")
    )
    offers = Offer.objects.bulk_create(Offer(kind=Offer.Kind.OWN, video=film) for film in films)
    Price.objects.bulk_create(
        Price(offer=offer, currency=currency, amount_minor=amount)
        for offer in offers
        for currency, amount in _PRICES.items()
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")

"""The page of a film for somebody the shop has not met. The floor's takes two queries."""

from collections.abc import Iterator

from tests.bench.figures import Figure, at_most
from tests.bench.load import Requests, request
from tests.bench.rounds import against_floor
from tests.bench.sql_count import sql_of
from tests.bench.stage import Stage
from videos.models import Video

_FLOOR_FILMS = 1000


def measure(stage: Stage) -> Iterator[Figure]:
    films = visits()
    yield at_most(
        "video page: SQL", max(sql_of(stage.shop.port, films(n)) for n in range(9)), 4, "statements"
    )
    floor = _visiting([f"/films/film-{number}/" for number in range(1, _FLOOR_FILMS + 1)])
    yield from against_floor("video page", stage, shop=films, floor=floor, promise=0.4)


def visits() -> Requests:
    """Strangers at one film after the other."""
    films = Video.objects.filter(is_published=True).order_by("id").values_list("slug", flat=True)[:200]
    return _visiting([f"/videos/{slug}/" for slug in films])


def _visiting(paths: list[str]) -> Requests:
    asked = [request("GET", path, {"Accept-Language": "en"}) for path in paths]
    return lambda number: asked[number % len(asked)]

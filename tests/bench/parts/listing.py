"""The catalogue for somebody the shop has not met. The floor lists by key."""

from collections.abc import Iterator

from tests.bench.figures import Figure, at_most
from tests.bench.load import request
from tests.bench.rounds import against_floor
from tests.bench.sql_count import sql_of
from tests.bench.stage import Stage


def measure(stage: Stage) -> Iterator[Figure]:
    catalogue, films = (request("GET", path, {"Accept-Language": "en"}) for path in ("/", "/films/"))
    yield at_most("listing: SQL", sql_of(stage.shop.port, catalogue), 4, "statements")
    yield from against_floor("listing", stage, shop=lambda _: catalogue, floor=lambda _: films, promise=None)

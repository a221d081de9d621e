"""The prices that each visit of a film's page waits on, written out: compiled by the ORM each time they would
cost more than the page's words.

It reads in both of our databases. A test holds it to what the ORM says.
"""

from typing import Final

from videos.models import statements
from videos.models.catalogue import Collection, Video

_CURRENT: Final = """
    SELECT offer.kind, offer.interval, price.currency, price.amount_minor
    FROM videos_offer offer JOIN videos_price price ON price.offer_id = offer.id
    WHERE offer.{target}_id = %s AND offer.is_active AND price.retired_at IS NULL
"""
_OF_VIDEO: Final = _CURRENT.format(target="video")
_OF_COLLECTION: Final = _CURRENT.format(target="collection")


def current_prices(target: Video | Collection) -> list[tuple[str, str, str, int]]:
    """This will fetch what is asked for the target now: each price's kind, interval, currency and sum."""
    return statements.rows(_OF_VIDEO if isinstance(target, Video) else _OF_COLLECTION, [target.pk])

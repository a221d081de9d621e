"""The statement written out says what the ORM says: of films and collections, whatever is over."""

import pytest
from django.utils import timezone

from tests import factories
from videos import shelves
from videos.models import Offer, Price, selling_sql

pytestmark = pytest.mark.django_db


def test_the_prices_are_those_that_the_orm_finds() -> None:
    film, other = factories.film_on_sale("noon", krw=9900, usd=790), factories.film_on_sale("dusk")
    club = factories.collection(film)
    factories.membership(club, "year", krw=89_000)
    Price.objects.filter(offer__video=film, currency="usd").update(retired_at=timezone.now())
    Offer.objects.filter(video=other).update(is_active=False)

    for target in (film, other, club, factories.video()):
        found = selling_sql.current_prices(target)

        assert sorted(found) == sorted(
            (price.offer.kind, price.offer.interval, price.currency, price.amount_minor)
            for each in shelves.on_sale(target)
            for price in each.prices.values()
        )
    assert selling_sql.current_prices(film) == [("own", "", "krw", 9900)]
    assert selling_sql.current_prices(club) == [("membership", "year", "krw", 89_000)]

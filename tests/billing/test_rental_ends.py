"""A rental's end is told of before, once, to who has not seen it all."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Mail
from billing.renting import rental_ends
from tests import factories
from tests.buyer import EMAIL, Buyer
from tests.conftest import Shop
from tests.statements import counted
from videos.models import Entitlement, Video, ViewerCode, WatchProgress

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)


@pytest.fixture
def rental(shop: Shop) -> Entitlement:
    """Ada's, bought as a guest and started."""
    film = factories.film_on_sale("noon", "rent")
    buyer = Buyer(shop.url, shop.world)
    buyer.pay(buyer.quote("noon", offer="rent"))
    right = Entitlement.objects.get(video=film)
    assert right.start(at=timezone.now())
    return right


def _sweep(right: Entitlement, *, before: timedelta) -> int:
    assert right.ends_at is not None
    return rental_ends.sweep(at=right.ends_at - before)


def _seen(right: Entitlement, film: Video, *, position: int = 0, watched: int = 0) -> None:
    code = ViewerCode.objects.get_or_create(visitor="v" * 32)[0]
    code.sessions.create(entitlement=right, video=film, opened_at=timezone.now(), link_until=timezone.now())
    seconds = {"position_seconds": position, "watched_seconds": watched}
    WatchProgress.objects.create(viewer_code=code, video=film, reported_at=timezone.now(), **seconds)


def test_it_is_told_of_once_and_twelve_hours_before(rental: Entitlement) -> None:
    assert _sweep(rental, before=13 * HOUR) == 0
    assert [_sweep(rental, before=12 * HOUR), _sweep(rental, before=HOUR)] == [1, 0]

    mail = Mail.objects.get(template="rental-ends")
    assert rental.ends_at is not None
    assert (mail.to, mail.cause) == (EMAIL, f"rental-ends:{rental.reference}")
    assert mail.context["until"] == f"{rental.ends_at + 9 * HOUR:%Y-%m-%d %H:%M} (Asia/Seoul)"


@pytest.mark.parametrize("seen", [{"position": 23}, {"watched": 24}])
def test_who_saw_it_to_the_end_is_told_nothing(rental: Entitlement, seen: dict[str, int]) -> None:
    assert rental.video is not None
    _seen(rental, rental.video, **seen)

    assert [_sweep(rental, before=12 * HOUR), _sweep(rental, before=HOUR)] == [0, 0]


def test_who_stopped_half_way_is_told(rental: Entitlement) -> None:
    assert rental.video is not None
    _seen(rental, rental.video, position=12, watched=12)

    assert _sweep(rental, before=12 * HOUR) == 1


def test_of_a_collection_every_film_has_to_be_seen(rental: Entitlement) -> None:
    first, second = factories.video(), factories.video()
    course = factories.collection(first, second)
    Entitlement.objects.filter(pk=rental.pk).update(video=None, collection=course)
    _seen(rental, first, position=24)

    assert _sweep(rental, before=12 * HOUR) == 1


def test_what_went_back_or_is_over_or_has_not_begun_is_not_told_of(rental: Entitlement) -> None:
    assert _sweep(rental, before=-HOUR) == 0
    Entitlement.objects.update(ends_at=None)
    assert _sweep(rental, before=HOUR) == 0
    Entitlement.objects.update(ends_at=rental.ends_at, revoked_at=timezone.now(), revoked_because="refund")
    assert _sweep(rental, before=HOUR) == 0

    assert not Mail.objects.filter(template="rental-ends").exists()


def test_a_short_rental_is_told_of_at_half_its_time(rental: Entitlement) -> None:
    Entitlement.objects.update(hours_once_started=6)

    assert [_sweep(rental, before=4 * HOUR), _sweep(rental, before=3 * HOUR)] == [0, 1]


def test_zero_hours_of_notice_are_none(rental: Entitlement, settings: Settings) -> None:
    settings.RENTAL_END_NOTICE_HOURS = 0

    assert _sweep(rental, before=timedelta(seconds=1)) == 0


def test_looking_costs_one_statement_where_nothing_is_due(rental: Entitlement) -> None:
    with counted() as sql:
        rental_ends.sweep(at=timezone.now())

    assert len(sql) == 1

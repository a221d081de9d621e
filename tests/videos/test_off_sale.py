"""A film that breaks later at Kollus is taken off sale, says why, and is put back once it is well again."""

from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from tests import factories, office
from tests.attacks import Visitor
from tests.sandbox_client import World
from videos.kollus.api_client import KollusUnavailable
from videos.models import Video
from videos.publishing import shelving, syncing

pytestmark = pytest.mark.django_db
KEY = "20260101-00000001"


@pytest.fixture
def film(world: World) -> Video:
    made = factories.film_on_sale("noon")
    Video.objects.filter(pk=made.pk).update(upload_file_key=KEY, media_content_key="K1", poster="a.svg")
    at_kollus(world)
    made.refresh_from_db()
    return made


def at_kollus(world: World, *, has_it: bool = True, **facts: Any) -> None:
    row = {"mckey": "K1", "duration": 24, "upload_file_key": KEY} | facts
    world.configure(kollus={"contents": [row] if has_it else []})


def shelf(film: Video) -> tuple[bool, str]:
    film.refresh_from_db()
    return film.is_published, film.off_sale_because


def test_what_kollus_lost_is_off_sale_until_it_has_it_again(world: World, film: Video, ada: User) -> None:
    factories.gift(film, ada)
    adas = Visitor()
    adas.client.force_login(ada)
    assert syncing.sync(at=timezone.now())[-1] == "noon: at Kollus: ready (was not asked about)"

    at_kollus(world, has_it=False)
    said = syncing.sync(at=timezone.now())

    assert shelf(film) == (False, "gone")
    assert "noon: on sale: not while it is broken (gone) (was yes)" in said
    assert Visitor().get("/videos/noon/").status_code == 404
    assert adas.get("/videos/noon/").status_code == 200, "who has it keeps it"
    assert syncing.sync(at=timezone.now()) == []

    at_kollus(world)
    assert "noon: on sale: yes (was not while it is broken (gone))" in syncing.sync(at=timezone.now())
    assert shelf(film) == (True, "")
    assert Visitor().get("/videos/noon/").status_code == 200


def test_a_file_of_another_protection_would_not_play(world: World, film: Video) -> None:
    at_kollus(world, protection="kollus")

    syncing.sync(at=timezone.now())

    assert shelf(film) == (False, "protection")


def test_a_library_that_does_not_answer_takes_nothing_off_sale(world: World, film: Video) -> None:
    world.faults(kollus={"api": "down"})

    with pytest.raises(KollusUnavailable):
        syncing.sync(at=timezone.now())

    assert shelf(film) == (True, "")


def test_what_the_office_took_out_stays_out(world: World, film: Video) -> None:
    at_kollus(world, has_it=False)
    syncing.sync(at=timezone.now())
    assert shelving.withdraw(film)

    at_kollus(world)
    syncing.sync(at=timezone.now())

    assert shelf(film) == (False, "")
    assert not shelving.withdraw(film)


def test_what_lacks_a_price_meanwhile_is_not_put_back(world: World, film: Video) -> None:
    at_kollus(world, has_it=False)
    syncing.sync(at=timezone.now())
    film.offers.update(is_active=False)

    at_kollus(world)
    syncing.sync(at=timezone.now())

    assert shelf(film) == (False, "gone")


def test_the_office_reads_why(film: Video, cho: User) -> None:
    shelving.take_off_sale(film, Video.Broken.GONE)

    page = office.text(office.signed_in(cho).get(office.page(Video, "change", film.pk)))
    listed = office.text(office.signed_in(cho).get(office.page(Video), {"off_sale_because": "gone"}))

    assert "Taken off sale" in page
    assert "Kollus has no such file in its library." in page
    assert film.title in listed
    assert "Kollus has no such file in its library." in listed

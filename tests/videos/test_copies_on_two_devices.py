"""On how many devices a right keeps films, and which films may be kept at all."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from tests import factories, office
from tests.attacks import Visitor
from tests.player import item
from tests.videos.test_copies import asks
from tests.videos.test_keeping import DEVICES, handed_over, keep
from videos.models import OfflineCopy, Video

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _month(settings: Settings) -> None:
    settings.OFFLINE_DAYS, settings.OFFLINE_PLAYS, settings.OFFLINE_DEVICES = 30, 0, 2


@pytest.fixture
def dawn(ada: User) -> Video:
    film = factories.video("dawn", protection="kollus")
    factories.gift(film, ada)
    return film


@pytest.fixture
def device() -> Visitor:
    return Visitor()


class Phone:
    """One device, with a link of its own."""

    def __init__(self, whose: Visitor, device: Visitor, name: str) -> None:
        self.device, self.name, self.link = device, name, handed_over(whose)

    def says(self, kind: int, **more: int) -> dict[str, object]:
        (said,) = asks(self.device, item(self.link, kind, player_id=self.name) | more)
        return said

    def keeps(self) -> bool:
        return self.says(1)["result"] == 1 and self.says(2)["content_delete"] == 0

    @property
    def copy(self) -> OfflineCopy:
        return OfflineCopy.objects.get(session__reference=self.link.mark.partition(".")[0])


def test_a_third_device_is_refused_until_another_gives_its_place_up(
    adas: Visitor, device: Visitor, dawn: Video
) -> None:
    first, second, third = (Phone(adas, device, f"phone-{number}") for number in range(3))
    assert first.keeps() and second.keeps()

    refused = third.says(1)

    assert (refused["result"], OfflineCopy.objects.count()) == (0, 2)
    assert "Films can be kept on 2 devices" in str(refused["message"])
    assert Phone(adas, device, "phone-1").keeps(), "a device that has one may have it anew"
    page = adas.client.get("/videos/dawn/", headers={"User-Agent": "iPhone"}).content.decode()
    assert "What you keep may lie on 2 devices at a time." in page
    adas.post_form(DEVICES, take_back=first.copy.session.reference)
    assert Phone(adas, device, "phone-2").keeps()


def test_a_copy_that_ran_out_gives_its_place_up_and_may_not_come_back(
    adas: Visitor, device: Visitor, dawn: Video
) -> None:
    phones = [Phone(adas, device, f"phone-{number}") for number in range(3)]
    assert phones[0].keeps() and phones[1].keeps()
    past = timezone.now() - timedelta(days=31)
    old = OfflineCopy.objects.filter(pk=phones[0].copy.pk)
    old.update(asked_at=past, finished_at=past, expires_at=past + timedelta(days=30))
    assert phones[2].keeps()

    said = phones[0].says(3, content_expired=1)
    OfflineCopy.objects.filter(pk=phones[1].copy.pk).update(taken_back_at=timezone.now())
    renewed = phones[0].says(3, content_expired=1)

    assert (said["content_expired"], said["content_expire_reset"]) == (1, 0)
    assert "kept on 2 devices" in str(said["message"])
    assert (renewed["content_expired"], renewed["content_expire_reset"]) == (0, 1)


def test_a_download_keeps_its_place_for_a_day(adas: Visitor, device: Visitor, dawn: Video) -> None:
    slow, quick, late = (Phone(adas, device, f"phone-{number}") for number in range(3))
    slow.says(1)
    assert quick.keeps() and not late.says(1)["result"]
    OfflineCopy.objects.filter(pk=slow.copy.pk).update(asked_at=timezone.now() - timedelta(hours=25))
    assert Phone(adas, device, "phone-2").keeps()

    played, done = slow.says(3), slow.says(2)

    assert (played["content_expired"], slow.copy.finished_at is None) == (1, False)
    assert (done["result"], done["content_delete"], slow.copy.taken_back_at is None) == (1, 1, False)


def test_each_right_keeps_its_own(adas: Visitor, device: Visitor, dawn: Video, bo: User) -> None:
    factories.gift(dawn, bo)
    bos = Visitor()
    bos.client.force_login(bo)

    phones = [Phone(whose, device, f"phone-{number}") for number, whose in enumerate([adas, adas, bos, bos])]

    assert all(phone.keeps() for phone in phones)


def test_the_office_says_which_films_may_be_kept(
    adas: Visitor, device: Visitor, dawn: Video, cho: User
) -> None:
    phone, begun = Phone(adas, device, "phone-0"), Phone(adas, device, "phone-1")
    assert phone.keeps()
    browser = office.signed_in(cho)

    office.change(browser, dawn, may_be_kept="")

    dawn.refresh_from_db()
    assert not dawn.may_be_kept
    assert keep(adas).status_code == 409
    assert "Keep for offline" not in adas.get("/videos/dawn/").content.decode()
    assert "on-devices" not in adas.get(DEVICES).content.decode()
    said = begun.says(1)
    assert (said["result"], said["message"]) == (0, "This film can't be kept on a device.")
    assert phone.says(3)["content_expired"] == 1
    office.change(browser, dawn, may_be_kept="on")
    assert begun.keeps() and phone.says(3)["content_expired"] == 0

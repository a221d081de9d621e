"""A Kollus that is slow, away or answers oddly costs nobody a page or a film, and the office says so."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from tests import factories, kollus_uploads, office, player
from tests.attacks import Visitor
from tests.player import LMS, PLAY, Link
from tests.sandbox_client import World
from videos.kollus import api_client, library, uploading
from videos.kollus.api_client import KollusUnavailable
from videos.models import KollusEvent, KollusFilm, Upload, Video
from videos.publishing import arrivals, callback_inbox, uploads
from videos.publishing.uploads import File

pytestmark = pytest.mark.django_db

FILE: Final = File(name="noon.mp4", size=len(kollus_uploads.FILE), mark="a" * 64)
ASKED: Final[dict[str, Callable[[], Any]]] = {
    "an address": lambda: uploading.create_address(title="Noon", is_encrypted=False, at=timezone.now()),
    "a source": lambda: library.find("20260101-00000001"),
    "the library": lambda: list(library.contents()),
    "a channel": lambda: library.keys_in("ch-tests"),
}


@pytest.fixture
def at_kollus(world: World) -> World:
    row = {"mckey": "K1", "duration": 24, "upload_file_key": "20260101-00000001"}
    world.configure(kollus={"contents": [row]})
    return world


def _event(**facts: Any) -> KollusEvent:
    key = "20260101-00000001"
    return KollusEvent.objects.create(kind="update", upload_file_key=key, received_at=timezone.now(), **facts)


def _page(cho: User, film: Video) -> str:
    return office.text(office.signed_in(cho).get(f"/admin/videos/video/{film.pk}/film/"))


def test_a_kollus_that_lets_wait_too_long_is_unavailable(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api_client, "_ANSWER_SECONDS", 0.2)
    world.faults(kollus={"latency_ms": 1500})

    with pytest.raises(KollusUnavailable, match="Timeout"):
        ASKED["a source"]()


@pytest.mark.parametrize(
    "trouble", [*(f"odd: {what}" for what in ASKED), "null: an address", "null: the library"]
)
def test_an_odd_answer_is_none(at_kollus: World, trouble: str) -> None:
    how, what = trouble.split(": ")
    at_kollus.faults(kollus={"api": how})

    with pytest.raises(KollusUnavailable):
        ASKED[what]()


def test_an_odd_answer_takes_no_film_off_sale_and_is_asked_for_again(at_kollus: World) -> None:
    factories.video("noon", upload_file_key="20260101-00000001", media_content_key="K1")
    at_kollus.faults(kollus={"api": "odd"})
    event = _event()

    callback_inbox.sweep(at=timezone.now())

    event.refresh_from_db()
    assert (event.outcome, event.processed_at) == ("an odd row", None)
    assert Video.objects.get().is_published


def test_the_shop_sells_and_plays_without_asking_kollus_anything(
    at_kollus: World, adas: Visitor, film: Video
) -> None:
    at_kollus.faults(kollus={"api": "down", "latency_ms": 20_000})
    device = Visitor()

    pages = [adas.get(path).status_code for path in ("/", "/videos/noon/", "/library/")]
    ticket = adas.post("/api/v1/playback/", {"video": "noon"}).json()
    link = Link(ticket["url"])
    beat = adas.post(f"/api/v1/playback/{ticket['session']}/beat/")
    answer = device.client.post(PLAY, player.question(link, 1))
    said = player.as_text(player.report(link, start_at=int(timezone.now().timestamp()), position=9))
    report = device.client.post(LMS, {"json_data": said})

    assert pages == [200, 200, 200]
    assert (beat.status_code, answer.status_code, report.status_code) == (204, 200, 200)
    assert player.opened(answer.content.decode())["data"]["result"] == 1
    assert at_kollus.report()["kollus"]["api_calls"] == []


def test_a_notice_is_given_up_after_sixty_tries(at_kollus: World) -> None:
    factories.video("noon", upload_file_key="20260101-00000001")
    at_kollus.faults(kollus={"api": "down"})
    event = _event(attempts=58)
    callback_inbox.sweep(at=timezone.now())
    event.refresh_from_db()
    assert (event.attempts, event.outcome, event.processed_at) == (59, "HTTP 503", None)

    later = timezone.now() + timedelta(hours=1)
    callback_inbox.sweep(at=later)

    event.refresh_from_db()
    assert (event.attempts, event.outcome, event.processed_at) == (60, "given up", later)


def test_an_upload_is_asked_about_for_a_week_and_the_office_says_so(world: World, cho: User) -> None:
    film = factories.video("noon", is_published=False, media_content_key="", duration_seconds=0)
    uploads.begin(film, FILE, replace=False, by=cho, at=timezone.now())
    world.faults(kollus={"api": "down"})

    arrivals.look_after_uploads(at=timezone.now() + timedelta(hours=1))
    assert "Kollus gives no news at the moment" in _page(cho, film)
    arrivals.look_after_uploads(at=timezone.now() + timedelta(days=6))
    assert Upload.objects.due(at=timezone.now() + timedelta(days=7)).exists()
    arrivals.look_after_uploads(at=timezone.now() + timedelta(days=8))

    assert not Upload.objects.due(at=timezone.now() + timedelta(days=99)).exists()
    assert "Kollus has given no news of it for a week" in _page(cho, film)


def test_the_office_says_when_kollus_was_not_heard_of_for_long_and_why(
    at_kollus: World, cho: User, settings: Settings
) -> None:
    film = factories.video("noon", upload_file_key="20260101-00000001", media_content_key="K1")
    now = timezone.now()
    KollusFilm.objects.create(video=film, is_there=True, looked_at=now - timedelta(hours=12))
    assert "Kollus has told nothing since" not in _page(cho, film)
    KollusFilm.objects.update(looked_at=now - timedelta(hours=14))
    browser, token = office.signed_in(cho), settings.KOLLUS_API_TOKEN
    for path in (f"/admin/videos/video/{film.pk}/film/", office.page(Video, "change", film.pk)):
        assert "Kollus has told nothing since" in office.text(browser.get(path)), path

    settings.KOLLUS_API_TOKEN = "an-old-one"
    assert "Kollus refuses" in office.text(office.act(browser, "ask_kollus", film))
    settings.KOLLUS_API_TOKEN = token
    at_kollus.faults(kollus={"api": "down"})
    assert "Kollus does not answer" in office.text(office.act(browser, "ask_kollus", film))
    at_kollus.faults(kollus=None)
    assert "Kollus has been asked" in office.text(office.act(browser, "ask_kollus", film))

    assert "Kollus has told nothing since" not in _page(cho, film)

"""Keeping films from the page: where it is offered, what it hands over, what it tells and takes back."""

from typing import Any, Final
from urllib.parse import parse_qs, quote, unquote, urlsplit

import pytest
import requests
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from tests import factories
from tests.attacks import Visitor
from tests.conftest import Shop
from tests.player import Link, item
from tests.videos.test_copies import asks
from tests.videos.test_kollus_player import ANDROID, IPHONE, LINUX, MAC, WINDOWS
from videos import entitlements
from videos.models import OfflineCopy, PlaybackSession, StreamLease, Video

pytestmark = pytest.mark.django_db
KEEP: Final = "/api/v1/playback/copies/"
DEVICES: Final = "/account/devices/"


@pytest.fixture(autouse=True)
def _month(settings: Settings) -> None:
    settings.OFFLINE_DAYS, settings.OFFLINE_PLAYS = 30, 2


@pytest.fixture
def dawn(ada: User) -> Video:
    film = factories.video("dawn", protection="kollus")
    factories.gift(film, ada)
    return film


@pytest.fixture
def device() -> Visitor:
    return Visitor()


def keep(visitor: Visitor, agent: str = IPHONE, slug: str = "dawn") -> Any:
    return visitor.post(KEEP, {"video": slug}, headers={"User-Agent": agent})


def handed_over(visitor: Visitor) -> Link:
    return Link(unquote(keep(visitor).json()["app_url"].removeprefix("kollus://download?url=")))


def kept(visitor: Visitor, device: Visitor) -> OfflineCopy:
    link = handed_over(visitor)
    for kind in (1, 2):
        asks(device, item(link, kind))
    return OfflineCopy.objects.get(session__reference=link.mark.partition(".")[0])


def test_the_installed_player_is_told_to_download(adas: Visitor, dawn: Video) -> None:
    for agent, before, after in [
        (IPHONE, "kollus://download?url=", ""),
        (MAC, "kollus://download?url=", ""),
        (ANDROID, "intent://download?url=", "#Intent;package=com.kollus.media;scheme=kollus;end"),
    ]:
        address = keep(adas, agent).json()["app_url"]
        assert address.startswith(before) and address.endswith(after)
        inside = unquote(address.removeprefix(before).removesuffix(after))
        assert urlsplit(inside).path == "/si"
        assert Link(inside).claims["mc"] == [{"mckey": dawn.media_content_key, "disable_nscreen": True}]


def test_only_where_it_can_be_kept_is_it_offered(
    adas: Visitor, bos: Visitor, dawn: Video, film: Video, settings: Settings
) -> None:
    for agent in (WINDOWS, LINUX):
        assert keep(adas, agent).status_code == 409
        page = adas.client.get("/videos/dawn/", headers={"User-Agent": agent}).content.decode()
        assert "This device can't keep films" in page and 'data-act="keep"' not in page
    page = adas.client.get("/videos/dawn/", headers={"User-Agent": ANDROID}).content.decode()
    assert 'data-act="keep"' in page and "for 30 days. It plays 2 times at most." in page
    assert keep(adas, slug="noon").status_code == 409, "a browser's film"
    assert "Keep for offline" not in adas.get("/videos/noon/").content.decode()
    assert keep(bos).status_code == keep(adas, slug="nothing").status_code == 404
    assert "Keep for offline" not in bos.get("/videos/dawn/").content.decode()

    settings.OFFLINE_DAYS = 0

    assert keep(adas).status_code == 409
    assert "Keep for offline" not in adas.get("/videos/dawn/").content.decode()
    assert not PlaybackSession.objects.exists()


def test_keeping_takes_no_place_to_play(adas: Visitor, dawn: Video, settings: Settings) -> None:
    settings.STREAMS_AT_ONCE = 1
    playing = adas.post("/api/v1/playback/", {"video": "dawn"}).json()["session"]
    adas.post(f"/api/v1/playback/{playing}/beat/")
    other = Visitor()
    other.client.force_login(User.objects.get(email="ada@example.com"))

    assert other.post("/api/v1/playback/", {"video": "dawn"}).status_code == 409
    assert keep(other).status_code == 200
    assert StreamLease.objects.count() == 1


def test_a_download_is_no_viewing_until_its_copy_is_played(
    adas: Visitor, device: Visitor, dawn: Video
) -> None:
    link = handed_over(adas)
    begun = adas.get(DEVICES).content.decode()
    for kind in (1, 2):
        asks(device, item(link, kind))
    kept_there = adas.get(DEVICES).content.decode()

    asks(device, item(link, 3))

    assert "Nothing has played lately" in begun
    assert 'data-testid="devices"' not in kept_there and 'data-testid="on-devices"' in kept_there
    played = adas.get(DEVICES).content.decode()
    assert 'data-testid="devices"' in played and "A moment ago" in played


def test_the_plays_that_are_left_are_counted(adas: Visitor, device: Visitor, dawn: Video) -> None:
    link = handed_over(adas)
    left = []
    for kind, more in [
        (1, {}),
        (2, {}),
        (3, {}),
        (3, {}),
        (3, {}),
        (3, {"reset_req": 1}),
        (3, {"content_expired": 1}),
    ]:
        asks(device, item(link, kind) | more)
        left.append(OfflineCopy.objects.get().plays_left)

    assert left == [2, 2, 1, 0, 0, 2, 1], "a renewal alone is no play; one with a play begins anew with it"


def test_a_copy_of_any_number_of_plays_counts_none(
    adas: Visitor, device: Visitor, dawn: Video, settings: Settings
) -> None:
    settings.OFFLINE_PLAYS = 0
    link = handed_over(adas)
    for kind in (1, 2, 3):
        asks(device, item(link, kind))

    assert OfflineCopy.objects.get().plays_left is None
    page = adas.get("/library/").content.decode()
    assert "Galaxy" in page and "left" not in page.partition("on-devices")[2].partition("</ul>")[0]


def test_what_is_kept_stands_in_the_film_the_library_and_the_devices(
    adas: Visitor, bos: Visitor, device: Visitor, dawn: Video
) -> None:
    kept(adas, device)

    for path in ("/videos/dawn/copies/", "/videos/dawn/", "/library/", DEVICES):
        page = adas.get(path).content.decode()
        assert "Galaxy" in page and "2 plays left" in page, path
    assert bos.get("/videos/dawn/copies/").status_code == 404
    assert "Galaxy" not in bos.get(DEVICES).content.decode()


def test_what_is_removed_is_deleted_when_the_device_asks(adas: Visitor, device: Visitor, dawn: Video) -> None:
    copy = kept(adas, device)
    name = copy.session.reference

    answers = [adas.post_form(DEVICES, take_back=name).headers["Location"] for _ in range(2)]

    assert [answer.partition("?")[2] for answer in answers] == ["taken_back=1", ""]
    assert "Galaxy" not in adas.get(f"{DEVICES}?taken_back=1").content.decode()
    again = kept(adas, device)
    assert again.pk != copy.pk and again.taken_back_at is None, "it can be kept anew"


def test_nobody_removes_what_is_another_s(adas: Visitor, bos: Visitor, device: Visitor, dawn: Video) -> None:
    copy = kept(adas, device)

    bos.post_form(DEVICES, take_back=copy.session.reference)

    copy.refresh_from_db()
    assert copy.taken_back_at is None


def test_what_ended_is_no_longer_shown(adas: Visitor, device: Visitor, dawn: Video) -> None:
    copy = kept(adas, device)

    entitlements.revoke(copy.session.entitlement, because="refunded", at=timezone.now())

    assert "Galaxy" not in adas.get(DEVICES).content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_sandbox_s_player_downloads_what_the_page_hands_over(
    shop: Shop, ada: User, settings: Settings
) -> None:
    """As in `make run`, where the sandbox stands for the installed player on any device."""
    host = f"kollus.localhost:{shop.world.sandbox.port}"
    settings.KOLLUS_APP_BASE = f"http://{host}/app/"
    film = factories.video("dawn", protection="kollus")
    factories.gift(film, ada)
    shop.announce(film)
    callbacks = f"http://127.0.0.1:{shop.port}/callbacks/kollus/{settings.KOLLUS_PLAYER_CALLBACK_SECRETS[0]}"
    shop.world.configure(
        kollus={"download_callback_url": f"{callbacks}/download/", "permits_downloads": True}
    )
    visitor = Visitor()
    visitor.client.force_login(ada)
    address = keep(visitor, LINUX).json()["app_url"]

    def opens(url: str) -> requests.Response:
        local = url.replace(f"http://{host}", f"http://127.0.0.1:{shop.world.sandbox.port}")
        return requests.get(local, headers={"Host": host, "User-Agent": LINUX}, timeout=20)

    assert opens(address).status_code == 204
    assert OfflineCopy.objects.get().finished_at is not None
    assert "Linux Chrome" in visitor.get(DEVICES).content.decode()
    inside = parse_qs(urlsplit(address).query)["url"][0]
    streamed = f"http://{host}/app/download?url={quote(inside.replace('/si?', '/s?'), safe='')}"
    assert "1007" in opens(streamed).text, "it turns to /si alone"
    assert "4007" in opens(address.replace("jwt%3De", "jwt%3Df")).text
    playing = visitor.post("/api/v1/playback/", {"video": "dawn"}, headers={"User-Agent": LINUX}).json()
    assert playing["app_url"].startswith(f"http://{host}/app/path?url=")
    shop.world.configure(kollus={"permits_downloads": False})
    assert "8650" in opens(keep(visitor, LINUX).json()["app_url"]).text

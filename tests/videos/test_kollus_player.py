"""Films that only Kollus' own player plays: opened from the page, which never says whether it is there."""

from typing import Any, Final
from urllib.parse import unquote

import pytest
import requests
from pytest_django import Settings

from accounts.models import User
from tests import factories
from tests.attacks import Visitor
from tests.player import Link
from tests.sandbox_client import World
from videos.models import Video

pytestmark = pytest.mark.django_db

OPEN: Final = "/api/v1/playback/"
IPHONE: Final = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1"
MAC: Final = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Safari/605.1.15"
ANDROID: Final = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"
WINDOWS: Final = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"
LINUX: Final = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"


@pytest.fixture
def dusk(ada: User, adas: Visitor) -> Video:
    film = factories.video("dusk", protection="kollus")
    factories.gift(film, ada)
    return film


def ticket(visitor: Visitor, agent: str, slug: str = "dusk") -> dict[str, Any]:
    told: dict[str, Any] = visitor.post(OPEN, {"video": slug}, headers={"User-Agent": agent}).json()
    return told


def test_phones_and_macs_open_the_installed_player(adas: Visitor, dusk: Video) -> None:
    for agent, before, after in [
        (IPHONE, "kollus://path?url=", ""),
        (MAC, "kollus://path?url=", ""),
        (ANDROID, "intent://path?url=", "#Intent;package=com.kollus.media;scheme=kollus;end"),
    ]:
        told = ticket(adas, agent)
        assert told["app_url"].startswith(before) and told["app_url"].endswith(after)
        inside = told["app_url"].removeprefix(before).removesuffix(after)
        assert not set("?&=/#") & set(inside), "percent-encoded as a whole"
        assert unquote(inside) == told["url"].replace("/s?", "/si?")


def test_elsewhere_and_for_other_films_it_plays_in_the_page(adas: Visitor, dusk: Video, film: Video) -> None:
    assert ticket(adas, WINDOWS)["app_url"] == ticket(adas, LINUX)["app_url"] == ""
    for agent in (IPHONE, ANDROID, MAC):
        assert ticket(adas, agent, "noon")["app_url"] == ""


def test_the_page_says_what_to_do_and_claims_to_see_nothing(
    adas: Visitor, dusk: Video, film: Video, settings: Settings
) -> None:
    settings.KOLLUS_PLAYER_DOWNLOAD_URL = "https://kollus.example/player"

    page, other = (adas.get(f"/videos/{slug}/").content.decode() for slug in ("dusk", "noon"))

    assert "I have it now: play" in page and "https://kollus.example/player" in page
    assert "id760006888" in page and "id=com.kollus.media" in page
    assert "data-install-help" not in other


def test_the_installed_player_gets_the_film_by_that_address(adas: Visitor, dusk: Video, world: World) -> None:
    content = {"mckey": dusk.media_content_key, "duration": 24, "protection": "kollus"}
    world.configure(kollus={"contents": [content]})
    inside = unquote(ticket(adas, IPHONE)["app_url"].removeprefix("kollus://path?url="))
    local, named = f"http://127.0.0.1:{world.sandbox.port}", inside.split("/si?")[0]
    headers = {"Host": named.removeprefix("http://"), "User-Agent": "Kollus Player"}

    by_app = requests.get(inside.replace(named, local), headers=headers, timeout=40).json()
    forged = inside.replace(named, local).replace("jwt=e", "jwt=f")
    refused = requests.get(forged, headers=headers, timeout=40).json()

    assert by_app["mckey"] == dusk.media_content_key and by_app["start"]
    assert "error" not in by_app and refused["error"]["code"] == 4007
    assert Link(inside).claims["mc"] == [{"mckey": dusk.media_content_key, "disable_nscreen": True}]

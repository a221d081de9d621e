"""Each switch, from the office to the player: read back at the gateway that verified the link."""

from typing import Any, Final

import pytest
import requests

from accounts.models import User
from tests import factories
from tests.attacks import Visitor
from tests.conftest import Shop
from tests.sandbox.kollus_stage import facts_of
from videos.models import Channel, Video, ViewerCode, WatchProgress

pytestmark = pytest.mark.django_db(transaction=True)

AGENT: Final = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"
ALL: Final[dict[str, Any]] = {
    **{"shows_code": True, "locks_seeking": True, "locks_speed": True, "blocks_displays": True},
    **{"blocks_virtual_machines": False, "longest_viewing_minutes": 90, "output_protection": "hdcp1"},
}


class Device:
    """A browser that opens the link and lets the player ask."""

    def __init__(self, shop: Shop, visitor: Visitor) -> None:
        self.shop = shop
        self.local = f"http://127.0.0.1:{shop.world.sandbox.port}"
        self.headers = {"Host": f"kollus.localhost:{shop.world.sandbox.port}", "User-Agent": AGENT}
        answer = visitor.post("/api/v1/playback/", {"video": "noon"}, headers={"User-Agent": AGENT})
        address = answer.json()["url"]
        page = requests.get(self.local + address[address.index("/s?") :], headers=self.headers, timeout=40)
        self.asked_at = f"{self.local}{facts_of(page)['start']}permission"

    def asks(self) -> dict[str, Any]:
        """What the start obeys once the shop has answered both of its questions."""
        for kind in (1, 3):
            asked = {"kind": kind}
            answer = requests.post(self.asked_at, json=asked, headers=self.headers, timeout=40).json()
            assert "error" not in answer, answer
        obeys: dict[str, Any] = self.shop.world.report()["kollus"]["starts"][-1]["obeys"]
        return obeys


@pytest.fixture
def adas(shop: Shop, ada: User) -> Visitor:
    film = factories.video("noon")
    factories.gift(film, ada)
    shop.announce(film)
    visitor = Visitor()
    visitor.client.force_login(ada)
    return visitor


def test_what_the_office_sets_the_player_obeys(shop: Shop, adas: Visitor) -> None:
    channel = Channel.objects.create(key="ch-1", **ALL)
    Video.objects.update(channel=channel, plays_from_seconds=3, plays_until_seconds=9)
    film = Video.objects.get()
    code = ViewerCode.objects.create(user=film.entitlements.get().user)
    WatchProgress.objects.create(
        viewer_code=code, video=film, seen="0-7", reported_at="2026-07-01T12:00:00Z", position_seconds=7
    )

    obeys = Device(shop, adas).asks()

    assert (obeys["seek"], obeys["seekable_end"], obeys["speed"]) == (False, 7, False)
    assert obeys["watermark"]["text"] == code.code
    assert (obeys["tv_out"], obeys["virtual_machine"], obeys["playtime"]) == (True, False, 5400)
    assert obeys["section"] == {"start_time": 3, "end_time": 9}
    drm = obeys["drm"]
    assert (drm["drm_type"], drm["cid"]) == ("Widevine", film.upload_file_key)
    assert drm["rule"]["security_policy"][0]["widevine"]["required_hdcp_version"] == "HDCP_V1"


def test_where_the_office_says_nothing_everything_is_free(shop: Shop, adas: Visitor) -> None:
    obeys = Device(shop, adas).asks()

    assert (obeys["seek"], obeys["speed"], obeys["watermark"], obeys["section"]) == (True, True, None, None)
    assert (obeys["tv_out"], obeys["virtual_machine"], obeys["playtime"]) == (False, True, 0)


def test_each_switch_changes_what_it_says_and_nothing_else(shop: Shop, adas: Visitor) -> None:
    def told() -> dict[str, Any]:
        obeys = Device(shop, adas).asks()
        return obeys | {"drm": obeys["drm"]["rule"], "watermark": bool(obeys["watermark"])}

    before, film = told(), Video.objects.all()
    changed = {}
    for name, value in ALL.items():
        film.update(**{name: value})
        after = told()
        film.update(**{name: "" if name == "output_protection" else None})
        changed[name] = {what for what in after if after[what] != before[what]}

    assert changed == {
        "shows_code": {"watermark"},
        "locks_seeking": {"seek", "seekable_end"},
        "locks_speed": {"speed"},
        "blocks_displays": {"tv_out"},
        "blocks_virtual_machines": {"virtual_machine"},
        "longest_viewing_minutes": {"playtime"},
        "output_protection": {"drm"},
    }

"""An installed player keeps a film, plays it without a page, and loses it with the right; over real HTTP."""

import html
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import jwt
import pytest
import requests
from django.conf import settings as shop_settings
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from tests import factories
from tests.attacks import Visitor
from tests.conftest import Shop
from videos import entitlements
from videos.models import Entitlement, OfflineCopy, PlaybackSession, Video

pytestmark = pytest.mark.django_db(transaction=True)
Json = dict[str, Any]
DAY = 86_400


@pytest.fixture
def film(shop: Shop, ada: User, settings: Settings) -> Video:
    settings.OFFLINE_DAYS, settings.OFFLINE_PLAYS = 30, 2
    made = factories.video("noon", protection="kollus")
    factories.gift(made, ada)
    shop.announce(made)
    address = f"http://127.0.0.1:{shop.port}/callbacks/kollus/{settings.KOLLUS_PLAYER_CALLBACK_SECRETS[0]}"
    shop.world.configure(kollus={"download_callback_url": f"{address}/download/", "permits_downloads": True})
    return made


@pytest.fixture
def link(film: Video, ada: User) -> str:
    visitor = Visitor()
    visitor.client.force_login(ada)
    return str(visitor.post("/api/v1/playback/", {"video": "noon"}).json()["url"])


class Phone:
    """Kollus' installed player on one device, in the sandbox."""

    def __init__(self, shop: Shop, name: str = "phone-1") -> None:
        self._base = f"http://127.0.0.1:{shop.world.sandbox.port}"
        host = f"kollus.localhost:{shop.world.sandbox.port}"
        self._headers = {"Host": host, "User-Agent": f"{name} Android"}

    def open(self, link: str) -> Json:
        parts = urlsplit(link.replace("/s?", "/si?"))
        return self._json(requests.get, f"{parts.path}?{parts.query}")

    def download(self, link: str) -> Json:
        opened = self.open(link)
        return opened if "error" in opened else self.again(opened["start"])

    def again(self, start: str) -> Json:
        return self._json(requests.post, f"{start}download", {})

    def play(self, kept: Json, *, renew: bool = False) -> Json:
        return self._json(requests.post, kept["play"], {"renew": renew})

    def list(self, **pressed: str) -> str:
        """The player's own page, or what it answers to a button of it."""
        send = partial(requests.post, data=pressed) if pressed else requests.get
        answer = send(f"{self._base}/app/", headers=self._headers, timeout=20)
        return answer.text if answer.ok else str(answer.status_code)

    def _json(self, send: Callable[..., requests.Response], path: str, body: Json | None = None) -> Json:
        told: Json = send(self._base + path, json=body, headers=self._headers, timeout=20).json()
        return told


def code(told: Json) -> int:
    return int(told["error"]["code"]) if "error" in told else 0


def test_a_film_is_kept_played_renewed_and_taken_back(shop: Shop, film: Video, link: str) -> None:
    phone = Phone(shop)

    kept = phone.download(link)

    assert kept["copy"]["confirmed"]
    assert kept["copy"]["expiration_count"] == 2
    assert OfflineCopy.objects.get().finished_at is not None
    assert [code(phone.play(kept)) for _ in range(2)] == [0, 0]
    third = phone.play(kept)
    assert (code(third), third["copy"]["plays"]) == (0, 1), "used up, so it was renewed and begins anew"
    shop.world.shift_clock("kollus", 31 * DAY)
    assert code(phone.play(kept)) == 8634, "an answer of today is none for a device a month ahead"
    shop.world.shift_clock("kollus", 0)
    assert code(phone.play(kept, renew=True)) == 0

    entitlements.revoke(Entitlement.objects.get(), because="refunded", at=timezone.now())
    taken = phone.play(kept)

    assert code(taken) == 8680
    assert "taken back" in taken["error"]["message"]
    asked = len(shop.world.report()["kollus"]["download_callbacks"])
    assert code(phone.play(kept)) == 8680
    assert len(shop.world.report()["kollus"]["download_callbacks"]) == asked, "it is gone; nobody is asked"
    assert OfflineCopy.objects.get().taken_back_at is not None


def test_what_is_refused_is_not_asked_again_and_what_was_not_answered_is(
    shop: Shop, film: Video, link: str, settings: Settings
) -> None:
    phone = Phone(shop)
    start = phone.open(link)["start"]
    shop.world.faults(kollus={"callback_down": True})
    assert code(phone.again(start)) == 9007
    shop.world.faults(kollus=None)

    settings.OFFLINE_DAYS = 0
    refused = [phone.again(start) for _ in range(2)]

    assert [code(each) for each in refused] == [8655, 8655]
    assert "can't be kept" in refused[0]["error"]["message"]
    assert len(shop.world.report()["kollus"]["download_callbacks"]) == 2
    assert not OfflineCopy.objects.exists()


def test_a_second_device_gets_no_copy_by_the_same_link(shop: Shop, film: Video, link: str) -> None:
    Phone(shop).download(link)

    assert code(Phone(shop, "phone-2").download(link)) == 8655
    assert OfflineCopy.objects.count() == 1


def test_a_channel_that_permits_none_has_none(shop: Shop, film: Video, link: str) -> None:
    shop.world.configure(kollus={"permits_downloads": False})

    assert code(Phone(shop).download(link)) == 8650


def test_an_old_yes_opens_nothing_after_a_refund(shop: Shop, film: Video, link: str) -> None:
    """Its viewer has kept link and answer, and plays them again once both have grown old."""
    phone = Phone(shop)
    opened = phone.open(link)["start"]
    shop.world.configure(kollus={"callback_from": "browser"})
    asked = phone._json(requests.post, f"{opened}permission", {"kind": 1})["ask"]
    yes = requests.post(asked["url"], asked["form"], timeout=20)
    assert (
        jwt.decode(yes.text, shop_settings.KOLLUS_SECURITY_KEY, algorithms=["HS256"])["data"]["result"] == 1
    )

    entitlements.revoke(Entitlement.objects.get(), because="refunded", at=timezone.now())
    no = requests.post(asked["url"], asked["form"], timeout=20)
    shop.world.shift_clock("kollus", shop_settings.KOLLUS_LINK_SECONDS + 1)
    reply = {"status": 200, "user_key": yes.headers["X-Kollus-UserKey"], "body": yes.text}
    replayed = phone._json(requests.post, f"{opened}permission", {"kind": 1, "reply": reply})

    assert jwt.decode(no.text, shop_settings.KOLLUS_SECURITY_KEY, algorithms=["HS256"])["data"]["result"] == 0
    assert code(replayed) == 8671
    assert code(phone.open(link)) == 4085
    late = timezone.now() - timedelta(seconds=1)
    PlaybackSession.objects.update(link_until=late)
    assert code(phone.download(link)) == 4085
    assert not OfflineCopy.objects.exists()


def test_the_player_s_own_list_plays_a_copy_until_it_is_refused(shop: Shop, film: Video, link: str) -> None:
    phone = Phone(shop)
    kept = phone.download(link)
    assert code(kept) == 0
    name = kept["play"].removeprefix("/copies/").removesuffix("/play")
    assert f'name="play" value="{name}"' in phone.list()

    played, renewed = phone.list(play=name), phone.list(renew=name)

    assert "the copy plays" in played and "<td>1</td>" in played
    assert "the copy is renewed" in renewed and "<td>2</td>" in renewed
    assert OfflineCopy.objects.get().plays_left == 2
    entitlements.revoke(Entitlement.objects.get(), because="refunded", at=timezone.now())
    refused = phone.list(play=name)
    assert "This copy was taken back." in html.unescape(refused) and "8680" in refused
    assert f'value="{name}"' not in refused
    assert OfflineCopy.objects.get().taken_back_at is not None
    assert phone.list(play="made/up") == "404"

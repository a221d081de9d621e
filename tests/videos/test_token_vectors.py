"""What leaves for Kollus is, to the byte, what was worked out apart from the shop."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from tests import factories, player
from tests.attacks import Visitor
from tests.player import DOWNLOAD, PLAY, Link
from tests.videos import token_vectors as vectors
from videos.kollus import drm_policy
from videos.models import Channel, PlaybackSession, Video, ViewerCode

pytestmark = pytest.mark.django_db
NOON: Final = datetime(2026, 7, 1, 12, tzinfo=UTC)
_URL: Final = (
    f"https://v.kr.kollus.com/s?jwt={vectors.LINK}&custom_key={'c' * 64}&uservalue0={vectors.MARK}"
    "&loadcheck=0&autoplay"
)


@pytest.fixture(autouse=True)
def _keys(settings: Settings) -> None:
    settings.SECRET_KEY, settings.KOLLUS_SECURITY_KEY = vectors.SECRET_KEY, vectors.SECURITY_KEY
    settings.KOLLUS_PLAYER_BASE = "https://v.kr.kollus.com"
    settings.OFFLINE_DAYS, settings.OFFLINE_PLAYS = 30, 10


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOON)


@pytest.fixture
def adas(noon: None, ada: User) -> Visitor:
    """Ada's browser; she may watch until the next noon a film that forbids all that can be forbidden."""
    film = factories.video(
        "noon", protection="none", media_content_key=vectors.FILM, shows_code=True, locks_seeking=True
    )
    Channel.objects.create(key="ch-tests", locks_speed=True, longest_viewing_minutes=90)
    Video.objects.update(blocks_displays=True, blocks_virtual_machines=False)
    right = factories.gift(film, ada)
    right.ends_at = NOON + timedelta(days=1)
    right.save()
    PlaybackSession.objects.create(
        reference=vectors.REFERENCE,
        viewer_code=ViewerCode.objects.create(code=vectors.CODE, user=ada),
        entitlement=right,
        video=film,
        opened_at=NOON,
        link_until=NOON,
    )
    visitor = Visitor()
    visitor.client.force_login(ada)
    return visitor


def test_the_link_and_what_players_are_answered(adas: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    device = Visitor().client

    ticket = adas.post(f"/api/v1/playback/{vectors.REFERENCE}/link/").json()
    link = Link(ticket["url"])
    said = {
        "asked": device.post(PLAY, player.question(link, 1)),
        "ready": device.post(PLAY, player.question(link, 3)),
    }
    copies = {
        kind: device.post(DOWNLOAD, {"items": json.dumps([player.item(link, kind, player_id="P-1")])})
        for kind in vectors.DOWNLOAD_REPLIES
    }
    monkeypatch.setattr(timezone, "now", lambda: NOON + timedelta(days=1))
    said["ended"] = device.post(PLAY, player.question(link, 1))

    assert ticket["url"] == _URL
    assert {what: answer.content.decode() for what, answer in said.items()} == vectors.PLAY_REPLIES
    assert {kind: answer.content.decode() for kind, answer in copies.items()} == vectors.DOWNLOAD_REPLIES
    for answer in (*said.values(), *copies.values()):
        assert answer.headers["X-Kollus-UserKey"] == "c" * 64


def test_the_licence_token_and_the_hash_over_it(settings: Settings) -> None:
    settings.KOLLUS_DRM_SITE_ID, settings.KOLLUS_DRM_ACCESS_KEY = "DEMO", "access-key"
    settings.KOLLUS_DRM_SITE_KEY = vectors.LICENCE_SITE_KEY

    policy = drm_policy.policy(
        cuid=vectors.CODE,
        upload_file_key="20260701-vector01",
        output="hdcp2",
        user_agent="Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0",
        at=NOON,
    )

    said = json.loads(base64.b64decode(policy["data"]["custom_header"]["value"]))
    assert (said["token"], said["hash"]) == (vectors.LICENCE, vectors.LICENCE_HASH)

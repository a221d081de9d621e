"""What Kollus' players ask and tell: answered to the byte as the contract says, never believed unsigned."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from tests import attacks, factories, player
from tests.attacks import Visitor
from tests.player import LMS, PLAY, Link
from videos import entitlements
from videos.models import Entitlement, PlaybackSession, Video

pytestmark = pytest.mark.django_db


@pytest.fixture
def device() -> Visitor:
    """Who calls: a player somewhere, without a cookie of ours."""
    return Visitor()


@pytest.fixture
def link(adas: Visitor) -> Link:
    return _opened(adas, "noon")


@pytest.fixture
def rented(bos: Visitor, bo: User) -> Link:
    offer = factories.offer(factories.video("dawn"), "rent")
    entitlements.grant(offer, user_id=bo.pk, reference="rented", at=timezone.now())
    return _opened(bos, "dawn")


def test_a_yes_is_what_the_contract_says(device: Visitor, link: Link, settings: Settings) -> None:
    answer = device.client.post(PLAY, player.question(link, 1))

    reply = player.opened(answer.content.decode())
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["X-Kollus-UserKey"] == settings.KOLLUS_CUSTOM_KEY
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Expose-Headers"] == "X-Kollus-UserKey"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert not answer.cookies
    assert reply == {"data": {"result": 1}, "exp": link.claims["expt"]}
    assert all(type(number) is int for number in (reply["data"]["result"], reply["exp"]))


def test_the_last_check_says_that_nothing_has_ended(device: Visitor, link: Link) -> None:
    device.client.post(PLAY, player.question(link, 1))

    reply = player.opened(device.client.post(PLAY, player.question(link, 3)).content.decode())

    assert reply == {"data": {"result": 1, "content_expired": 0}, "exp": link.claims["expt"]}
    assert type(reply["data"]["content_expired"]) is int


def test_a_rental_s_yes_says_until_when_it_plays(device: Visitor, rented: Link) -> None:
    before = int(timezone.now().timestamp())
    unstarted = player.opened(device.client.post(PLAY, player.question(rented, 1)).content.decode())
    device.client.post(PLAY, player.question(rented, 3))
    started = player.opened(device.client.post(PLAY, player.question(rented, 1)).content.decode())

    ends_at = Entitlement.objects.get(reference="rented").ends_at
    assert ends_at is not None
    assert type(unstarted["data"]["expiration_date"]) is int
    assert 0 <= unstarted["data"]["expiration_date"] - (before + 48 * 3600) <= 30
    assert started["data"]["expiration_date"] == int(ends_at.timestamp())


def test_no_date_is_later_than_the_player_knows(device: Visitor, link: Link) -> None:
    Entitlement.objects.filter(video__slug="noon").update(ends_at="2032-01-01T00:00:00Z")

    reply = player.opened(device.client.post(PLAY, player.question(link, 1)).content.decode())

    assert reply["data"]["expiration_date"] == 1893455999


@pytest.mark.parametrize(
    "spoil, words",
    [
        pytest.param(
            lambda: Entitlement.objects.update(revoked_at=timezone.now()), "right to watch", id="revoked"
        ),
        pytest.param(
            lambda: Entitlement.objects.update(
                starts_at=timezone.now() - timedelta(days=2), ends_at=timezone.now() - timedelta(seconds=1)
            ),
            "right to watch",
            id="ended",
        ),
        pytest.param(
            lambda: PlaybackSession.objects.update(link_until=timezone.now()),
            "link has expired",
            id="old link",
        ),
        pytest.param(
            lambda: PlaybackSession.objects.update(player_id="P-0"), "another device", id="second player"
        ),
    ],
)
@pytest.mark.parametrize("kind", [1, 3])
def test_a_no_is_signed_and_says_why(
    device: Visitor, link: Link, kind: int, spoil: Callable[[], object], words: str
) -> None:
    spoil()
    before = attacks.state()

    answer = device.client.post(PLAY, player.question(link, kind))

    reply = player.opened(answer.content.decode())
    assert answer.status_code == 200
    assert answer.headers["X-Kollus-UserKey"]
    assert reply.keys() == {"data"}
    assert reply["data"]["result"] == 0
    assert words in reply["data"]["message"]
    after = attacks.state()
    assert {table for table in after if after[table] != before[table]} == {"videos.PlaybackSession"}
    assert PlaybackSession.objects.get().happened.count("\n") == 1


def test_a_viewing_belongs_to_the_first_device(
    device: Visitor, link: Link, caplog: pytest.LogCaptureFixture
) -> None:
    replies = [
        player.opened(device.client.post(PLAY, player.question(link, kind, player_id=name)).content.decode())
        for name, kind in [("P-1", 1), ("P-2", 1), ("", 1), ("P-1", 3), ("P-2", 3)]
    ]

    assert [reply["data"]["result"] for reply in replies] == [1, 0, 0, 1, 0]
    reference = link.mark.partition(".")[0]
    assert PlaybackSession.objects.get(reference=reference).player_id == "P-1"
    told = [record for record in caplog.records if record.message == "second player on one session"]
    assert [vars(record)["session"] for record in told] == [reference] * 3


def test_old_and_new_path_secrets_both_work(device: Visitor, link: Link, settings: Settings) -> None:
    settings.KOLLUS_PLAYER_CALLBACK_SECRETS = ["new", "tests-player-secret"]

    answers = [
        device.client.post(PLAY.replace("tests-player-secret", secret), player.question(link)).status_code
        for secret in ("new", "tests-player-secret", "older", "tests-platform-secret")
    ]

    assert answers == [200, 200, 404, 404]


def test_a_browser_may_report_from_another_origin(device: Visitor, film: Video) -> None:
    answer = device.client.options(LMS, headers={"Origin": "http://kollus.localhost"})

    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def _opened(visitor: Visitor, slug: str) -> Link:
    return Link(visitor.post("/api/v1/playback/", {"video": slug}).json()["url"])

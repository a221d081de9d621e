"""Copies on devices: asked for, confirmed, played, renewed and taken back, answered as the contract says."""

import json
from datetime import timedelta
from functools import partial
from typing import Any, Final

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from tests import attacks, factories, player
from tests.attacks import Visitor, assert_refused
from tests.player import DOWNLOAD, PLAY, Link
from tests.statements import counted
from videos import entitlements
from videos.models import Entitlement, OfflineCopy, PlaybackSession, Video

pytestmark = pytest.mark.django_db
DAY: Final = 86_400


@pytest.fixture(autouse=True)
def _month(settings: Settings) -> None:
    settings.OFFLINE_DAYS, settings.OFFLINE_PLAYS = 30, 10


@pytest.fixture
def device() -> Visitor:
    """A player somewhere, without a cookie of ours."""
    return Visitor()


@pytest.fixture
def link(adas: Visitor) -> Link:
    return _opened(adas, "noon")


@pytest.fixture
def rented(bos: Visitor, bo: User) -> Link:
    offer = factories.offer(factories.video("dawn"), "rent")
    entitlements.grant(offer, user_id=bo.pk, reference="rented", at=timezone.now())
    return _opened(bos, "dawn")


def _opened(visitor: Visitor, slug: str) -> Link:
    return Link(visitor.post("/api/v1/playback/", {"video": slug}).json()["url"])


def asks(device: Visitor, *items: dict[str, Any]) -> list[dict[str, Any]]:
    """What the shop answers: the elements of the signed array."""
    answer = device.client.post(DOWNLOAD, {"items": json.dumps(items)})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert answer.headers["X-Kollus-UserKey"]
    reply = player.opened(answer.content.decode())
    assert type(reply["exp"]) is int
    data: list[dict[str, Any]] = reply["data"]
    assert all(type(value) is not bool for each in data for value in each.values())
    return data


def kept(device: Visitor, link: Link) -> OfflineCopy:
    """Downloaded to the end."""
    asks(device, player.item(link, 1))
    asks(device, player.item(link, 2))
    return OfflineCopy.objects.get(session__reference=link.mark.partition(".")[0])


def test_a_download_is_allowed_for_so_long_and_so_often(device: Visitor, link: Link) -> None:
    before = int(timezone.now().timestamp())

    (said,) = asks(device, player.item(link, 1))

    assert said.keys() == {
        *("kind", "media_content_key", "result", "expiration_date", "expiration_count", "check_abuse")
    }
    facts = (said["kind"], said["media_content_key"], said["result"], said["expiration_count"])
    assert facts == (1, link.media_content_key, 1, 10)
    assert 0 <= said["expiration_date"] - before - 30 * DAY <= 30
    assert said["check_abuse"] == 1
    copy = OfflineCopy.objects.get()
    assert (copy.device, copy.finished_at, copy.session.player_id) == ("Galaxy", None, "phone-1")


def test_a_finished_download_is_noted_once(device: Visitor, link: Link) -> None:
    copy = kept(device, link)
    (said,) = asks(device, player.item(link, 2))

    assert (said["result"], said["content_delete"]) == (1, 0)
    assert said["check_expiration_date"] == int(copy.expires_at.timestamp())
    assert OfflineCopy.objects.get().finished_at == copy.finished_at


def test_a_play_of_a_copy_is_answered_to_its_question(device: Visitor, link: Link) -> None:
    copy = kept(device, link)

    (said,) = asks(device, player.item(link, 3, session_key="sess-7", start_at=1767225601))

    assert said == {
        **{"kind": 3, "media_content_key": link.media_content_key, "result": 1},
        **{"session_key": "sess-7", "start_at": 1767225601},
        **{"expiration_date": int(copy.expires_at.timestamp())},
        **{"content_expired": 0, "content_delete": 0, "content_expire_reset": 0},
    }
    assert OfflineCopy.objects.get().played_at is not None


@pytest.mark.parametrize("how", ["reset_req", "content_expired", "check_expired"])
def test_a_copy_that_ran_out_is_renewed_while_the_right_lasts(device: Visitor, link: Link, how: str) -> None:
    kept(device, link)
    now = timezone.now()
    OfflineCopy.objects.update(asked_at=now - timedelta(days=31), expires_at=now - timedelta(days=1))

    (said,) = asks(device, player.item(link, 3) | {how: 1})

    assert (said["content_expire_reset"], said["content_expired"], said["expiration_count"]) == (1, 0, 10)
    assert said["expiration_date"] - now.timestamp() > 29 * DAY
    assert OfflineCopy.objects.get().expires_at > now + timedelta(days=29)


def test_no_copy_lasts_longer_than_its_right(device: Visitor, rented: Link) -> None:
    (unstarted,) = asks(device, player.item(rented, 1))
    right = Entitlement.objects.get(reference="rented")
    assert right.start_by is not None
    assert unstarted["expiration_date"] <= (right.start_by + timedelta(hours=48)).timestamp()
    asks(device, player.item(rented, 2))

    (said,) = asks(device, player.item(rented, 3))

    right.refresh_from_db()
    assert right.ends_at is not None, "a rental's hours begin with the first play"
    assert said["expiration_date"] == int(right.ends_at.timestamp())
    (again,) = asks(device, player.item(rented, 3))
    assert again["expiration_date"] == said["expiration_date"]


def test_a_refund_takes_the_copy_back(device: Visitor, link: Link) -> None:
    kept(device, link)
    entitlements.revoke(Entitlement.objects.get(), because="refunded", at=timezone.now())

    for _ in range(2):
        (said,) = asks(device, player.item(link, 3, reset_req=1))
        assert (said["content_delete"], said["content_expired"], said["content_expire_reset"]) == (1, 1, 0)
        assert "taken back" in said["message"]
        assert "expiration_date" not in said
    assert OfflineCopy.objects.get().taken_back_at is not None
    (said,) = asks(device, player.item(link, 2))
    assert said["content_delete"] == 1
    (said,) = asks(device, player.item(link, 1))
    assert said["result"] == 0


def test_a_right_that_has_ended_ends_the_copy_and_keeps_it(device: Visitor, rented: Link) -> None:
    kept(device, rented)
    now = timezone.now()
    Entitlement.objects.filter(reference="rented").update(
        starts_at=now - timedelta(days=3), ends_at=now - timedelta(seconds=1)
    )

    (said,) = asks(device, player.item(rented, 3, reset_req=1))

    assert (said["content_expired"], said["content_delete"], said["content_expire_reset"]) == (1, 0, 0)
    assert OfflineCopy.objects.get().played_at is None


def test_each_of_many_copies_is_answered_in_its_place(
    device: Visitor, adas: Visitor, ada: User, link: Link
) -> None:
    factories.gift(factories.video("dusk"), ada)
    other = _opened(adas, "dusk")
    kept(device, link)
    forged = player.item(other, 3) | {"uservalues": {"uservalue0": "x.y"}}

    said = asks(device, player.item(link, 3, reset_req=1), forged, player.item(other, 1))

    assert [(each["kind"], each["media_content_key"], each["result"]) for each in said] == [
        (3, link.media_content_key, 1),
        (3, other.media_content_key, 0),
        (1, other.media_content_key, 1),
    ]


def test_a_download_and_a_play_ask_little_of_the_database(device: Visitor, rented: Link) -> None:
    for what, kind, most, writes in [
        ("asked", 1, 3, 1),
        ("asked again", 1, 3, 1),
        ("done", 2, 2, 1),
        ("first play", 3, 3, 2),
        ("another", 3, 2, 1),
    ]:
        with counted() as sql:
            asks(device, player.item(rented, kind))
        assert (len(sql), len(sql.writes)) == (most, writes), (what, list(sql))


def test_where_no_copies_are_allowed_none_are_made(device: Visitor, link: Link, settings: Settings) -> None:
    copy = kept(device, link)
    settings.OFFLINE_DAYS = 0

    (said,) = asks(device, player.item(link, 1))
    (played,) = asks(device, player.item(link, 3))

    assert (said["result"], played["content_expired"]) == (0, 1)
    assert "can't be kept" in said["message"]
    assert OfflineCopy.objects.get().expires_at == copy.expires_at


def _state_but_the_log() -> dict[str, Any]:
    PlaybackSession.objects.update(happened="")
    return dict(attacks.state())


def test_what_nobody_allowed_is_refused_and_changes_nothing(
    device: Visitor, link: Link, subtests: pytest.Subtests
) -> None:
    kept(device, link)
    old = {"link_until": timezone.now() - timedelta(seconds=1)}
    tries: list[tuple[str, dict[str, Any]]] = [
        ("a second player downloads", player.item(link, 1, player_id="phone-2")),
        ("a second player plays the copy", player.item(link, 3, player_id="phone-2")),
        ("a second player confirms", player.item(link, 2, player_id="phone-2")),
        ("nobody's player", player.item(link, 1, player_id="")),
        ("an old link", player.item(link, 1)),
    ]
    PlaybackSession.objects.update(**old)
    before = _state_but_the_log()

    for what, asked in tries:
        with subtests.test(what):
            (said,) = asks(device, asked)
            assert said["result"] == 0
            assert said["message"]
            assert "expiration_date" not in said
            assert _state_but_the_log() == before


def test_a_copy_and_a_stream_are_of_one_player(device: Visitor, link: Link) -> None:
    kept(device, link)

    reply = player.opened(device.client.post(PLAY, player.question(link, 1)).content.decode())

    assert reply["data"]["result"] == 0
    assert "another device" in reply["data"]["message"]


def test_forged_questions_get_no_signature(
    device: Visitor, link: Link, bos: Visitor, subtests: pytest.Subtests, caplog: pytest.LogCaptureFixture
) -> None:
    bos_link = _opened(bos, "dusk")
    honest = player.item(link, 1)
    items: dict[str, Any] = {
        "no mark": [honest | {"uservalues": {}}],
        "another viewer's mark": [honest | {"uservalues": {"uservalue0": bos_link.mark}}],
        "another viewer": [honest | {"client_user_id": bos_link.cuid}],
        "another film": [honest | {"media_content_key": bos_link.media_content_key}],
        "kind 4": [honest | {"kind": 4}],
        "kind in words": [honest | {"kind": "one"}],
        "no kind": [{name: honest[name] for name in honest if name != "kind"}],
        "player with NUL": [honest | {"player_id": "P\0"}],
        "player with half a surrogate pair": [honest | {"player_id": "\ud800"}],
        "values of another type": [honest | {"uservalues": [1]}],
        "a start without end": [honest | {"start_at": float("inf")}],
        "a long key": [honest | {"session_key": "k" * 1000}],
        "no items": [],
        "too many items": [honest] * 51,
        "an object": honest,
        "a text": "items",
        "null": None,
        "an item that is none": [1],
    }
    post = partial(device.client.post, DOWNLOAD)
    platform = DOWNLOAD.replace("player", "platform")

    assert_refused(
        subtests,
        {
            **{what: partial(post, {"items": json.dumps(each)}) for what, each in items.items()},
            "no form": partial(post, {}),
            "no JSON": partial(post, {"items": "["}),
            "nested too deep": partial(post, {"items": "[" * 100_000}),
            "a GET": partial(device.client.get, DOWNLOAD),
            "the platform's secret": partial(device.client.post, platform, {"items": json.dumps([honest])}),
        },
        honest=partial(post, {"items": json.dumps([honest])}),
    )
    said = {record.message for record in caplog.records}
    assert "a player speaks of no session of ours" in said
    assert "unreadable download callback" in said
    assert "a player's callback to a wrong address" in said


def test_the_library_shows_what_is_kept_where(
    device: Visitor, adas: Visitor, link: Link, film: Video, settings: Settings
) -> None:
    assert "Kept on your devices" not in adas.get("/library/").content.decode()
    kept(device, link)

    page = adas.get("/library/").content.decode()

    assert "Kept on your devices" in page
    assert "Galaxy · plays there until" in page
    OfflineCopy.objects.update(taken_back_at=timezone.now())
    assert "Kept on your devices" not in adas.get("/library/").content.decode()

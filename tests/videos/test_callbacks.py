"""What Kollus' players ask and tell: answered to the byte as the contract says, never believed unsigned."""

import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any, Final

import pytest
from django.http import QueryDict
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from tests import attacks, factories, player
from tests.attacks import Answer, Visitor, assert_refused
from tests.player import LMS, PLAY, Link
from videos import entitlements
from videos.models import Entitlement, PlaybackSession, Video, WatchProgress

pytestmark = pytest.mark.django_db

FORM: Final = "application/x-www-form-urlencoded"


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


def test_a_viewing_belongs_to_the_first_device(device: Visitor, link: Link) -> None:
    replies = [
        player.opened(device.client.post(PLAY, player.question(link, kind, player_id=name)).content.decode())
        for name, kind in [("P-1", 1), ("P-2", 1), ("", 1), ("P-1", 3), ("P-2", 3)]
    ]

    assert [reply["data"]["result"] for reply in replies] == [1, 0, 0, 1, 0]
    assert PlaybackSession.objects.get(reference=link.mark.partition(".")[0]).player_id == "P-1"


def test_a_forged_question_gets_no_signature(
    device: Visitor, link: Link, bos: Visitor, subtests: pytest.Subtests
) -> None:
    bos_link = _opened(bos, "dusk")
    honest = player.question(link)
    posts = {
        what: partial(device.client.post, PLAY, honest | change)
        for what, change in _wrong_in_a_question(link, bos_link).items()
    }
    without = {
        f"no {name}": partial(device.client.post, PLAY, {key: honest[key] for key in honest if key != name})
        for name in ("kind", "client_user_id", "media_content_key", "uservalues")
    }

    assert_refused(
        subtests,
        {
            "a GET": partial(device.client.get, PLAY, honest),
            **posts,
            **without,
            **_unreadable(device, PLAY, honest),
        },
        honest=partial(device.client.post, PLAY, honest),
    )


def test_a_forged_report_is_not_kept(
    device: Visitor, link: Link, bos: Visitor, subtests: pytest.Subtests
) -> None:
    bos_link = _opened(bos, "dusk")
    said = player.report(link, start_at=1767225600, position=9, watched=9, runtime=9)
    posts = {
        what: partial(device.client.post, LMS, {"json_data": json.dumps(each)})
        for what, each in _forged_reports(said, link, bos_link).items()
    }
    texts = {"not JSON": "{", "empty": "", "nested too deep": "[" * 100_000, "a very long number": "9" * 5000}
    odd = {what: partial(device.client.post, LMS, {"json_data": text}) for what, text in texts.items()}
    honest = {"json_data": player.as_text(said)}

    assert_refused(
        subtests,
        {
            "nothing at all": partial(device.client.post, LMS),
            **posts,
            **odd,
            **_unreadable(device, LMS, honest),
        },
        honest=partial(device.client.post, LMS, honest),
    )
    assert WatchProgress.objects.get().position_seconds == 9


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


def _wrong_in_a_question(link: Link, bos_link: Link) -> dict[str, dict[str, str]]:
    """What is put in the place of a field, by what is wrong with it."""
    reference, mac = link.mark.split(".")
    return {
        "no mark": {"uservalues": "{}"},
        "wrong mac": {"uservalues": _values(f"{reference}.{mac[::-1]}")},
        "short mac": {"uservalues": _values(f"{reference}.{mac[:8]}")},
        "no mac": {"uservalues": _values(f"{reference}.")},
        "another session": {"uservalues": _values(f"{bos_link.mark.split('.')[0]}.{mac}")},
        "another viewer's mark": {"uservalues": _values(bos_link.mark)},
        "another viewer": {"client_user_id": bos_link.cuid},
        "another film": {"media_content_key": bos_link.media_content_key},
        "mark of other letters": {"uservalues": _values("가나.다")},
        "mark with half a surrogate pair": {"uservalues": '{"uservalue0": "\\ud800.\\ud800"}'},
        "mark with NUL": {"uservalues": '{"uservalue0": "a\\u0000.b"}'},
        "mark of another type": {"uservalues": '{"uservalue0": [1]}'},
        "viewer of other letters": {"client_user_id": "가"},
        "film with NUL": {"media_content_key": "K\0"},
        "kind 2": {"kind": "2"},
        "kind 99": {"kind": "99"},
        "kind in words": {"kind": "one"},
        "no kind": {"kind": ""},
        "a very long kind": {"kind": "1" * 5000},
        "kind with a point": {"kind": "1.0"},
        "values that are a list": {"uservalues": "[]"},
        "values that are null": {"uservalues": "null"},
        "values that are a number": {"uservalues": "5"},
        "values that are no JSON": {"uservalues": "{"},
        "values nested too deep": {"uservalues": "[" * 100_000},
        "player with NUL": {"player_id": "P\0"},
    }


def _forged_reports(said: dict[str, Any], link: Link, bos_link: Link) -> dict[str, Any]:
    """Whole reports, by what is wrong with them."""
    reference, mac = link.mark.split(".")

    def with_content(**changes: Any) -> dict[str, Any]:
        return said | {"content_info": said["content_info"] | changes}

    return {
        "no mark": said | {"uservalues": {}},
        "wrong mac": said | {"uservalues": {"uservalue0": f"{reference}.{mac[::-1]}"}},
        "another viewer's mark": said | {"uservalues": {"uservalue0": bos_link.mark}},
        "another viewer": said | {"user_info": {"client_user_id": bos_link.cuid}},
        "another film": with_content(media_content_key=bos_link.media_content_key),
        "viewer with half a surrogate pair": said | {"user_info": {"client_user_id": "\ud800"}},
        "mark with half a surrogate pair": said | {"uservalues": {"uservalue0": "\ud800." + mac}},
        "mark of another type": said | {"uservalues": {"uservalue0": [1]}},
        "values of another type": said | {"uservalues": [1]},
        "position in words": with_content(last_play_at="nine"),
        "endless position": with_content(last_play_at=float("inf")),
        "no number": with_content(last_play_at=float("nan")),
        "position of another type": with_content(last_play_at=[]),
        "no position": with_content(last_play_at=None),
        "no start": {**said, "content_info": {}},
        "content of another type": said | {"content_info": "content"},
        "a list": [said],
        "null": None,
        "a number": 5,
        "a text": "text",
    }


def _unreadable(device: Visitor, path: str, honest: dict[str, str]) -> dict[str, Callable[[], Answer]]:
    """Addresses, methods and bodies that are wrong before a word is read."""
    form = QueryDict(mutable=True)
    form.update(honest)
    body = form.urlencode().encode()
    big = body + b"&padding=" + b"x" * attacks.MEGABYTE
    post = partial(device.client.generic, "POST")
    return {
        "a wrong secret": partial(post, path.replace("player", "other"), body, FORM),
        "no secret": partial(post, path.replace("tests-player-secret", "%20"), body, FORM),
        "a secret with NUL": partial(post, path.replace("-secret", "-secret%00"), body, FORM),
        "the platform's secret": partial(post, path.replace("player", "platform"), body, FORM),
        "a megabyte": partial(post, path, big, FORM),
        "JSON": partial(post, path, json.dumps(honest).encode(), "application/json"),
        "many fields": partial(post, path, body + b"&a=b" * 2000, FORM),
        "broken multipart": partial(post, path, b"--x", "multipart/form-data; boundary=\xff"),
        "of an odd charset": partial(post, path, body, f"{FORM}; charset=zlib"),
        "not UTF-8": partial(post, path, b"kind=%ff&json_data=%ff", FORM),
        "a PUT": partial(device.client.put, path, body, FORM),
        "a DELETE": partial(device.client.delete, path),
    }


def _values(mark: str) -> str:
    return json.dumps({"uservalue0": mark})


def _opened(visitor: Visitor, slug: str) -> Link:
    return Link(visitor.post("/api/v1/playback/", {"video": slug}).json()["url"])

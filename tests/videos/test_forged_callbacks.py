"""Forged questions and reports of players: refused with nothing signed, kept or changed."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import pytest
from django.http import QueryDict

from tests import attacks, player
from tests.attacks import Answer, Visitor, assert_refused
from tests.player import LMS, PLAY, Link
from videos.models import WatchProgress

pytestmark = pytest.mark.django_db

FORM: Final = "application/x-www-form-urlencoded"
_AT_THE_DOOR: Final = {
    *("a GET", "a PUT", "a DELETE"),
    *("a secret with NUL", "broken multipart", "of an odd charset"),
}


@pytest.fixture
def device() -> Visitor:
    """Who calls: a player somewhere, without a cookie of ours."""
    return Visitor()


@pytest.fixture
def link(adas: Visitor) -> Link:
    return _opened(adas, "noon")


def test_a_forged_question_gets_no_signature(
    device: Visitor, link: Link, bos: Visitor, subtests: pytest.Subtests, caplog: pytest.LogCaptureFixture
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
        _logged(
            caplog,
            {
                "a GET": partial(device.client.get, PLAY, honest),
                **posts,
                **without,
                **_unreadable(device, PLAY, honest),
            },
            {"unreadable playback callback"},
        ),
        honest=partial(device.client.post, PLAY, honest),
    )


def test_a_forged_report_is_not_kept(
    device: Visitor, link: Link, bos: Visitor, subtests: pytest.Subtests, caplog: pytest.LogCaptureFixture
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
        _logged(
            caplog,
            {
                "nothing at all": partial(device.client.post, LMS),
                **posts,
                **odd,
                **_unreadable(device, LMS, honest),
            },
            {"unreadable progress report"},
        ),
        honest=partial(device.client.post, LMS, honest),
    )
    assert WatchProgress.objects.get().position_seconds == 9


def _logged(
    caplog: pytest.LogCaptureFixture, sends: dict[str, Callable[[], Answer]], lines: set[str]
) -> dict[str, Callable[[], Answer]]:
    """The same attacks, each of which has to leave a line in the log: one of these, or one of all paths.
    Those that the door keeps out are refused before anybody looks at what they say.
    """
    expected = lines | {"a player's callback to a wrong address", "a player speaks of no session of ours"}

    def sent(send: Callable[[], Answer]) -> Answer:
        caplog.clear()
        answer = send()
        said = {record.getMessage() for record in caplog.records}
        is_djangos = any(record.name.startswith("django.") for record in caplog.records)
        assert is_djangos or said & expected, said
        return answer

    return {what: send if what in _AT_THE_DOOR else partial(sent, send) for what, send in sends.items()}


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

"""How strictly the shop's reply to the download callback is read, and what is never asked again."""

from typing import Any

import pytest

from sandbox.kollus.account import Account
from sandbox.kollus.download_reply import elements_of, judge
from sandbox.kollus.error_codes import PlayerError
from sandbox.kollus.reply import Reply
from tests.sandbox.kollus_jwt import jwt

AT = 1_767_225_600
KEY, CUSTOM_KEY, MCKEY = "security", "c" * 64, "Ab3dEf7h"
ACCOUNT = Account.from_configuration({"custom_key": CUSTOM_KEY, "security_key": KEY})
PLAYING = {"session_key": "key-1", "start_at": AT}


def item(kind: int) -> dict[str, Any]:
    return {"kind": kind, "media_content_key": MCKEY, **(PLAYING if kind == 3 else {})}


def signed(payload: object, *, key: str = KEY, user_key: str | None = CUSTOM_KEY, status: int = 200) -> Reply:
    return Reply(status, user_key, jwt(payload, key))


def data(kind: int = 1, **fields: Any) -> Reply:
    element = {"kind": kind, "media_content_key": MCKEY, "result": 1}
    return signed({"data": [element | (PLAYING if kind == 3 else {}) | fields]})


def verdict(reply: Reply, kind: int = 1) -> tuple[int, str]:
    """The code and the message that the player shows, 0 where it may go on."""
    try:
        (element,) = elements_of(reply, ACCOUNT, [item(kind)], at=AT)
        judge(item(kind), element, at=AT)
    except PlayerError as error:
        return error.code, error.message
    return 0, ""


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (data(), 1),
        (data(expiration_date=AT + 1, expiration_count=1000, check_abuse=1, vmcheck=0), 1),
        (data(expiration_date=0, expiration_count=0, expiration_playtime=60), 1),
        (data(2, content_delete=0, check_expiration_date=AT + 9), 2),
        (data(3, content_expired=0, content_expire_reset=1, expiration_date=1_893_455_999), 3),
        (signed({"data": [{"kind": 1, "media_content_key": MCKEY, "result": 1}], "exp": AT}), 1),
    ],
)
def test_a_good_reply_lets_the_copy_be(reply: Reply, kind: int) -> None:
    assert verdict(reply, kind) == (0, "")


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Reply(curl_code=7), 9007),
        (Reply(curl_code=28), 9028),
        (Reply(404, CUSTOM_KEY, "no"), 9404),
        (Reply(500, CUSTOM_KEY, ""), 9500),
        (Reply(200, CUSTOM_KEY, ""), 8651),
        (signed({"data": []}, user_key=None), 8634),
        (signed({"data": []}, key="wrong"), 8634),
        (signed({"data": [{"kind": 1, "media_content_key": MCKEY, "result": 1}], "exp": AT - 1}), 8634),
        (signed("not JSON"), 8635),
        (signed({"data": {"kind": 1, "media_content_key": MCKEY, "result": 1}}), 8635),
        (data(result="1"), 8635),
        (data(result=True), 8635),
        (data(check_abuse=True), 8635),
        (data(message=7), 8635),
        (signed({"data": [{"media_content_key": MCKEY, "result": 1}]}), 8635),
        (data(expiration_date=1_893_456_000), 8636),
        (data(expiration_date=str(AT + 1)), 8636),
        (data(expiration_count=1001), 8636),
        (data(expiration_count=-1), 8636),
        (data(expiration_playtime=59), 8636),
        (data(expiration_playtime=604_801), 8636),
        (data(2), 8682),
        (signed({"data": []}), 8682),
        (data(media_content_key="another0"), 8682),
        (data(expiration_date=AT), 8643),
    ],
)
def test_anything_else_is_refused_with_its_code(reply: Reply, code: int) -> None:
    assert verdict(reply)[0] == code


@pytest.mark.parametrize(("kind", "code"), [(1, 8655), (2, 8656), (3, 8657)])
def test_a_refusal_carries_the_shops_own_message(kind: int, code: int) -> None:
    assert verdict(data(kind, result=0, message="회수됐어요."), kind) == (code, "회수됐어요.")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"session_key": "key-2"}, 8635),
        ({"session_key": "key-2", "content_expire_reset": 1}, 8681),
        ({"start_at": AT + 1}, 8635),
        ({"content_expired": 1}, 8658),
        ({"content_expired": 1, "content_expire_reset": 1}, 8658),
        ({"content_delete": 1}, 8680),
    ],
)
def test_a_play_of_a_copy_is_held_to_its_question(fields: dict[str, Any], code: int) -> None:
    assert verdict(data(3, **fields), 3)[0] == code

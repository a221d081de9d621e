"""How strictly the shop's reply to the playback callback is read."""

from typing import Any

import pytest

from sandbox.kollus.account import Account
from sandbox.kollus.error_codes import PlayerError
from sandbox.kollus.play_reply import allow, claims_of
from sandbox.kollus.reply import Reply
from tests.sandbox.kollus_jwt import jwt

AT = 1_767_225_600
KEY, CUSTOM_KEY = "security", "c" * 64
ACCOUNT = Account.from_configuration({"custom_key": CUSTOM_KEY, "security_key": KEY})


def verdict(reply: Reply, kind: int = 1) -> tuple[int, str]:
    """Return the code and the message that the player shows, 0 when it plays."""
    try:
        allow(claims_of(reply, ACCOUNT, at=AT), kind=kind, shows_message=True, at=AT)
    except PlayerError as error:
        return error.code, error.message
    return 0, ""


def signed(payload: object, *, key: str = KEY, user_key: str | None = CUSTOM_KEY, status: int = 200) -> Reply:
    return Reply(status, user_key, jwt(payload, key))


def data(**fields: Any) -> Reply:
    return signed({"data": {"result": 1, **fields}})


@pytest.mark.parametrize(
    "reply",
    [
        data(),
        data(expiration_date=AT + 1),
        data(expiration_date=1_893_455_999, expiration_playtime=600, vmcheck=1, disable_tvout=0),
        data(play_section={"start_time": 0, "end_time": 30}),
        data(play_section=[{"start_time": 0, "end_time": 30}]),
        signed({"data": {"result": 1}, "exp": AT + 60}),
    ],
)
def test_a_good_reply_lets_the_film_play(reply: Reply) -> None:
    assert verdict(reply) == (0, "")


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Reply(curl_code=7), 10007),
        (Reply(curl_code=28), 10028),
        (Reply(404, CUSTOM_KEY, "no"), 10404),
        (Reply(500, CUSTOM_KEY, ""), 10500),
        (signed({"data": {"result": 1}}, status=201), 10201),
        (signed({"data": {"result": 1}}, status=302), 10302),
        (Reply(200, CUSTOM_KEY, ""), 8670),
        (signed({"data": {"result": 1}}, user_key=None), 8671),
        (signed({"data": {"result": 1}}, user_key="d" * 64), 8671),
        (signed({"data": {"result": 1}}, key="wrong"), 8671),
        (Reply(200, CUSTOM_KEY, '{"data":{"result":1}}'), 8671),
        (Reply(200, CUSTOM_KEY, f"<html>{jwt({'data': {'result': 1}}, KEY)}</html>"), 8671),
        (Reply(200, CUSTOM_KEY, jwt({"data": {"result": 1}}, KEY) + "\n"), 8671),
        (signed({"data": {"result": 1}, "exp": AT - 1}), 8671),
        (signed({"data": {"result": 1}, "exp": "soon"}), 8671),
        (signed("not JSON"), 8672),
        (signed({"result": 1}), 8672),
        (signed([{"data": {"result": 1}}]), 8672),
        (signed({"data": [{"result": 1}]}), 8672),
        (signed({"data": {}}), 8672),
        (data(result="1"), 8672),
        (data(result=True), 8672),
        (data(result=1.0), 8672),
        (data(result=2), 8672),
        (data(expiration_date=str(AT + 1)), 8672),
        (data(expiration_date=None), 8672),
        (data(expiration_date=1_893_456_000), 8672),
        (data(expiration_playtime="60"), 8672),
        (data(expiration_playtime=-1), 8672),
        (data(vmcheck=False), 8672),
        (data(play_section={"start_time": 30, "end_time": 30}), 8672),
        (data(play_section={"start_time": "0", "end_time": "30"}), 8672),
        (data(message=7), 8672),
        (data(expiration_date=AT), 8674),
    ],
)
def test_anything_else_is_refused_with_its_code(reply: Reply, code: int) -> None:
    assert verdict(reply)[0] == code


@pytest.mark.parametrize(("kind", "code"), [(1, 8673), (3, 8675)])
def test_a_refusal_carries_the_shops_own_message(kind: int, code: int) -> None:
    assert verdict(data(result=0, message="대여 기간이 끝났어요."), kind) == (code, "대여 기간이 끝났어요.")


def test_content_expired_stops_the_final_check_only() -> None:
    assert verdict(data(content_expired=1), 3)[0] == 8674
    assert verdict(data(content_expired=1), 1)[0] == 0

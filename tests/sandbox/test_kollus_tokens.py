"""The gateway's judgement of a playback token, code by code."""

from typing import Any

import pytest

from sandbox.kollus import compact_jwt, playback_token
from sandbox.kollus.account import Account
from sandbox.kollus.error_codes import PlayerError
from tests.sandbox.kollus_jwt import jwt

AT = 1_767_225_600
KEY = "a security key, 보안 키"
MC = [{"mckey": "Ab3dEf7h"}]


def account(**told: Any) -> Account:
    contents = [{"mckey": "Ab3dEf7h", "duration": 24}]
    return Account.from_configuration(
        {"custom_key": "c" * 64, "security_key": KEY, "contents": contents, **told}
    )


def check(text: str, **told: Any) -> playback_token.PlaybackToken:
    other = account(security_key="another account's key")
    return playback_token.check(text, account(**told), [other], at=AT)


def claims(**changes: Any) -> dict[str, Any]:
    good = {"cuid": "learner-42", "expt": AT + 300, "mc": MC, **changes}
    return {name: value for name, value in good.items() if value is not ...}


def test_a_good_token_names_its_content() -> None:
    token = check(jwt(claims(), KEY))

    assert (token.cuid, token.content.mckey, token.content.duration_seconds) == ("learner-42", "Ab3dEf7h", 24)


def test_a_token_signed_elsewhere_is_read() -> None:
    # The vector of https://jwt.io, signed with its published secret.
    vector = (
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2"
        "MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"
    )

    assert compact_jwt.read(vector, "your-256-bit-secret")["name"] == "John Doe"


def test_what_we_sign_is_what_hmac_alone_signs() -> None:
    header = '{"alg":"HS256","typ":"JWT"}'

    assert compact_jwt.sign({"a": "가"}, KEY) == jwt('{"a":"가"}', KEY, header=header)


@pytest.mark.parametrize("number", range(40))
def test_a_signature_in_standard_base64_is_taken(number: int) -> None:
    text = jwt(claims(cuid=f"learner-{number}"), KEY, standard_base64=True)

    assert check(text).cuid == check(text.replace("+", " ")).cuid == f"learner-{number}"


@pytest.mark.parametrize("header", ['{"alg":"HS256"}', '{ "alg" : "HS256" , "typ":"JWT" }'])
def test_the_header_may_be_written_otherwise(header: str) -> None:
    assert check(jwt(claims(), KEY, header=header))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.b",
        "a.b.c.d",
        "é.b.c",
        jwt(claims(), "wrong key"),
        jwt(claims(), KEY)[:-4],
        jwt(claims(), KEY)[:-4] + "!!!!",
        jwt(claims(), KEY, header='{"alg":"none"}'),
        jwt(claims(), KEY, header='{"alg":"HS512"}'),
        jwt(claims(), KEY, header="[]"),
        jwt("not JSON", KEY),
        jwt([1], KEY),
        jwt(claims(exp=AT + 300, expt=...), KEY),
        jwt(claims(exp=AT + 300), KEY),
        jwt(claims(sub="learner-42"), KEY),
        jwt(claims(jti="1"), KEY),
        jwt(claims(expt=...), KEY),
        jwt(claims(expt=str(AT + 300)), KEY),
        jwt(claims(expt=AT + 300.5), KEY),
        jwt(claims(expt=True), KEY),
        jwt(claims(expt=(AT + 300) * 1000), KEY),
        jwt(claims(cuid=42), KEY),
        jwt(claims(mc={"0": MC[0]}), KEY),
        jwt(claims(mc=["Ab3dEf7h"]), KEY),
        jwt(claims(mc=[{**MC[0], "seek": "no"}]), KEY),
        jwt(claims(mc=[{**MC[0], "seekable_end": "12"}]), KEY),
        jwt(claims(mc=[{**MC[0], "play_section": {"start_time": 9, "end_time": 9}}]), KEY),
    ],
)
def test_a_malformed_token_is_4007(text: str) -> None:
    assert code_of(text) == 4007


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"expt": AT - 1}, 4085),
        ({"mc": ...}, 4083),
        ({"mc": []}, 4083),
        ({"mc": [{}]}, 4083),
        ({"mc": [{"mckey": "20260101-abcd1234"}]}, 4001),
        ({"mc": [{"mckey": 7}]}, 4001),
        ({"mc": [{"mckey": "Zz9zZz9z"}]}, 4012),
        ({"mc": [{**MC[0], "intr": True}]}, 4020),
    ],
)
def test_each_refusal_has_its_documented_code(changes: dict[str, Any], code: int) -> None:
    assert code_of(jwt(claims(**changes), KEY)) == code


def test_the_last_second_of_a_link_still_starts() -> None:
    assert check(jwt(claims(expt=AT), KEY))


def test_iat_is_tolerated() -> None:
    assert check(jwt(claims(iat=AT), KEY))


def test_an_intro_is_passed_over() -> None:
    token = check(jwt(claims(mc=[{"mckey": "Intro123", "intr": True}, *MC]), KEY))

    assert token.item == MC[0]


def test_a_token_of_another_account_is_4082() -> None:
    assert code_of(jwt(claims(), "another account's key")) == 4082


def test_an_account_without_security_key_is_4002() -> None:
    assert code_of(jwt(claims(), KEY), security_key="") == 4002


def test_a_channel_with_a_playback_callback_needs_the_viewer() -> None:
    url = "http://127.0.0.1:9/play"

    assert code_of(jwt(claims(cuid=...), KEY), play_callback_url=url) == 4007
    assert check(jwt(claims(cuid=...), KEY)).cuid == ""


def code_of(text: str, **told: Any) -> int:
    with pytest.raises(PlayerError) as refused:
        check(text, **told)
    return refused.value.code

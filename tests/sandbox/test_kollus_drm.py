"""Multi DRM at the gateway: the licence token is decrypted and believed in nothing."""

from typing import Any

import pytest

from sandbox.kollus import playback_token
from sandbox.kollus.account import Account
from sandbox.kollus.drm_policy import check_browser, wanted_hdcp
from sandbox.kollus.error_codes import PlayerError
from tests.sandbox.kollus_drm import CUID, SITE, UPLOAD_FILE_KEY, policy, rule
from tests.sandbox.kollus_jwt import jwt

AT, KEY = 1_767_225_600, "a security key"


def check(drm_policy: object = ..., *, protection: str = "multi_drm", **told: Any) -> Any:
    item: dict[str, Any] = {"mckey": "Ab3dEf7h"}
    if drm_policy is not ...:
        item["drm_policy"] = drm_policy
    content = {
        "mckey": "Ab3dEf7h",
        "duration": 24,
        "protection": protection,
        "upload_file_key": UPLOAD_FILE_KEY,
    }
    account = Account.from_configuration(
        {"custom_key": "c" * 64, "security_key": KEY, "contents": [content], "drm": SITE, **told}
    )
    token = jwt({"cuid": CUID, "expt": AT + 300, "mc": [item]}, KEY)
    return playback_token.check(token, account, [], at=AT).drm


def with_data(**changes: Any) -> dict[str, Any]:
    good = policy()
    return good | {"data": good["data"] | changes}


def test_a_good_policy_says_what_it_asks_for() -> None:
    asked = rule(hdcp=2, seconds=60)

    assert check(policy(asked)) == {"drm_type": "Widevine", "cid": UPLOAD_FILE_KEY, "rule": asked}


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(..., id="none at all"),
        pytest.param([], id="no object"),
        pytest.param(policy() | {"kind": "other"}, id="another kind"),
        pytest.param(policy(streaming_type="hls"), id="Widevine as HLS"),
        pytest.param(policy(drm_type="FairPlay"), id="FairPlay as DASH"),
        pytest.param(policy(drm_type="Chrome"), id="no key system"),
        pytest.param(policy(site_id="ELSE"), id="another site"),
        pytest.param(policy(user_id="bo-1"), id="another viewer"),
        pytest.param(policy(cid="20260101-other"), id="another film"),
        pytest.param(policy(cid="Ab3dEf7h"), id="the media content key"),
        pytest.param(policy(timestamp="2026-07-01 12:00:00"), id="another form of time"),
        pytest.param(policy(timestamp=1767225600), id="a number for a time"),
        pytest.param(policy(hash="AAAA"), id="a made-up hash"),
        pytest.param(policy(token="AAAA", resigned=False), id="a token put in its place"),
        pytest.param(policy(token="AAAA"), id="a token that is none"),
        pytest.param(policy(site_key="another key of exactly 32 letter"), id="another site key"),
        pytest.param(policy({"playback_policy": {}}), id="a rule of the old form"),
        pytest.param(policy(rule() | {"policy_version": "2"}), id="a version in words"),
        pytest.param(
            policy(rule() | {"playback_policy": {"persistent": 0, "license_duration": 60}}), id="0 for no"
        ),
        pytest.param(
            policy(rule() | {"playback_policy": {"persistent": False, "license_duration": "60"}}),
            id="seconds in words",
        ),
        pytest.param(policy(rule() | {"security_policy": {}}), id="security without a list"),
        pytest.param(
            policy(rule() | {"security_policy": [{"track_type": "ALL"}]}), id="a key system left out"
        ),
        pytest.param(with_data(license_url=""), id="no licence server"),
        pytest.param(with_data(custom_header={"key": "x", "value": ""}), id="another header"),
        pytest.param(with_data(custom_header={"key": "pallycon-customdata-v2", "value": 5}), id="a number"),
        pytest.param(
            with_data(custom_header={"key": "pallycon-customdata-v2", "value": "%"}), id="no base64"
        ),
    ],
)
def test_anything_else_gets_no_licence(bad: object) -> None:
    assert check(policy())
    with pytest.raises(PlayerError) as refused:
        check(bad)

    assert refused.value.code == 7102


def test_fairplay_needs_its_certificate() -> None:
    good = policy(drm_type="FairPlay", streaming_type="hls")
    bare = good | {"data": {name: value for name, value in good["data"].items() if name != "certificate_url"}}

    assert check(good)["drm_type"] == "FairPlay"
    with pytest.raises(PlayerError):
        check(bare)


def test_an_account_without_the_add_on_takes_no_policy() -> None:
    assert check(drm=None) is None
    with pytest.raises(PlayerError):
        check(policy(), drm=None)


def test_a_plain_film_needs_none() -> None:
    assert check(protection="none") is None


@pytest.mark.parametrize(
    "agent, has, has_not",
    [
        ("Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/140 Safari/537", "Widevine", "FairPlay"),
        ("Mozilla/5.0 (iPhone) CriOS/140 Safari/604", "FairPlay", "Widevine"),
        ("Mozilla/5.0 (Macintosh) Version/18 Safari/605", "FairPlay", "PlayReady"),
        ("Mozilla/5.0 (Macintosh) Chrome/140 Safari/537 Edg/140", "Widevine", "PlayReady"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140 Safari/537 Edg/140", "PlayReady", "FairPlay"),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/140 Safari/537 Edg/140", "Widevine", "PlayReady"),
        ("Mozilla/5.0 (Linux; Android 10; K) Chrome/140 Safari/537 EdgA/140", "Widevine", "PlayReady"),
        ("Mozilla/5.0 (iPhone) Version/18 EdgiOS/140 Safari/605", "FairPlay", "Widevine"),
        ("Mozilla/5.0 (Macintosh) Chrome/140 Safari/537 OPR/124", "Widevine", "PlayReady"),
        ("Mozilla/5.0 (Windows NT 10.0) Gecko Firefox/140", "Widevine", "PlayReady"),
    ],
)
def test_a_browser_has_its_own_key_system(agent: str, has: str, has_not: str) -> None:
    check_browser(has, agent)
    with pytest.raises(PlayerError) as refused:
        check_browser(has_not, agent)

    assert refused.value.code == 7108


@pytest.mark.parametrize("drm_type", ["Widevine", "PlayReady", "FairPlay"])
@pytest.mark.parametrize("hdcp", [0, 1, 2])
def test_the_demand_on_the_display_is_read_for_each_key_system(drm_type: str, hdcp: int) -> None:
    assert wanted_hdcp(rule(hdcp=hdcp), drm_type) == hdcp

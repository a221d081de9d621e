"""What a link and an answer forbid: to the byte as the contract says, and as the office has set it."""

import base64
import hashlib
import json
import re
from typing import Any, Final

import jwt
import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from tests import factories, office, player
from tests.aes import decrypted
from tests.attacks import Visitor
from tests.player import PLAY, Link
from videos.kollus import drm_policy, signing
from videos.models import Channel, Video, ViewerCode, WatchProgress
from videos.publishing import readiness

pytestmark = pytest.mark.django_db

OPEN: Final = "/api/v1/playback/"
WINDOWS, MAC = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"
CHROME, SAFARI = (
    "AppleWebKit/537.36 Chrome/140.0 Safari/537.36",
    "AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15",
)
REGISTERED: Final = {"iss", "sub", "aud", "exp", "nbf", "iat", "jti"}


def opened(visitor: Visitor, *, agent: str = "", slug: str = "noon") -> Link:
    answer = visitor.post(OPEN, {"video": slug}, headers={"User-Agent": agent})
    assert answer.status_code == 200, answer.content
    return Link(answer.json()["url"])


def film_of(link: Link) -> dict[str, Any]:
    entry: dict[str, Any] = link.claims["mc"][0]
    return entry


def reply(link: Link, kind: int = 1) -> dict[str, Any]:
    body = Visitor().client.post(PLAY, player.question(link, kind)).content.decode()
    data: dict[str, Any] = player.opened(body)["data"]
    return data


def plain(adas: Visitor, **rules: Any) -> Link:
    """A link to the film without DRM, under these rules."""
    Video.objects.filter(slug="noon").update(protection="none", **rules)
    return opened(adas)


# The playback token


def test_nothing_is_said_where_nothing_is_forbidden(adas: Visitor) -> None:
    link = plain(adas)

    assert link.claims.keys() == {"cuid", "expt", "mc"}
    assert film_of(link).keys() == {"mckey"}
    assert reply(link) == {"result": 1}


def test_the_code_is_shown_as_the_contract_writes_it(adas: Visitor) -> None:
    link = plain(adas, shows_code=True)

    policy = link.claims["video_watermarking_code_policy"]
    assert policy["code_kind"] == "client_user_id" and link.cuid == ViewerCode.objects.get().code
    assert policy["enable_html5_player"] is True
    assert re.fullmatch(r"[0-9A-F]{6}", policy["font_color"])
    numbers = [policy[name] for name in ("font_size", "show_time", "hide_time", "alpha")]
    assert all(type(number) is int for number in numbers) and 0 < policy["alpha"] <= 255
    assert film_of(link).keys() == {"mckey"}


@pytest.mark.parametrize(
    "seen, completed, end",
    [
        (None, False, 0),
        ("", False, 0),
        ("0-9", False, 9),
        ("0-9,11-15", False, 15),
        ("0-9,15-20", False, 9),
        ("12-20", False, 0),
        ("0-22", True, None),
    ],
)
def test_nobody_skips_ahead_of_what_he_has_watched(
    adas: Visitor, film: Video, seen: str | None, completed: bool, end: int | None
) -> None:
    plain(adas, locks_seeking=True)
    if seen is not None:
        WatchProgress.objects.create(
            viewer_code=ViewerCode.objects.get(),
            video=film,
            seen=seen,
            completed_at="2026-07-01T12:00:00Z" if completed else None,
            reported_at="2026-07-01T12:00:00Z",
        )
    lock = {} if end is None else {"seek": False, "seekable_end": end}

    first = opened(adas)
    session = first.mark.partition(".")[0]
    renewed = Link(adas.post(f"{OPEN}{session}/link/").json()["url"])

    for link in (first, renewed):
        entry = {name: value for name, value in film_of(link).items() if name != "mckey"}
        assert entry == lock
        assert all(type(entry[name]) is type(value) for name, value in lock.items())


def test_a_locked_film_goes_on_no_later_than_it_may(adas: Visitor, film: Video) -> None:
    plain(adas, locks_seeking=True)
    code = ViewerCode.objects.get()
    WatchProgress.objects.create(
        viewer_code=code, video=film, position_seconds=15, seen="0-7", reported_at="2026-07-01T12:00:00Z"
    )

    assert opened(adas).query["s"] == "7"


def test_speed_is_locked(adas: Visitor) -> None:
    assert film_of(plain(adas, locks_speed=True))["disable_playrate"] is True


def test_a_film_decides_before_its_channel_and_the_channel_where_it_is_silent(
    adas: Visitor, film: Video, settings: Settings
) -> None:
    everything = {
        "locks_speed": True,
        "shows_code": True,
        "blocks_displays": True,
        "longest_viewing_minutes": 90,
    }
    ours = Channel.objects.create(key=settings.KOLLUS_CHANNEL_KEY, **everything)
    other = Channel.objects.create(key="ch-other")

    by_ours = plain(adas)
    by_itself = plain(
        adas, locks_speed=False, shows_code=False, blocks_displays=False, longest_viewing_minutes=2
    )
    at_itself = reply(by_itself)
    nothing = {**dict.fromkeys(everything), "channel": other}
    by_other = plain(adas, **nothing)

    assert film_of(by_ours)["disable_playrate"] is True and "video_watermarking_code_policy" in by_ours.claims
    assert by_itself.claims.keys() == {"cuid", "expt", "mc"} and film_of(by_itself).keys() == {"mckey"}
    assert at_itself == {"result": 1, "disable_tvout": 0, "expiration_playtime": 120}
    assert film_of(by_other).keys() == {"mckey"} and reply(by_other) == {"result": 1}
    Video.objects.update(channel=ours)
    assert reply(opened(adas)) == {"result": 1, "disable_tvout": 1, "expiration_playtime": 5400}


# The reply to the playback callback


def test_the_reply_forbids_in_integers(adas: Visitor) -> None:
    link = plain(
        adas,
        blocks_displays=True,
        blocks_virtual_machines=False,
        longest_viewing_minutes=1,
        plays_from_seconds=3,
        plays_until_seconds=9,
    )

    data = reply(link)

    section = data.pop("play_section")
    assert data == {"result": 1, "disable_tvout": 1, "vmcheck": 0, "expiration_playtime": 60}
    assert section == {"start_time": 3, "end_time": 9}
    assert all(type(number) is int for number in [*data.values(), *section.values()])
    assert reply(link, 3) == {"result": 1, "content_expired": 0}


# Multi DRM, read from the reference alone


def policy_of(link: Link) -> dict[str, Any]:
    policy: dict[str, Any] = film_of(link)["drm_policy"]
    return policy


def custom_data(link: Link) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(base64.b64decode(policy_of(link)["data"]["custom_header"]["value"]))
    return said


def rule_of(link: Link, settings: Settings) -> dict[str, Any]:
    sealed = base64.b64decode(custom_data(link)["token"], validate=True)
    key = settings.KOLLUS_DRM_SITE_KEY.encode()
    rule: dict[str, Any] = json.loads(decrypted(sealed, key=key, iv=b"0123456789abcdef"))
    return rule


def test_the_policy_is_written_as_the_contract_writes_it(
    adas: Visitor, film: Video, settings: Settings
) -> None:
    link = opened(adas, agent=f"{WINDOWS} {CHROME}")

    policy, said = policy_of(link), custom_data(link)
    assert policy == {
        "kind": "inka",
        "streaming_type": "dash",
        "data": {
            "license_url": settings.KOLLUS_DRM_LICENCE_URL,
            "certificate_url": f"{settings.KOLLUS_DRM_CERTIFICATE_URL}?siteId=TEST",
            "custom_header": {
                "key": "pallycon-customdata-v2",
                "value": policy["data"]["custom_header"]["value"],
            },
        },
    }
    assert said.keys() == {"drm_type", "site_id", "user_id", "cid", "token", "timestamp", "hash"}
    assert (said["drm_type"], said["site_id"]) == ("Widevine", "TEST")
    assert (said["user_id"], said["cid"]) == (link.cuid, film.upload_file_key)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", said["timestamp"])
    signed = settings.KOLLUS_DRM_ACCESS_KEY + "".join(
        said[name] for name in ("drm_type", "site_id", "user_id", "cid", "token", "timestamp")
    )
    assert said["hash"] == base64.b64encode(hashlib.sha256(signed.encode()).digest()).decode()


@pytest.mark.parametrize(
    "output, hdcp, level, is_type_1, fairplay",
    [
        ("", "HDCP_NONE", 150, False, -1),
        ("none", "HDCP_NONE", 150, False, -1),
        ("hdcp1", "HDCP_V1", 2000, False, 0),
        ("hdcp2", "HDCP_V2_2", 3000, True, 1),
    ],
)
def test_the_licence_token_decrypts_to_the_rule_that_was_asked(
    adas: Visitor, settings: Settings, output: str, hdcp: str, level: int, is_type_1: bool, fairplay: int
) -> None:
    Video.objects.filter(slug="noon").update(output_protection=output)

    rule = rule_of(opened(adas), settings)

    assert rule["policy_version"] == 2
    assert rule["playback_policy"] == {"persistent": False, "license_duration": 86400}
    (security,) = rule["security_policy"]
    assert security["track_type"] == "ALL"
    assert security["widevine"]["required_hdcp_version"] == hdcp
    assert security["playready"]["security_level"] == level
    assert security["playready"]["require_hdcp_type_1"] is is_type_1
    assert security["fairplay"]["hdcp_enforcement"] == fairplay


def test_a_licence_lasts_as_the_setting_says_from_the_next_play_on(adas: Visitor, settings: Settings) -> None:
    opened(adas)

    settings.KOLLUS_DRM_LICENCE_SECONDS = 7200

    assert rule_of(opened(adas), settings)["playback_policy"]["license_duration"] == 7200


def test_each_request_has_its_own_browsers_licence(adas: Visitor) -> None:
    agents = [f"{MAC} {SAFARI}", f"{WINDOWS} {CHROME} Edg/140.0", f"{WINDOWS} {CHROME}"]

    links = [opened(adas, agent=agent) for agent in agents]
    session = links[0].mark.partition(".")[0]
    elsewhere = adas.post(f"{OPEN}{session}/link/", headers={"User-Agent": agents[2]}).json()

    said = [(custom_data(link)["drm_type"], policy_of(link)["streaming_type"]) for link in links]
    assert said == [("FairPlay", "hls"), ("PlayReady", "dash"), ("Widevine", "dash")]
    assert custom_data(Link(elsewhere["url"]))["drm_type"] == "Widevine"


@pytest.mark.parametrize(
    "agent, drm_type",
    [
        (f"{WINDOWS} Gecko/20100101 Firefox/140.0", "Widevine"),
        (f"{MAC} {CHROME}", "Widevine"),
        (f"{MAC} {CHROME} Edg/140.0", "Widevine"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 CriOS/140.0 Safari/604",
            "FairPlay",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Safari/604",
            "FairPlay",
        ),
        (f"{WINDOWS} Trident/7.0; rv:11.0", "PlayReady"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Widevine"),
        ("", "Widevine"),
    ],
)
def test_the_browser_names_the_key_system(agent: str, drm_type: str) -> None:
    assert drm_policy.key_system(agent) == drm_type


@pytest.mark.parametrize("claims", [{}, {"a": 1, "b": [True, None]}, {"message": "끝났어요 “x”", "n": 2**53}])
def test_a_signature_is_the_one_that_a_library_makes(claims: dict[str, Any], settings: Settings) -> None:
    assert signing.sign(claims) == jwt.encode(claims, settings.KOLLUS_SECURITY_KEY, algorithm="HS256")


def test_a_token_has_no_registered_claim_and_no_padding(adas: Visitor) -> None:
    Video.objects.update(shows_code=True, locks_seeking=True, locks_speed=True)

    link = opened(adas)

    assert not REGISTERED & link.claims.keys()
    assert type(link.claims["expt"]) is int
    assert "=" not in link.query["jwt"] and len(link.query["jwt"]) < 4000


def test_a_film_whose_licence_cannot_be_made_does_not_play_bare(
    adas: Visitor, film: Video, settings: Settings
) -> None:
    settings.KOLLUS_DRM_SITE_ID = ""
    unset = adas.post(OPEN, {"video": "noon"})
    settings.KOLLUS_DRM_SITE_ID = "TEST"
    Video.objects.filter(pk=film.pk).update(upload_file_key="")
    nameless = adas.post(OPEN, {"video": "noon"})

    for answer in (unset, nameless):
        assert answer.status_code == 503
        assert answer.json()["code"] == "cannot_protect" and "url" not in answer.json()


def test_a_film_under_kollus_drm_asks_for_no_licence(adas: Visitor, ada: User) -> None:
    factories.gift(factories.video("dusk", protection="kollus", shows_code=True), ada)

    link = opened(adas, slug="dusk")

    assert film_of(link).keys() == {"mckey"}
    assert link.claims["video_watermarking_code_policy"]["enable_html5_player"] is False


# The list of what a film needs before it is sold


def test_a_film_under_multi_drm_is_not_ready_without_what_its_licences_need(
    film: Video, settings: Settings
) -> None:
    def said() -> str:
        return " ".join(readiness.missing(film))

    assert "Multi DRM" not in said()
    film.upload_file_key = ""
    assert "upload file key" in said()
    settings.KOLLUS_DRM_SITE_ID = ""
    assert "KOLLUS_DRM_SITE_ID" in said()
    for protection in ("none", "kollus"):
        film.protection = protection
        assert "Multi DRM" not in said()


# The office


def test_the_office_sets_what_is_forbidden(cho: User, film: Video, adas: Visitor, settings: Settings) -> None:
    browser = office.signed_in(cho)
    switches = {"shows_code": "true", "locks_seeking": "true", "locks_speed": "unknown"}
    given = {"key": settings.KOLLUS_CHANNEL_KEY, "blocks_displays": "false", "output_protection": "hdcp1"}

    answer = browser.post(office.page(Channel, "add"), switches | given)

    assert answer.status_code == 302, office.text(answer)
    link = opened(adas)
    assert "video_watermarking_code_policy" in link.claims and film_of(link)["seek"] is False
    assert rule_of(link, settings)["security_policy"][0]["widevine"]["required_hdcp_version"] == "HDCP_V1"
    assert reply(link)["disable_tvout"] == 0
    page = office.text(browser.get(office.page(Video, "change", film.pk)))
    assert page.count("As its channel says") == 6


def test_what_only_kollus_can_set_is_ticked_with_name_and_time(cho: User, bo: User) -> None:
    channel = Channel.objects.create(key="ch-1")
    page, browser = office.page(Channel, "change", channel.pk), office.signed_in(cho)
    before = timezone.now()

    browser.post(page, {"capture": "on", "country": "on"})
    checks = {check.item: check for check in channel.console_checks.all()}
    bo.is_staff = bo.is_superuser = True
    bo.save()
    office.signed_in(bo).post(page, {"capture": "on", "referrer": "on"})

    assert checks.keys() == {"capture", "country"}
    assert checks["capture"].checked_by == cho and checks["capture"].checked_at >= before
    now = {check.item: check.checked_by for check in channel.console_checks.all()}
    assert now == {"capture": cho, "referrer": bo}
    shown = office.text(browser.get(page))
    assert cho.email in shown or str(cho) in shown
    told = [entry.get_change_message() for entry in LogEntry.objects.all()]
    assert len(told) == 2 and all(told)

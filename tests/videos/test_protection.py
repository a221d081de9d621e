"""What a link and an answer forbid: to the byte as the contract says, and as the office has set it."""

import re
from typing import Any, Final

import jwt
import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from tests import office, player
from tests.attacks import Visitor
from tests.player import PLAY, Link
from tests.videos.links import OPEN, film_of, opened, rule_of
from videos.kollus import signing
from videos.models import Channel, Video, ViewerCode, WatchProgress

pytestmark = pytest.mark.django_db

REGISTERED: Final = {"iss", "sub", "aud", "exp", "nbf", "iat", "jti"}


def reply(link: Link, kind: int = 1) -> dict[str, Any]:
    body = Visitor().client.post(PLAY, player.question(link, kind)).content.decode()
    data: dict[str, Any] = player.opened(body)["data"]
    return data


def plain(adas: Visitor, **rules: Any) -> Link:
    """A link to the film without DRM, under these rules."""
    Video.objects.filter(slug="noon").update(protection="none", **rules)
    return opened(adas)


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


@pytest.mark.parametrize("claims", [{}, {"a": 1, "b": [True, None]}, {"message": "끝났어요 “x”", "n": 2**53}])
def test_a_signature_is_the_one_that_a_library_makes(claims: dict[str, Any], settings: Settings) -> None:
    assert signing.sign(claims) == jwt.encode(claims, settings.KOLLUS_SECURITY_KEY, algorithm="HS256")


def test_a_token_has_no_registered_claim_and_no_padding(adas: Visitor) -> None:
    Video.objects.update(shows_code=True, locks_seeking=True, locks_speed=True)

    link = opened(adas)

    assert not REGISTERED & link.claims.keys()
    assert type(link.claims["expt"]) is int
    assert "=" not in link.query["jwt"] and len(link.query["jwt"]) < 4000


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

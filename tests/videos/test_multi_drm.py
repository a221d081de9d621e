"""Films under Multi DRM: each link's policy, read from the reference alone, and what is missing for one."""

import base64
import hashlib
import re

import pytest
from pytest_django import Settings

from accounts.models import User
from sandbox.kollus.drm_policy import check_browser
from tests import factories
from tests.attacks import Visitor
from tests.player import Link
from tests.videos.links import OPEN, custom_data, film_of, opened, policy_of, rule_of
from videos.kollus import drm_policy
from videos.models import Channel, Video
from videos.publishing import readiness

pytestmark = pytest.mark.django_db

WINDOWS, MAC = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"
CHROME, SAFARI = (
    "AppleWebKit/537.36 Chrome/140.0 Safari/537.36",
    "AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15",
)


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
        (f"{WINDOWS} {CHROME} Edg/140.0", "PlayReady"),
        (f"{MAC} {CHROME} Edg/140.0", "Widevine"),
        (f"Mozilla/5.0 (X11; Linux x86_64) {CHROME} Edg/140.0", "Widevine"),
        (f"Mozilla/5.0 (Linux; Android 10; K) {CHROME} EdgA/140.0", "Widevine"),
        (f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) {SAFARI} EdgiOS/140.0", "FairPlay"),
        (f"{MAC} {SAFARI} EdgiOS/140.0", "FairPlay"),  # an iPad that says it is a Mac
        ("Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148", "FairPlay"),
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
    """And the sandbox's licence server believes that the browser has it."""
    assert drm_policy.key_system(agent) == drm_type
    check_browser(drm_type, agent)


@pytest.mark.parametrize(
    "agent, asked_for",
    [
        (f"{WINDOWS} {CHROME}", "com.widevine.alpha com.widevine.alpha.experiment org.w3.clearkey"),
        (f"{WINDOWS} {CHROME} Edg/140.0", "com.microsoft.playready.recommendation org.w3.clearkey"),
        (f"{MAC} {SAFARI}", "com.apple.fps org.w3.clearkey"),
    ],
)
def test_a_page_asks_the_browser_for_what_its_link_will_need(
    film: Video, settings: Settings, agent: str, asked_for: str
) -> None:
    factories.offer(film)
    settings.DRM_KEY_SYSTEMS = [
        *("com.widevine.alpha", "com.widevine.alpha.experiment", "com.microsoft.playready.recommendation"),
        *("com.apple.fps", "org.w3.clearkey"),
    ]

    page = Visitor().get("/videos/noon/", headers={"User-Agent": agent}).content.decode()

    assert f'key-systems="{asked_for}"' in page


def test_a_page_asks_of_the_display_what_its_licence_will_demand(film: Video, settings: Settings) -> None:
    bare = factories.video("dusk", protection="none", output_protection="hdcp2")
    course = factories.collection(
        film, bare, factories.video("dawn", output_protection="none"), slug="course"
    )
    for sold in (film, bare, course):
        factories.offer(sold)

    def asked(path: str) -> str:
        found = re.search(r' hdcp="([\d.]+)"', Visitor().get(path).content.decode())
        return found.group(1) if found else ""

    def told() -> list[str]:
        return [asked(path) for path in ("/videos/noon/", "/videos/dusk/", "/collections/course/")]

    assert told() == ["", "", ""]
    Channel.objects.create(key=settings.KOLLUS_CHANNEL_KEY, output_protection="hdcp1")
    assert told() == ["1.4", "", "1.4"]
    Video.objects.filter(pk=film.pk).update(
        channel=Channel.objects.create(key="o", output_protection="hdcp2")
    )
    assert told() == ["2.2", "", "2.2"]
    Video.objects.filter(pk=film.pk).update(output_protection="none")
    assert told() == ["", "", ""]


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

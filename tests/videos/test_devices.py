"""The list of one's devices: what plays, what played lately, and an end to it that needs no support."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.identity import Viewer, give_pass
from accounts.models import User
from tests import factories, player
from tests.attacks import Visitor, state
from tests.player import PLAY, Link
from tests.statements import counted
from videos import entitlements
from videos.models import PlaybackSession, StreamLease, Video
from videos.watching import devices

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_time_passes")]
OPEN, DEVICES = "/api/v1/playback/", "/account/devices/"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Version/18.5 Safari/604.1"


@pytest.fixture
def phone(ada: User, adas: Visitor) -> Visitor:
    """Ada's telephone, on which the film plays."""
    visitor = Visitor()
    visitor.client.force_login(ada)
    return visitor


def plays(visitor: Visitor, *, agent: str = PHONE) -> str:
    """Open the film and say that it plays; returns the session."""
    opened = visitor.post(OPEN, {"video": "noon"}, headers={"User-Agent": agent}).json()["session"]
    assert visitor.post(f"{OPEN}{opened}/beat/").status_code == 204
    return str(opened)


def test_it_says_what_plays_and_what_played_lately(adas: Visitor, phone: Visitor, film: Video) -> None:
    title = film.title
    plays(adas, agent="Windows NT 10.0 Firefox/143")
    ago = timezone.now() - timedelta(hours=5, minutes=1)
    PlaybackSession.objects.update(opened_at=ago, link_until=ago + timedelta(minutes=5))
    StreamLease.objects.all().delete()
    session = plays(phone)

    page = adas.get(DEVICES).content.decode()

    now, lately = page.index("Safari · iPhone"), page.index("Firefox · Windows")
    assert now < lately
    assert "Playing now" in page[now:lately]
    assert f'value="{session}"' in page[now:lately]
    assert "This browser" in page[lately:]
    assert "5\xa0hours ago" in page[lately:]
    assert page.count(title) == 2
    assert "Firefox · Windows" in adas.get(f"/ko{DEVICES}").content.decode()


def test_what_is_ended_stops_and_stays_ended(adas: Visitor, phone: Visitor) -> None:
    session = plays(phone)
    link = Link(phone.post(f"{OPEN}{session}/link/").json()["url"])

    answer = adas.post_form(DEVICES, end=session)

    assert answer.headers["Location"] == f"{DEVICES}?ended=1"
    told = phone.post(f"{OPEN}{session}/beat/")
    assert (told.status_code, told.json()["code"]) == (409, "ended")
    assert phone.post(f"{OPEN}{session}/link/").status_code == 404
    reply = player.opened(phone.client.post(PLAY, player.question(link, 1)).content.decode())
    assert reply["data"]["result"] == 0
    assert "list of your devices" in reply["data"]["message"]
    assert plays(phone) != session, "it can be watched there anew"


def test_nobody_ends_what_is_another_s(adas: Visitor, phone: Visitor, bos: Visitor) -> None:
    session = plays(phone)
    bos.get("/library/")
    before = state()

    for visitor in (bos, Visitor()):
        assert visitor.post_form(DEVICES, end=session).headers["Location"] == DEVICES
        assert session not in visitor.get(DEVICES).content.decode()

    assert state() == before
    assert phone.post(f"{OPEN}{session}/beat/").status_code == 204


def test_an_end_needs_the_page_s_token(adas: Visitor, phone: Visitor) -> None:
    session = plays(phone)

    assert adas.client.post(DEVICES, {"end": session}).status_code == 403
    assert phone.post(f"{OPEN}{session}/beat/").status_code == 204


def test_many_viewings_cost_as_much_as_one(ada: User, adas: Visitor, phone: Visitor) -> None:
    counts = []
    for _ in range(2):
        plays(adas, agent="Windows NT 10.0 Chrome/140")
        with counted() as sql:
            adas.get(DEVICES)
        counts.append(len(sql))
        row = PlaybackSession.objects.latest("id")
        PlaybackSession.objects.bulk_create(
            PlaybackSession(
                **{"viewer_code": row.viewer_code, "entitlement": row.entitlement, "video": row.video},
                **{"opened_at": row.opened_at, "link_until": row.link_until, "device": f"Device {number}"},
            )
            for number in range(60)
        )

    assert counts[0] == counts[1] <= 5
    assert len(devices.of(Viewer(user_id=ada.pk), at=timezone.now())) == 61


def test_names_are_forgotten_when_nobody_is_shown_them(adas: Visitor, phone: Visitor) -> None:
    plays(phone)
    plays(phone)
    now = timezone.now()
    PlaybackSession.objects.filter(pk=PlaybackSession.objects.earliest("id").pk).update(
        opened_at=now - timedelta(days=30)
    )

    assert (devices.forget(at=now), devices.forget(at=now)) == (1, 0)

    assert list(PlaybackSession.objects.order_by("id").values_list("device", flat=True)) == [
        "",
        "Safari · iPhone",
    ]


def test_who_has_watched_nothing_is_told_what_stands_there() -> None:
    page = Visitor().get(DEVICES).content.decode()

    assert "Nothing has played lately" in page
    assert "sessionid" not in Visitor().get(DEVICES).cookies


def test_a_guest_sees_his_browser() -> None:
    film = factories.film_on_sale("dusk")
    guest = Visitor()
    session = guest.client.session
    session["visitor"] = "v" * 32
    session.save()
    give_pass(visitor="v" * 32, reference="bought")
    entitlements.grant(film.offers.get(), user_id=None, reference="bought", at=timezone.now())
    opened = guest.post(OPEN, {"video": "dusk"}, headers={"User-Agent": PHONE}).json()["session"]
    guest.post(f"{OPEN}{opened}/beat/")

    page = guest.get(DEVICES).content.decode()

    assert "Safari · iPhone" in page
    assert "This browser" in page
    assert "Playing now" in page

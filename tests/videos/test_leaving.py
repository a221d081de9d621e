"""A film leaves at an instant: from then on it is not sold, and who may watch it is what the table says."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from accounts.identity import Viewer
from accounts.models import User
from tests import factories, player
from tests.attacks import Visitor
from tests.player import PLAY, Link
from tests.statements import counted
from tests.videos.test_copies import asks, kept
from videos import entitlements, following, playback, previews
from videos.models import Entitlement, PlaybackSession, TakeDown, Video, playing_sql
from videos.publishing import syncing, taking_down
from videos.watching import keeping, leases

pytestmark = pytest.mark.django_db

NOON: Final = datetime(2026, 7, 1, 12, tzinfo=UTC)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
RENTAL: Final[dict[str, Any]] = {"hours_once_started": 48, "start_by": NOON + 30 * DAY}


def take_down(film: Video, owners: str = "lose", *, leaves_at: datetime, at: datetime) -> TakeDown:
    given: dict[str, Any] = {"cause": "demand", "owners": owners, "reason": "A letter of 3 May."}
    taken = taking_down.take_down(film, leaves_at=leaves_at, at=at, **given)
    film.refresh_from_db()
    return taken


@dataclass(frozen=True)
class Case:
    """A right's fields, of the film or what it is a part of; who watches on from the instant on."""

    target: str
    fields: dict[str, Any]
    if_kept: bool


# Written before the code. With owners that lose it nobody watches on; before the instant everybody does.
CASES: Final = {
    "owned": Case("video", {}, if_kept=True),
    "given": Case("video", {"reason": "gift"}, if_kept=True),
    "rented, not started": Case("video", RENTAL, if_kept=True),
    "rented, running": Case("video", RENTAL | {"ends_at": NOON + DAY}, if_kept=True),
    "paid for a moment before, settled after": Case("video", {"starts_at": NOON}, if_kept=True),
    "in a collection bought before": Case("collection", {}, if_kept=True),
    "in a collection rented before": Case("collection", RENTAL | {"ends_at": NOON + DAY}, if_kept=True),
    "in a collection bought at that instant": Case("collection", {"starts_at": NOON}, if_kept=False),
    "as a member": Case("collection", {"reason": "membership", "ends_at": NOON + DAY}, if_kept=False),
    "given everything before": Case("everything", {"reason": "gift"}, if_kept=True),
    "given everything at that instant": Case("everything", {"starts_at": NOON}, if_kept=False),
}


@pytest.fixture
def film() -> Video:
    film = factories.film_on_sale("noon")
    factories.collection(film, factories.video("evening"), slug="course")
    return film


def asked(link: Link) -> dict[str, Any]:
    """What the player is told that asks whether it may play."""
    answer = Visitor().client.post(PLAY, player.question(link, 1))
    return player.opened(answer.content.decode())


def right(ada: User, film: Video, case: Case) -> Entitlement:
    targets: dict[str, dict[str, Any]] = {
        "video": {"video": film},
        "collection": {"collection": film.collections.first()},
        "everything": {"everything": True},
    }
    target = targets[case.target]
    given = {"reason": "purchase", "starts_at": NOON - DAY} | target | case.fields
    return Entitlement.objects.create(user=ada, reference="a-purchase", **given)


@pytest.mark.parametrize("owners", ["keep", "lose"])
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_who_watches_on(ada: User, film: Video, case: Case, owners: str) -> None:
    held, viewer = right(ada, film, case), Viewer(user_id=ada.pk)
    take_down(film, owners, leaves_at=NOON, at=NOON - DAY)
    before = max(held.starts_at, NOON - SECOND) if held.starts_at < NOON else None
    watches_on = case.if_kept and owners == "keep"

    if before is not None:
        assert entitlements.may_watch(viewer, film, at=before)
        reference = playback.open(viewer, "noon", resume=True, at=before).session
        leases.hold(reference, at=before)
    assert entitlements.may_watch(viewer, film, at=NOON) is watches_on
    assert held.is_licensed(film, at=NOON) is watches_on
    if watches_on:  # once the first viewing is silent
        playback.open(viewer, "noon", resume=True, at=NOON + 9 * SECOND)
    else:
        with pytest.raises(playback.MayNotWatch):
            playback.open(viewer, "noon", resume=True, at=NOON)
    if before is None:
        return
    session = playing_sql.find_session(reference)
    assert session is not None and session.may_play(at=before)
    assert session.may_play(at=NOON) is watches_on
    if watches_on:
        leases.hold(reference, at=NOON)
        assert playback.renew(viewer, reference, at=NOON)
    else:
        with pytest.raises(leases.Over):
            leases.hold(reference, at=NOON)
        with pytest.raises(playback.MayNotWatch):
            playback.renew(viewer, reference, at=NOON)


def test_a_take_down_is_one_until_it_is_called_off_and_then_none(film: Video) -> None:
    taken = take_down(film, leaves_at=NOON, at=NOON - DAY)
    with pytest.raises(taking_down.AlreadyLeaving):
        take_down(film, "keep", leaves_at=NOON, at=NOON - DAY)
    assert (film.sold_until, film.watched_until) == (NOON, NOON)

    taking_down.call_off(taken, at=NOON - SECOND)

    film.refresh_from_db()
    assert (film.sold_until, film.watched_until) == (None, None)
    again = take_down(film, "keep", leaves_at=NOON - 9 * DAY, at=NOON)
    assert again.leaves_at == NOON, "never in the past"
    assert (film.sold_until, film.watched_until) == (NOON, None)
    for each, at in [(taken, NOON), (again, NOON)]:
        with pytest.raises(taking_down.HasLeft):
            taking_down.call_off(each, at=at)
    film.refresh_from_db()
    assert film.sold_until == NOON


@pytest.mark.parametrize("owners", ["keep", "lose"])
def test_it_is_in_no_list_from_then_on(ada: User, film: Video, owners: str) -> None:
    Video.objects.update(preview_seconds=5)
    take_down(film, owners, leaves_at=NOON, at=NOON - DAY)
    course = film.collections.get()

    for at, shown in [(NOON - SECOND, ["evening", "noon"]), (NOON, ["evening"])]:
        assert sorted(each.slug for each in Video.objects.in_shop(at=at)) == shown
        first = course.first_film(at=at)
        assert first is not None and first.slug == shown[-1]
    assert previews.open("noon", at=NOON - SECOND)
    with pytest.raises(previews.NoPreview):
        previews.open("noon", at=NOON)
    course.items.filter(video__slug="evening").update(position=9)
    course.items.create(video=factories.video("dawn"), position=0)
    found = [following.after(Viewer(), "dawn", at=at) for at in (NOON - SECOND, NOON)]
    assert [each and each.slug for each in found] == ["noon", "evening"]


def test_what_nobody_may_watch_any_more_needs_nothing(film: Video) -> None:
    film.offers.update(is_active=False)
    take_down(film, leaves_at=NOON, at=NOON - DAY)

    told = [any(each.startswith("noon ") for each in syncing.troubles(at=at)) for at in (NOON - SECOND, NOON)]

    assert told == [True, False]


def test_a_player_s_yes_ends_with_the_film_and_then_it_hears_why(adas: Visitor, film: Video) -> None:
    now = timezone.now()
    take_down(film, leaves_at=now + DAY, at=now)
    link = Link(adas.post("/api/v1/playback/", {"video": "noon"}).json()["url"])
    assert film.sold_until is not None

    yes = asked(link)

    assert yes["data"]["expiration_date"] == int(film.sold_until.timestamp())
    Video.objects.update(sold_until=now, watched_until=now)
    with counted() as sql:
        no = asked(link)
    assert len(sql) == 2, "one read, one write"
    assert no["data"]["result"] == 0
    assert "left the shop" in no["data"]["message"]
    assert "film_left" in PlaybackSession.objects.get().happened
    assert adas.post("/api/v1/playback/", {"video": "noon"}).status_code == 404


def test_a_copy_lasts_no_longer_than_the_film_and_is_taken_back(
    adas: Visitor, film: Video, settings: Settings
) -> None:
    settings.OFFLINE_DAYS, settings.OFFLINE_PLAYS = 30, 10
    now, device = timezone.now(), Visitor()
    take_down(film, leaves_at=now + DAY, at=now)
    link = Link(adas.post("/api/v1/playback/", {"video": "noon"}).json()["url"])

    copy = kept(device, link)

    assert copy.expires_at == film.watched_until
    Video.objects.update(sold_until=now, watched_until=now)
    (said,) = asks(device, player.item(link, 3))
    assert (said["content_expired"], said["content_delete"]) == (1, 1)
    copy.refresh_from_db()
    assert copy.taken_back_at is not None
    again = Link(link.url)
    (no,) = asks(device, player.item(again, 1))
    assert no["result"] == 0


def test_a_copy_made_before_is_listed_until_the_film_leaves(
    adas: Visitor, ada: User, film: Video, settings: Settings
) -> None:
    settings.OFFLINE_DAYS = 30
    now, viewer = timezone.now(), Viewer(user_id=ada.pk)
    kept(Visitor(), Link(adas.post("/api/v1/playback/", {"video": "noon"}).json()["url"]))
    take_down(film, leaves_at=now + DAY, at=now)

    for _owners in ("lose", "keep"):
        assert [copy.until for copy in keeping.of(viewer, at=timezone.now())] == [now + DAY]
        assert keeping.of(viewer, at=now + DAY) == []
        # A member loses it even where its owners keep it.
        Entitlement.objects.update(reason="membership", video=None, everything=True)
        Video.objects.update(watched_until=None)


LEFT: Final = {
    "en": ("This film left the shop on", "Its rights holder has asked for that.", "They have left the shop"),
    "ko": ("이 영화는", "권리자가 요청했어요.", "상점에서 내려간 영화"),
    "ja": ("この作品は", "権利者の求めによるものです。", "販売を終えた作品"),
}


@pytest.mark.parametrize("language", LEFT)
def test_pages_say_what_happened_to_who_had_it(
    adas: Visitor, bos: Visitor, film: Video, language: str
) -> None:
    now = timezone.now()
    root = "" if language == "en" else f"/{language}"
    taken = take_down(film, leaves_at=now + DAY, at=now)
    before = adas.get(f"{root}/videos/noon/")
    assert before.status_code == 200
    assert before.content.count(str(timezone.localtime(taken.leaves_at).year).encode()) >= 1
    Video.objects.update(sold_until=now, watched_until=now)

    page, shelf = adas.get(f"{root}/videos/noon/"), adas.get(f"{root}/library/").content.decode()

    assert page.status_code == 410
    words = page.content.decode()
    assert all(each in words for each in LEFT[language][:2])
    assert "<video-player" not in words
    assert LEFT[language][2] in shelf
    assert bos.get("/videos/noon/").status_code == 404, "a stranger finds nothing"
    assert Visitor().get("/videos/noon/").status_code == 404


def test_who_keeps_it_watches_on_and_is_told_so(adas: Visitor, film: Video) -> None:
    now = timezone.now()
    take_down(film, "keep", leaves_at=now, at=now)

    page = adas.get("/videos/noon/").content.decode()

    assert "It has left the shop, and you keep it." in page
    assert "data-may-watch" in page
    assert "application/ld+json" not in page
    assert "<checkout-panel" not in page
    assert adas.post("/api/v1/playback/", {"video": "noon"}).status_code == 200
    assert Visitor().get("/videos/noon/").status_code == 404


def test_the_command_takes_down_and_calls_off(film: Video) -> None:
    at = (timezone.now() + DAY).isoformat()
    words = ("--owners", "lose", "--cause", "law", "--because", "Court, 3 May", "--at", at)
    call_command("take_down", "noon", *words)
    film.refresh_from_db()
    assert film.watched_until is not None

    for wrong in [("noon", *words), ("nothing", *words), ("noon",), ("evening", "--call-off")]:
        with pytest.raises(CommandError):
            call_command("take_down", *wrong)
    call_command("take_down", "noon", "--call-off")

    film.refresh_from_db()
    assert not film.watched_until
    assert TakeDown.objects.get().reason == "Court, 3 May"

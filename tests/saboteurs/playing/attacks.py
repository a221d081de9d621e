"""Attacks on the places in which somebody may watch at once."""

from contextlib import suppress
from datetime import timedelta
from functools import partial

from django.test import Client, override_settings
from django.utils import timezone

from accounts.identity import Viewer
from accounts.models import User
from tests import factories, promises
from tests.concurrency.player import Player
from tests.concurrency.racing import all_at_once, held_up, meeting
from tests.concurrency.stage import Stage
from tests.screens import Screen, screens
from videos import entitlements, tracing
from videos.models import (
    Entitlement,
    OfflineCopy,
    PlaybackSession,
    StreamLease,
    ViewerCode,
    copy_sql,
    lease_sql,
    viewer_codes,
)
from videos.publishing import shelving
from videos.watching import keeping


def two_browsers_start(stage: Stage) -> None:
    """Both have a link; the second starts while the first plays."""
    ours = _adas(stage, 2)
    for screen in ours:
        screen.open()

    answers = [screen.asks() for screen in ours]

    promises.keep(answers == ["yes", "no"], "one place was given to two")
    promises.keep(StreamLease.objects.count() == 1, "one place was given to two")


def two_browsers_begin(stage: Stage) -> None:
    """The first plays; the second asks for a link."""
    first, second = _adas(stage, 2)
    first.open()
    first.beat()

    promises.refused(second.open(), 409)


def three_browsers_start_in_two_places(stage: Stage) -> None:
    """All at once: each wants the first place, since it saw nobody there."""
    ours = _adas(stage, 3)
    with override_settings(STREAMS_AT_ONCE=2):
        for screen in ours:
            screen.open()

        answers = held_up(partial(_takes_first_place, ours[0]), *[screen.asks for screen in ours])

    given = answers.count("yes")
    promises.keep(given == 2, f"of three that started at once in two places {given} may play")


def two_take_over_one_place(stage: Stage) -> None:
    holder, *others = _adas(stage, 3)
    holder.open()
    holder.beat()

    with meeting(lease_sql, "hand_over"):
        answers = all_at_once(
            *[lambda screen=screen: screen.open(instead=holder.session) for screen in others]
        )

    given = [answer.status_code for answer in answers].count(200)
    promises.keep(given == 1, f"one place was promised to {given}")


def a_page_that_lost_its_place_goes_on(stage: Stage) -> None:
    """It goes on beating, and its player asks again with the link that it has."""
    holder, other = _adas(stage, 2)
    holder.open()
    holder.beat()
    other.open(instead=holder.session)

    promises.keep(holder.beat().status_code == 409, "a page was not told that its place is another's")
    promises.keep(holder.asks() == "no", "a player was let in to another's place")


def a_refunded_film_goes_on(stage: Stage) -> None:
    """The page beats on; no link is asked for and no player asks."""
    (screen,) = _adas(stage, 1)
    screen.open()
    screen.beat()

    entitlements.revoke(Entitlement.objects.get(), because="refunded", at=timezone.now())

    promises.refused(screen.beat(), 404)


def a_stranger_ends_a_film(stage: Stage) -> None:
    """Bo has heard of the name of Ada's viewing."""
    (screen,) = _adas(stage, 1)
    screen.open()
    screen.beat()
    bo = Client()
    bo.force_login(User.objects.create_user("bo@example.com", None, name="Bo"))

    bo.post("/account/devices/", {"end": screen.session})

    promises.keep(screen.beat().status_code == 204, "Bo ended Ada's film")


def a_stranger_takes_a_copy_back(stage: Stage) -> None:
    """Bo has heard of the name of Ada's viewing."""
    (screen,) = _adas(stage, 1)
    screen.open()
    with override_settings(OFFLINE_DAYS=30):
        Player(stage, screen.ticket["url"]).downloads()
    bo = User.objects.create_user("bo@example.com", None, name="Bo")

    keeping.take_back(Viewer(user_id=bo.pk), screen.session, at=timezone.now())

    gone = OfflineCopy.objects.get().taken_back_at is not None
    promises.keep(not gone, "Bo took Ada's copy back")


def a_misread_code_ends_a_film(stage: Stage) -> None:
    """Staff read one character of Ada's code wrongly, off a bad recording."""
    (screen,) = _adas(stage, 1)
    screen.open()
    code = ViewerCode.objects.get().code
    wrong = next(each for each in viewer_codes.ALPHABET if each != code[0])

    with suppress(tracing.NotCertain):
        tracing.end_certain(wrong + code[1:], at=timezone.now())

    gone = PlaybackSession.objects.filter(ended_at__isnull=False).exists()
    promises.keep(not gone, "a doubtful reading ended Ada's film")


def two_devices_keep_one_film(stage: Stage) -> None:
    """A link was passed on, and both players ask at once."""
    (screen,) = _adas(stage, 1)
    screen.open()
    players = [Player(stage, screen.ticket["url"], name=f"phone-{number}") for number in range(2)]

    with override_settings(OFFLINE_DAYS=30), meeting(copy_sql, "keep"):
        answers = all_at_once(*[each.downloads for each in players])

    promises.keep(sorted(answers) == ["no", "yes"], "one link kept the film on two devices")


def two_devices_take_the_last_place(stage: Stage) -> None:
    """Two phones with a link each download at once, where one may."""
    players = _phones(stage, 2)

    with (
        override_settings(OFFLINE_DAYS=30, OFFLINE_DEVICES=1),
        meeting(copy_sql, "_write", after=True),
    ):
        answers = all_at_once(*[each.downloads for each in players])

    promises.keep(sorted(answers) == ["no", "yes"], "one place was taken by two devices")


def a_third_device_keeps_a_film(stage: Stage) -> None:
    with override_settings(OFFLINE_DAYS=30, OFFLINE_DEVICES=2):
        answers = [each.downloads() for each in _phones(stage, 3)]

    promises.keep(answers == ["yes", "yes", "no"], "a third device was let in")


def a_copy_that_ran_out_is_played(stage: Stage) -> None:
    """Its place is another's by then."""
    first, second = _phones(stage, 2)
    with override_settings(OFFLINE_DAYS=30, OFFLINE_DEVICES=1):
        first.downloads()
        past = timezone.now() - timedelta(days=31)
        OfflineCopy.objects.update(asked_at=past, finished_at=past, expires_at=past + timedelta(days=30))
        second.downloads()
        first.plays_copy()

    count = OfflineCopy.objects.filter(expires_at__gt=timezone.now()).count()
    promises.keep(count == 1, f"{count} devices play copies")


def a_film_taken_out_gets_well(stage: Stage) -> None:
    """It was off sale while Kollus had lost it; the office took it out for good meanwhile."""
    film = stage.film
    shelving.take_off_sale(film, film.Broken.GONE)
    shelving.withdraw(film)

    with override_settings(KOLLUS_API_TOKEN=""):
        shelving.put_back(film)

    film.refresh_from_db()
    promises.keep(not film.is_published, "the shop sells what the office took out")


def _takes_first_place(screen: Screen) -> None:
    session = PlaybackSession.objects.get(reference=screen.session)
    now = timezone.now()
    StreamLease.objects.create(
        viewer_code=session.viewer_code, slot=1, session=session, taken_at=now, beaten_at=now
    )


def _phones(stage: Stage, count: int) -> list[Player]:
    """Each with a link of its own to one right of Ada's."""
    opened = _adas(stage, count)
    with override_settings(STREAMS_AT_ONCE=count):
        for screen in opened:
            screen.open()
    return [Player(stage, each.ticket["url"], name=f"phone-{n}") for n, each in enumerate(opened)]


def _adas(stage: Stage, count: int) -> list[Screen]:
    ada = User.objects.create_user("ada@example.com", None, name="Ada")
    factories.gift(stage.film, ada)
    return screens(stage, ada, count)

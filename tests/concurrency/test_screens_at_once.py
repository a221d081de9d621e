"""Many browsers of one person at once: never more of them play than may, however they meet."""

from functools import partial

import pytest
from pytest_django import Settings

from accounts.models import User
from tests import factories
from tests.concurrency.racing import all_at_once, meeting
from tests.concurrency.stage import Stage
from tests.screens import Screen, screens
from videos.models import StreamLease, lease_sql

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_time_passes")]

MANY = 8


@pytest.fixture
def adas(stage: Stage, ada: User) -> list[Screen]:
    factories.gift(stage.film, ada)
    return screens(stage, ada, MANY)


@pytest.mark.parametrize("places", [1, 3])
def test_of_many_players_that_start_at_once_no_more_play_than_may(
    adas: list[Screen], settings: Settings, places: int
) -> None:
    settings.STREAMS_AT_ONCE = places
    assert {screen.open().status_code for screen in adas} == {200}, "nobody plays yet"

    with meeting(lease_sql, "bind_and_take", parties=MANY):
        answers = all_at_once(*[screen.asks for screen in adas])

    assert sorted(answers) == ["no"] * (MANY - places) + ["yes"] * places
    assert StreamLease.objects.count() == places
    heard = [screen.beat().status_code for screen in adas]
    assert [status == 204 for status in heard] == [answer == "yes" for answer in answers]


def test_pages_and_players_that_start_at_once_share_one_place(adas: list[Screen]) -> None:
    for screen in adas:
        screen.open()

    heard = all_at_once(
        *[screen.asks for screen in adas[: MANY // 2]],
        *[partial(_beats, screen) for screen in adas[MANY // 2 :]],
    )

    assert sorted(heard) in (["409"] * 4 + ["no"] * 3 + ["yes"], ["204"] + ["409"] * 3 + ["no"] * 4)
    assert StreamLease.objects.count() == 1


def test_of_many_that_take_over_one_place_one_has_it(adas: list[Screen]) -> None:
    holder, *others = adas
    holder.open()
    assert holder.beat().status_code == 204

    with meeting(lease_sql, "hand_over", parties=MANY - 1):
        answers = all_at_once(*[partial(screen.open, instead=holder.session) for screen in others])

    assert sorted(answer.status_code for answer in answers) == [200] + [409] * (MANY - 2)
    winner = next(screen for screen, answer in zip(others, answers, strict=True) if answer.status_code == 200)
    assert StreamLease.objects.get().session.reference == winner.session
    assert (winner.asks(), holder.asks()) == ("yes", "no")
    told = holder.beat().json()
    assert (told["code"], [each["session"] for each in told["places"]]) == ("taken", [winner.session])


def test_a_sign_of_life_does_not_bring_back_what_was_taken_meanwhile(adas: list[Screen]) -> None:
    holder, other = adas[:2]
    holder.open()
    holder.beat()

    heard = all_at_once(
        *[partial(_beats, holder)] * 4, lambda: str(other.open(instead=holder.session).status_code)
    )

    assert heard[-1] == "200"
    assert set(heard[:-1]) <= {"204", "409"}
    assert (holder.beat().status_code, other.beat().status_code) == (409, 204)


def _beats(screen: Screen) -> str:
    return str(screen.beat().status_code)

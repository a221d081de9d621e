"""Attacks on the places in which somebody may watch at once."""

from accounts.models import User
from tests import factories, promises
from tests.concurrency.racing import all_at_once, meeting
from tests.concurrency.stage import Stage
from tests.screens import Screen, screens
from videos.models import StreamLease, lease_sql


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


def _adas(stage: Stage, count: int) -> list[Screen]:
    ada = User.objects.create_user("ada@example.com", None, name="Ada")
    factories.gift(stage.film, ada)
    return screens(stage, ada, count)

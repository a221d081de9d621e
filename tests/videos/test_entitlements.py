"""Who may watch what, and until when."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.identity import Viewer, give_pass
from accounts.models import User
from tests import factories
from videos import entitlements, library, playback, shelves
from videos.models import Entitlement, Video

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
RENTAL: dict[str, Any] = {"start_by": NOON + 30 * DAY, "hours_once_started": 48}
STARTED = RENTAL | {"ends_at": NOON + 2 * DAY}
BROWSER = Viewer(visitor="v" * 32)


@dataclass(frozen=True)
class Case:
    """A right's fields, at how long after noon it is asked for, and whether it opens the film."""

    fields: dict[str, Any]
    after: timedelta
    opens: bool


@pytest.fixture
def film() -> Video:
    return factories.video("noon")


def right(ada: User | None, *, reference: str = "a-purchase", **fields: Any) -> Entitlement:
    """A right that began at noon."""
    return Entitlement.objects.create(
        **{"user": ada, "reason": "purchase", "reference": reference, "starts_at": NOON} | fields
    )


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(Case({}, timedelta(0), True), id="owned, from its first instant"),
        pytest.param(Case({}, 3650 * DAY, True), id="owned, for good"),
        pytest.param(Case({}, -HOUR, False), id="owned, not begun"),
        pytest.param(Case({"ends_at": NOON + DAY}, DAY - HOUR, True), id="for a day"),
        pytest.param(Case({"ends_at": NOON + DAY}, DAY, False), id="for a day, at its end"),
        pytest.param(Case(RENTAL, 29 * DAY, True), id="rented, not started"),
        pytest.param(Case(RENTAL, 30 * DAY, False), id="rented, too late to start"),
        pytest.param(Case(STARTED, 47 * HOUR, True), id="rented, started"),
        pytest.param(Case(STARTED, 48 * HOUR, False), id="rented, ended"),
        pytest.param(
            Case(STARTED | {"start_by": NOON + DAY}, 47 * HOUR, True),
            id="rented, started before its last day",
        ),
        pytest.param(Case({"revoked_at": NOON + HOUR}, 2 * HOUR, False), id="revoked"),
        pytest.param(Case(STARTED | {"revoked_at": NOON}, HOUR, False), id="rented, started, revoked"),
        pytest.param(Case({"reason": "gift"}, DAY, True), id="a gift"),
    ],
)
def test_a_right_opens_its_film_while_it_is_valid(ada: User, film: Video, case: Case) -> None:
    entitlement = right(ada, video=film, **case.fields)
    at = NOON + case.after

    assert entitlement.is_valid(at=at) is case.opens
    assert entitlements.may_watch(Viewer(user_id=ada.pk), film, at=at) is case.opens
    assert may_open(Viewer(user_id=ada.pk), film, at=at) is case.opens


@pytest.mark.parametrize("ask", [entitlements.may_watch, lambda *args, at: may_open(*args, at=at)])
def test_nobody_else_gets_in_by_it(ada: User, bo: User, film: Video, ask: Callable[..., bool]) -> None:
    right(ada, video=film)
    other = factories.video()

    assert ask(Viewer(user_id=ada.pk), film, at=NOON)
    assert not ask(Viewer(user_id=ada.pk), other, at=NOON)
    assert not ask(Viewer(user_id=bo.pk), film, at=NOON)
    assert not ask(Viewer(), film, at=NOON)
    assert not ask(BROWSER, film, at=NOON)


def test_a_guest_watches_by_his_pass(film: Video) -> None:
    right(None, video=film)
    assert not may_open(BROWSER, film, at=NOON)

    give_pass(visitor=BROWSER.visitor, reference="a-purchase")

    assert may_open(BROWSER, film, at=NOON)
    assert not may_open(Viewer(visitor="w" * 32), film, at=NOON)


def test_a_user_whose_browser_holds_a_pass_has_both(ada: User, film: Video) -> None:
    other = factories.video()
    right(ada, video=film, reference="by-name")
    right(None, video=other, reference="by-pass")
    give_pass(visitor=BROWSER.visitor, reference="by-pass")
    both = Viewer(user_id=ada.pk, visitor=BROWSER.visitor)

    assert may_open(both, film, at=NOON)
    assert may_open(both, other, at=NOON)
    assert not may_open(BROWSER, film, at=NOON)
    assert not may_open(Viewer(user_id=ada.pk), other, at=NOON)


def test_a_collection_opens_what_is_added_to_it_later(ada: User, film: Video) -> None:
    course = factories.collection(film)
    right(ada, collection=course)
    viewer = Viewer(user_id=ada.pk)
    later = factories.video()
    assert may_open(viewer, film, at=NOON)
    assert not may_open(viewer, later, at=NOON)

    course.items.create(video=later, position=2)

    assert may_open(viewer, later, at=NOON)
    assert entitlements.may_watch(viewer, later, at=NOON)
    shelf = library.of(viewer, currency="usd", language="en", at=NOON)
    assert {card.title for card in shelf.owned} == {film.title, later.title}


def test_a_collection_opens_no_film_outside_it(ada: User) -> None:
    """Films, rights and courses share row ids here: asked of the wrong table, all would open."""
    films = [factories.video() for _ in range(3)]
    courses = [factories.collection(film) for film in films]
    for number, course in enumerate(courses):
        right(ada if number == 0 else None, collection=course, reference=f"purchase-{number}")

    allowed = [may_open(Viewer(user_id=ada.pk), film, at=NOON) for film in films]

    assert allowed == [True, False, False]


def test_everything_opens_every_film(ada: User, film: Video) -> None:
    right(ada, everything=True)

    assert may_open(Viewer(user_id=ada.pk), film, at=NOON)
    assert may_open(Viewer(user_id=ada.pk), factories.video(), at=NOON)


def test_a_film_taken_out_of_the_shop_stays_with_who_bought_it(ada: User, bo: User) -> None:
    film = factories.video(is_published=False)
    right(ada, video=film)

    assert may_open(Viewer(user_id=ada.pk), film, at=NOON)
    assert not may_open(Viewer(user_id=bo.pk), film, at=NOON)


def test_a_revoked_right_is_over_at_once_and_only_once(ada: User, film: Video) -> None:
    entitlement = right(ada, video=film)

    assert entitlements.revoke(entitlement, because="refunded", at=NOON)
    assert not entitlements.revoke(entitlement, because="again", at=NOON + HOUR)

    entitlement.refresh_from_db()
    assert (entitlement.revoked_at, entitlement.revoked_because) == (NOON, "refunded")
    assert not may_open(Viewer(user_id=ada.pk), film, at=NOON)


def test_a_right_is_granted_once_and_never_brought_back(ada: User) -> None:
    offer = factories.offer(factories.video(), kind="rent")
    first = entitlements.grant(offer, user_id=ada.pk, reference="a-purchase", at=NOON)
    entitlements.revoke(first, because="refunded", at=NOON)

    again = entitlements.grant(offer, user_id=ada.pk, reference="a-purchase", at=NOON + DAY)

    assert again.pk == first.pk
    assert again.revoked_at == NOON
    assert again.start_by == NOON + 30 * DAY
    assert not again.is_valid(at=NOON + DAY)


def test_the_best_right_is_one_that_no_play_uses_up(ada: User, film: Video) -> None:
    right(ada, video=film, reference="rented", **RENTAL)
    owned = right(ada, video=film, reference="owned")

    assert entitlements.best(Viewer(user_id=ada.pk), film, at=NOON) == owned


def test_a_rental_starts_once(ada: User, film: Video) -> None:
    entitlement = right(ada, video=film, **RENTAL)
    stale = Entitlement.objects.get(pk=entitlement.pk)

    assert entitlement.start(at=NOON + DAY)
    assert not entitlement.start(at=NOON + 2 * DAY)
    assert not stale.start(at=NOON + 2 * DAY)

    assert stale.ends_at == NOON + 3 * DAY
    assert Entitlement.objects.get().ends_at == NOON + 3 * DAY


@pytest.mark.parametrize(
    "fields, after",
    [
        pytest.param({}, DAY, id="owned"),
        pytest.param(RENTAL, 30 * DAY, id="too late to start"),
        pytest.param(RENTAL | {"revoked_at": NOON}, DAY, id="revoked"),
    ],
)
def test_what_is_no_rental_to_start_is_not_started(
    ada: User, film: Video, fields: dict[str, Any], after: timedelta
) -> None:
    entitlement = right(ada, video=film, **fields)

    assert not entitlement.start(at=NOON + after)

    assert Entitlement.objects.get().ends_at is None


@pytest.mark.parametrize(
    "fields, after, words",
    [
        pytest.param({}, HOUR, "", id="owned"),
        pytest.param(RENTAL, HOUR, "Start by July 31, 2026", id="not started"),
        pytest.param(STARTED, timedelta(0), "48 hours left", id="just started"),
        pytest.param(STARTED, 46.5 * HOUR, "1 hour left", id="an hour and a half"),
        pytest.param(STARTED, 47.5 * HOUR, "30 minutes left", id="half an hour"),
        pytest.param(STARTED, 48 * HOUR - timedelta(seconds=5), "1 minute left", id="seconds"),
    ],
)
def test_the_time_left_is_said_in_words(
    ada: User, film: Video, fields: dict[str, Any], after: timedelta, words: str
) -> None:
    entitlement = right(ada, video=film, **fields)

    assert shelves.time_left_text(entitlement, at=NOON + after) == words


def test_the_database_keeps_a_right_to_one_target(ada: User, film: Video) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        right(ada)
    with pytest.raises(IntegrityError), transaction.atomic():
        right(ada, video=film, everything=True)


def test_the_database_keeps_one_right_per_purchase_and_film(ada: User, film: Video) -> None:
    right(ada, video=film)

    with pytest.raises(IntegrityError), transaction.atomic():
        right(ada, video=film)


def may_open(viewer: Viewer, film: Video, *, at: datetime) -> bool:
    """Whether playing is allowed, which asks in a query of its own."""
    try:
        playback.open(viewer, film.slug, resume=True, at=at)
    except playback.MayNotWatch:
        return False
    return True

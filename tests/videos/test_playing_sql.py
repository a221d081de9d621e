"""The statements written out say what the ORM says: of every right, however held and in whatever state."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any, Final

import pytest

from accounts.identity import Viewer, give_pass
from accounts.models import User
from tests import factories
from videos import entitlements, playback
from videos.models import Collection, Entitlement, PlaybackSession, Video, playing_sql

pytestmark = pytest.mark.django_db

NOON: Final = datetime(2026, 7, 1, 12, tzinfo=UTC)
HOUR: Final = timedelta(hours=1)
VISITOR: Final = "v" * 32
STATES: Final[dict[str, dict[str, Any]]] = {
    "for ever": {},
    "ends later": {"ends_at": NOON + HOUR},
    "ends now": {"ends_at": NOON},
    "begins now": {"starts_at": NOON},
    "begins later": {"starts_at": NOON + HOUR},
    "revoked": {"revoked_at": NOON - HOUR},
    "rented, not started": {"hours_once_started": 48, "start_by": NOON + HOUR},
    "rented, to be started by now": {"hours_once_started": 48, "start_by": NOON},
    "rented, running": {"hours_once_started": 48, "start_by": NOON, "ends_at": NOON + HOUR},
    "rented, run out": {"hours_once_started": 48, "start_by": NOON + HOUR, "ends_at": NOON},
}
TARGETS: Final = ("the film", "its course", "everything", "another film", "another course")
HOLDERS: Final = ("account", "pass", "another's account", "another's pass")


@pytest.fixture
def film() -> Video:
    film = factories.video("noon")
    factories.collection(film, slug="course")
    factories.collection(factories.video("dusk"), slug="other-course")
    return film


def test_each_right_opens_what_it_opens_by_the_orm(film: Video, ada: User, bo: User) -> None:
    viewers = [Viewer(ada.pk), Viewer(visitor=VISITOR), Viewer(ada.pk, VISITOR)]
    said = []
    for state, target, holder in product(STATES, TARGETS, HOLDERS):
        right = _right(state, target, holder, ada=ada, bo=bo)
        for viewer in viewers:
            best = entitlements.best(viewer, film, at=NOON)
            said.append((state, target, holder, viewer, best and best.pk, _opened_by(viewer)))
        right.delete()

    assert [each for each in said if each[-1] != each[-2]] == []
    assert {each[-1] is None for each in said} == {True, False}


LICENCES: Final[dict[str, dict[str, Any]]] = {
    "kept, not yet": {"sold_until": NOON + HOUR},
    "kept, from now on": {"sold_until": NOON},
    "kept, since before it was got": {"sold_until": NOON - 3 * HOUR},
    "lost, not yet": {"sold_until": NOON + HOUR, "watched_until": NOON + HOUR},
    "lost, from now on": {"sold_until": NOON, "watched_until": NOON},
}


def test_a_film_that_leaves_is_open_to_whom_the_orm_says(film: Video, ada: User, bo: User) -> None:
    viewer, said = Viewer(ada.pk), []
    for licence, target, reason in product(LICENCES, TARGETS[:3], ("purchase", "membership", "gift")):
        Video.objects.filter(pk=film.pk).update(**{"watched_until": None} | LICENCES[licence])
        film.refresh_from_db()
        right = _right("for ever", target, "account", ada=ada, bo=bo)
        Entitlement.objects.filter(pk=right.pk).update(reason=reason)
        right.refresh_from_db()
        opens = entitlements.may_watch(viewer, film, at=NOON)
        said.append((licence, target, reason, opens, _opened_by(viewer) is not None))
        assert right.is_licensed(film, at=NOON) is opens
        right.delete()

    assert [each for each in said if each[-1] is not each[-2]] == []
    assert {each[-1] for each in said} == {True, False}


def test_the_best_of_several_rights_is_the_orm_s(film: Video, ada: User, bo: User) -> None:
    viewer = Viewer(ada.pk, VISITOR)
    rights = [
        _right(state, target, holder, ada=ada, bo=bo)
        for state, target, holder in product(STATES, TARGETS, HOLDERS[:2])
    ]

    while best := entitlements.best(viewer, film, at=NOON):
        assert _opened_by(viewer) == best.pk
        Entitlement.objects.filter(pk=best.pk).update(revoked_at=NOON)

    assert _opened_by(viewer) is None
    assert len(rights) > 50


def test_a_session_is_found_as_the_orm_reads_it(film: Video, ada: User) -> None:
    entitlements.give(film, ada, reference="gift", note="", at=NOON - HOUR)
    Entitlement.objects.update(start_by=NOON, ends_at=NOON + HOUR, hours_once_started=48)
    reference = playback.open(Viewer(ada.pk), "noon", resume=True, at=NOON).session

    found = playing_sql.find_session(reference)

    kept = PlaybackSession.objects.select_related("entitlement", "viewer_code", "video").get()
    assert found is not None
    for row, same in [
        (found, kept),
        (found.entitlement, kept.entitlement),
        (found.viewer_code, kept.viewer_code),
        (found.video, kept.video),
    ]:
        assert {name: getattr(same, name) for name in _read(row)} == _read(row)
    assert found.opened_at == kept.opened_at, "what was not asked for is fetched"
    assert playing_sql.find_session("nothing") is None


def _right(state: str, target: str, holder: str, *, ada: User, bo: User) -> Entitlement:
    reference = hashlib.sha256(f"{state} {target} {holder}".encode()).hexdigest()[:32]
    if holder.endswith("pass"):
        give_pass(visitor=VISITOR if holder == "pass" else "w" * 32, reference=reference)
    given: dict[str, Any] = {"starts_at": NOON - 2 * HOUR} | STATES[state] | _TARGET[target]()
    owner = {"account": ada, "another's account": bo}.get(holder)
    return Entitlement.objects.create(reason="gift", reference=reference, user=owner, **given)


_TARGET: Final[dict[str, Callable[[], dict[str, Any]]]] = {
    "the film": lambda: {"video": Video.objects.get(slug="noon")},
    "another film": lambda: {"video": Video.objects.get(slug="dusk")},
    "its course": lambda: {"collection": Collection.objects.get(slug="course")},
    "another course": lambda: {"collection": Collection.objects.get(slug="other-course")},
    "everything": lambda: {"everything": True},
}


def _opened_by(viewer: Viewer) -> int | None:
    try:
        session = playback.open(viewer, "noon", resume=True, at=NOON).session
    except playback.MayNotWatch:
        return None
    found = PlaybackSession.objects.get(reference=session)
    found.delete()
    return found.entitlement_id


def _read(row: Any) -> dict[str, Any]:
    """The fields that were read already."""
    loaded = {field.attname for field in row._meta.concrete_fields} - row.get_deferred_fields()
    return {name: getattr(row, name) for name in loaded}

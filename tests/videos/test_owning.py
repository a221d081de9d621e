"""Who has all that an offer would give him, so that it is not sold to him again."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.identity import Viewer
from accounts.models import User
from tests import factories
from tests.statements import counted
from videos import entitlements
from videos.models import Collection, Video

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.fixture
def film() -> Video:
    return factories.video("noon")


@pytest.mark.parametrize(
    "held, asked, owns",
    [
        ("own", "own", True),
        ("own", "rent", True),
        ("rent", "rent", True),
        pytest.param("rent", "own", False, id="who rents may still buy"),
    ],
)
def test_what_is_yours_already_is_known(ada: User, film: Video, held: str, asked: str, owns: bool) -> None:
    offers = {kind: factories.offer(film, kind) for kind in ("own", "rent")}
    entitlements.grant(offers[held], user_id=ada.pk, reference="a-purchase", at=NOON)

    assert entitlements.owns(Viewer(user_id=ada.pk), offers[asked], at=NOON) is owns


@pytest.mark.parametrize("held", ["own", "rent", "membership", None])
def test_who_owns_one_of_several_offers_is_asked_once_for_each_thing_sold(
    ada: User, film: Video, held: str | None
) -> None:
    course = factories.collection(film)
    rent, own = factories.offer(film, "rent"), factories.offer(film, "own")
    member, courses_own = factories.membership(course), factories.offer(course)
    viewer = Viewer(user_id=ada.pk)
    if held == "membership":
        later = NOON + timedelta(days=1)
        entitlements.open_membership(member, user_id=ada.pk, reference="club", ends_at=later, at=NOON)
    elif held:
        bought = {"own": own, "rent": rent}[held]
        entitlements.grant(bought, user_id=ada.pk, reference="a-purchase", at=NOON)

    for sold in ([], [own], [rent], [rent, own], [member], [courses_own, member], [own, rent, courses_own]):
        each = [entitlements.owns(viewer, offer, at=NOON) for offer in sold]
        assert entitlements.owns_any(viewer, sold, at=NOON) is any(each)
    with counted() as sql:
        entitlements.owns_any(viewer, [own, rent], at=NOON)
    assert len(sql) == 1


def test_owning_a_film_is_not_owning_its_course(ada: User, bo: User, film: Video) -> None:
    course: Collection = factories.collection(film)
    offer = factories.offer(course)
    entitlements.give(film, ada, reference="a-gift", note="", at=NOON)
    entitlements.give(course, bo, reference="a-gift", note="", at=NOON)

    assert not entitlements.owns(Viewer(user_id=ada.pk), offer, at=NOON)
    assert entitlements.owns(Viewer(user_id=bo.pk), offer, at=NOON)
    assert not entitlements.owns(Viewer(), offer, at=NOON)

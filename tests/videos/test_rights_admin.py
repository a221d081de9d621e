"""The office gives the right to watch and takes it away, with a reason that stays."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from accounts.models import User
from tests import factories, office
from videos.models import (
    Entitlement,
)

pytestmark = pytest.mark.django_db


def test_a_gift_lets_somebody_watch_and_says_why(cho: User, ada: User) -> None:
    film = factories.video()
    form = {"reference": "once", "email": "Ada@Example.com", "video": film.pk, "note": "Sorry for the noise."}
    browser = office.signed_in(cho)

    browser.post(office.page(Entitlement, "add"), form)
    browser.post(office.page(Entitlement, "add"), form)

    right = Entitlement.objects.get()
    assert (right.user, right.video, right.reason, right.note) == (ada, film, "gift", "Sorry for the noise.")
    assert LogEntry.objects.first().get_change_message() == "Given to ada@example.com: Sorry for the noise."  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "wrong, words",
    [
        ({"email": "nobody@example.com"}, "Nobody has an account"),
        ({"note": ""}, "This field is required"),
        ({"video": ""}, "Choose one"),
    ],
)
def test_a_gift_needs_somebody_something_and_a_reason(
    cho: User, ada: User, wrong: dict[str, str], words: str
) -> None:
    form = {"reference": "once", "email": ada.email, "video": factories.video().pk, "note": "A friend."}

    refused = office.signed_in(cho).post(office.page(Entitlement, "add"), form | wrong)

    assert words in office.text(refused)
    assert not Entitlement.objects.exists()


def test_a_right_is_revoked_with_a_reason_only(cho: User, ada: User) -> None:
    right = factories.gift(factories.video(), ada)
    browser = office.signed_in(cho)

    asked = office.act(browser, "revoke", right)
    empty = office.act(browser, "revoke", right, because="")
    assert "Take away the right to watch" in office.text(asked)
    assert "This field is required" in office.text(empty)
    assert Entitlement.objects.get().revoked_at is None

    done = office.act(browser, "revoke", right, because="Shared the password.", _back_to=right.pk)

    right.refresh_from_db()
    assert right.revoked_at
    assert right.revoked_because == "Shared the password."
    assert done.redirect_chain[-1][0] == office.page(Entitlement, "change", right.pk)
    entry = LogEntry.objects.get()
    assert (entry.user, entry.get_change_message()) == (cho, "Revoked: Shared the password.")


def test_a_right_revoked_twice_keeps_its_first_reason(cho: User, ada: User) -> None:
    right = factories.gift(factories.video(), ada)
    browser = office.signed_in(cho)

    office.act(browser, "revoke", right, because="First.")
    office.act(browser, "revoke", right, because="Second.")

    assert Entitlement.objects.get().revoked_because == "First."
    assert LogEntry.objects.count() == 1


def test_who_may_only_look_gives_and_takes_nothing(bo: User, ada: User) -> None:
    right = factories.gift(factories.video(), ada)
    browser = office.signed_in(bo, "videos.view_entitlement")

    seen = browser.get(office.page(Entitlement, "change", right.pk))
    office.act(browser, "revoke", right, because="Because.")
    given = browser.post(office.page(Entitlement, "add"), {"email": ada.email})

    assert "Revoke…" not in office.text(seen)
    assert Entitlement.objects.get().revoked_at is None
    assert given.status_code == 403


@pytest.mark.parametrize("state, count", [("valid", 1), ("revoked", 1), ("ended", 1)])
def test_rights_are_filtered_by_what_they_allow_now(cho: User, ada: User, state: str, count: int) -> None:
    now = timezone.now()
    _valid, ended, revoked = (factories.gift(factories.video(), ada) for _ in range(3))
    Entitlement.objects.filter(pk=ended.pk).update(starts_at=now - timedelta(days=2), ends_at=now)
    Entitlement.objects.filter(pk=revoked.pk).update(revoked_at=now)

    shown = office.signed_in(cho).get(office.page(Entitlement), {"state": state})

    assert f"{count} shown" in office.text(shown)

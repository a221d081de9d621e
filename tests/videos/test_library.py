"""The library: what one may watch by kind, where one stopped, what is over, and what an empty one says."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from django.utils import timezone

from accounts.identity import Viewer, give_pass
from accounts.models import User
from tests import factories
from tests.attacks import Visitor
from tests.statements import counted
from videos import library
from videos.models import Collection, Entitlement, Video, ViewerCode, WatchProgress

pytestmark = pytest.mark.django_db

NOON: Final = datetime(2026, 7, 1, 12, tzinfo=UTC)
HOUR: Final = timedelta(hours=1)


def _right(user: User, target: Video | Collection, reference: str, **fields: Any) -> Entitlement:
    what = {"video": target} if isinstance(target, Video) else {"collection": target}
    defaults = {"reason": "purchase", "starts_at": NOON - timedelta(days=9)}
    return Entitlement.objects.create(user=user, reference=reference, **what, **defaults | fields)


def _rental(user: User, film: Video, reference: str, **fields: Any) -> Entitlement:
    times = {"hours_once_started": 48, "start_by": NOON + timedelta(days=9)}
    return _right(user, film, reference, **times | fields)


def _of(user: User) -> library.Library:
    return library.of(Viewer(user_id=user.pk), currency="usd", language="en", at=NOON)


def _titles(cards: list[Any]) -> list[str]:
    return [re.sub(r".*/(.+)/", r"\1", card.url) for card in cards]


def _seen(user: User, film: Video, second: int, *, at: datetime = NOON) -> None:
    code, _ = ViewerCode.objects.get_or_create(user=user)
    WatchProgress.objects.create(viewer_code=code, video=film, position_seconds=second, reported_at=at)


def test_each_film_stands_on_the_shelf_of_its_best_right(ada: User) -> None:
    owned, rented, both, lent = (factories.video(slug) for slug in ("owned", "rented", "both", "lent"))
    club = factories.collection(lent, both, slug="club")
    _right(ada, owned, "1")
    _rental(ada, rented, "2")
    _rental(ada, both, "3")
    _right(ada, both, "4")
    _right(ada, club, "5", reason="membership", ends_at=NOON + HOUR)

    shelf = _of(ada)

    assert sorted(_titles(shelf.owned)) == ["both", "owned"]
    assert _titles(shelf.rented) == ["rented"]
    assert _titles(shelf.as_member) == ["lent"]
    assert [(each.reference, each.ended_text) for each in shelf.memberships] == [("5", "")]
    assert not shelf.is_empty
    assert shelf.newest == []


def test_what_was_watched_last_goes_on_first(ada: User) -> None:
    films = [factories.video(slug) for slug in ("first", "second", "finished", "unseen")]
    for number, film in enumerate(films):
        _right(ada, film, str(number))
    for number, (film, second) in enumerate(zip(films, (9, 12, 24), strict=False)):
        _seen(ada, film, second, at=NOON + number * HOUR)

    assert _titles(_of(ada).continue_watching) == ["second", "first"]


def test_what_is_over_says_since_when_and_what_it_costs(ada: User) -> None:
    out, missed, gone, again = (factories.film_on_sale(slug) for slug in ("out", "missed", "gone", "again"))
    _rental(ada, out, "1", ends_at=NOON - HOUR)
    _rental(ada, missed, "2", start_by=NOON - HOUR)
    _rental(ada, gone, "3", ends_at=NOON - HOUR, revoked_at=NOON - HOUR)
    _rental(ada, again, "4", ends_at=NOON - HOUR)
    _right(ada, again, "5")
    club = factories.collection(factories.video("lent"))
    _right(ada, club, "6", reason="membership", ends_at=NOON - HOUR)

    shelf = _of(ada)

    facts = {_titles([card])[0]: (card.time_left_text, card.price_text) for card in shelf.over}
    assert facts == {
        "out": ("Ended on July 1, 2026", "from $7.90"),
        "missed": ("Not started by July 1, 2026", "from $7.90"),
    }
    assert [each.ended_text for each in shelf.memberships] == ["Ended on July 1, 2026"]


def test_a_film_that_is_sold_no_more_says_so(ada: User) -> None:
    _rental(ada, factories.video("old"), "1", ends_at=NOON - HOUR)
    _rental(ada, factories.video("hidden", is_published=False), "2", ends_at=NOON - HOUR)

    assert [card.price_text for card in _of(ada).over] == ["Not on sale any more"]


def test_an_empty_library_shows_what_is_new_and_the_way_in(ada: User) -> None:
    factories.film_on_sale("noon")
    nobody, signed_in = Visitor(), Visitor()
    signed_in.client.force_login(ada)

    for visitor, words in ((nobody, "/account/sign-in/"), (signed_in, "with ada@example.com")):
        page = visitor.get("/library/").content.decode()
        assert "Your library is still empty" in page
        assert words in page
        assert page.count('href="/videos/noon/"') == 1


def test_passes_and_accounts_see_the_same_library(ada: User) -> None:
    film = factories.film_on_sale("noon")
    Entitlement.objects.create(video=film, reason="purchase", reference="p", starts_at=timezone.now())
    guest = Visitor()
    guest.get("/checkout/videos/noon/panel/")
    give_pass(visitor=guest.client.session["visitor"], reference="p")
    signed_in = Visitor()
    signed_in.client.force_login(ada)

    before = signed_in.get("/library/").content.decode()
    Entitlement.objects.update(user=ada)

    for visitor in (guest, signed_in):
        assert "Yours to keep" in visitor.get("/library/").content.decode()
    assert "Yours to keep" not in before


def test_a_full_library_takes_as_many_statements_as_a_small_one(ada: User) -> None:
    counts = []
    for size in (2, 40):
        for number in range(size):
            _right(ada, factories.film_on_sale(), f"o{size}-{number}")
            _rental(ada, factories.film_on_sale(), f"r{size}-{number}")
            _rental(ada, factories.film_on_sale(), f"e{size}-{number}", ends_at=NOON - HOUR)
            club = factories.collection(factories.film_on_sale())
            _right(ada, club, f"m{size}-{number}", reason="membership", ends_at=NOON + HOUR)
        _of(ada)
        with counted() as sql:
            shelf = _of(ada)
        assert all((shelf.owned, shelf.rented, shelf.as_member, shelf.memberships, shelf.over))
        counts.append(len(sql))

    assert counts[0] == counts[1] <= 11

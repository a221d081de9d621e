"""Staff have a film leave: with the right, a reason and the numbers before their eyes; undone until then."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from accounts.models import User
from billing.models import Order
from tests import factories, office
from tests.buyer import Buyer
from tests.concurrency.racing import overtaken
from tests.conftest import Shop
from videos.admin.catalogue import VideoAdmin
from videos.models import TakeDown, Video
from videos.publishing import importing, taking_down

pytestmark = pytest.mark.django_db(transaction=True)

MAY = ("videos.view_takedown", "videos.add_takedown")
GIVEN = {"video": "noon", "cause": "demand", "owners": "lose", "reason": "Letter of 3 May", "leaves_at": ""}


@pytest.fixture
def film(shop: Shop) -> Video:
    film = factories.film_on_sale("noon")
    Buyer(shop.url, shop.world).buy("noon", currency="usd")
    return film


@pytest.fixture
def chos(cho: User) -> Client:
    return office.signed_in(cho)


def _add(browser: Client, **given: str) -> str:
    return office.text(browser.post(office.page(TakeDown, "add"), GIVEN | given, follow=True))


def test_what_it_means_is_shown_first_and_then_it_leaves_once(chos: Client, cho: User, film: Video) -> None:
    assert 'value="noon"' in office.text(chos.get(office.page(TakeDown, "add"), {"video": "noon"}))

    shown = _add(chos)

    assert "1 own it, 0 rent it, 0 have it in a collection" in shown
    assert "1 order is given back by itself: $7.90." in shown
    assert "None of them can watch it any more." in shown
    assert not TakeDown.objects.exists()
    page = _add(chos, confirmed="1")
    assert "It is written down." in page
    taken = TakeDown.objects.get()
    assert (taken.asked_by, taken.reason, taken.owners) == (cho, "Letter of 3 May", "lose")
    film.refresh_from_db()
    assert film.watched_until == taken.leaves_at
    assert [entry.object_id for entry in LogEntry.objects.all()] == [str(taken.pk)]
    assert "leaves already, or has left" in _add(chos, confirmed="1")
    assert TakeDown.objects.count() == 1
    assert "has left, or stays anyway" in office.text(office.act(chos, "call_off", taken))


def test_it_is_called_off_until_then_and_read_with_its_numbers(chos: Client, film: Video) -> None:
    later = timezone.localtime(timezone.now() + timedelta(days=9))
    shown = _add(chos, leaves_at=f"{later:%Y-%m-%dT%H:%M}", owners="keep", confirmed="1")
    assert "Own: 1 · rent: 0 · in a collection: 0" in shown
    assert "data-leaves" in office.text(chos.get(office.page(Video, "change", film.pk)))

    assert "Let it stay after all" in shown

    assert "Noon stays." in office.text(office.act(chos, "call_off", TakeDown.objects.get()))

    film.refresh_from_db()
    assert film.sold_until is None
    assert "Called off" in office.text(chos.get(office.page(TakeDown)))
    its_page = office.text(chos.get(office.page(TakeDown, "change", TakeDown.objects.get().pk)))
    assert "Let it stay after all" not in its_page


def test_of_two_at_once_one_is_told_that_it_leaves_already(chos: Client, film: Video) -> None:
    now = timezone.now()

    def faster() -> str:
        return str(taking_down.take_down(film, leaves_at=now, cause="law", owners="keep", reason="x", at=now))

    page, _taken = overtaken(lambda: _add(chos, confirmed="1"), faster, owner=taking_down, name="take_down")

    assert "leaves already, or has left" in page
    assert (TakeDown.objects.count(), LogEntry.objects.count()) == (1, 0)


def test_who_saves_a_film_meanwhile_does_not_bring_it_back(chos: Client, film: Video, tmp_path: Path) -> None:
    now, other = timezone.now(), factories.video("dusk")
    lines = tmp_path / "films.csv"
    lines.write_text("slug,title_en,released_year\ndusk,Dusk,2026\n", "utf-8-sig")

    def leave(video: Video) -> str:
        given: dict[str, Any] = {"cause": "law", "owners": "lose", "reason": "x"}
        return str(taking_down.take_down(video, leaves_at=now, at=now, **given))

    overtaken(
        lambda: office.change(chos, film, may_be_kept=""),
        lambda: leave(film),
        owner=VideoAdmin,
        name="save_model",
    )
    overtaken(
        lambda: str(importing.bring_in(lines, at=now)), lambda: leave(other), owner=importing, name="_set"
    )

    gone = Video.objects.filter(watched_until=now)
    assert set(gone.values_list("slug", "may_be_kept", "released_year")) == {
        ("noon", False, None),
        ("dusk", True, 2026),
    }


@pytest.mark.parametrize(
    "wrong", [{"reason": ""}, {"video": "nothing"}, {"leaves_at": "2020-01-01T00:00"}, {"owners": ""}]
)
def test_without_all_that_is_needed_nothing_happens(chos: Client, film: Video, wrong: dict[str, str]) -> None:
    assert "errorlist" in _add(chos, confirmed="1", **wrong)

    assert not TakeDown.objects.exists()


def test_it_takes_the_right_to(bo: User, film: Video) -> None:
    bos = office.signed_in(bo, "videos.view_takedown", "videos.view_video")

    assert bos.post(office.page(TakeDown, "add"), GIVEN | {"confirmed": "1"}).status_code == 403
    taken = TakeDown.objects.create(
        **{"video": film, "cause": "law", "owners": "keep", "reason": "x"},
        asked_at=timezone.now(),
        leaves_at=timezone.now() + timedelta(days=1),
    )
    office.act(bos, "call_off", taken)

    taken.refresh_from_db()
    assert taken.called_off_at is None
    assert "Have it leave" not in office.text(bos.get(office.page(Video, "change", film.pk)))


def test_the_list_costs_the_same_however_long_it_is(chos: Client, film: Video) -> None:
    costs = []
    for each in (film, *(factories.video() for _ in range(4))):
        TakeDown.objects.create(
            **{"video": each, "cause": "law", "owners": "keep", "reason": "x"},
            asked_at=timezone.now(),
            leaves_at=timezone.now() + timedelta(days=1),
        )
        costs.append(len(office.statements(chos, office.page(TakeDown))))

    assert costs[0] == costs[-1]


def test_an_order_of_a_whole_collection_is_named_there(chos: Client, film: Video, shop: Shop) -> None:
    course = factories.collection(film)
    factories.offer(course)
    buyer = Buyer(shop.url, shop.world)
    buyer.pay(buyer.panel(course.slug, kind="collections")[0].quote)

    page = _add(chos, confirmed="1")

    assert Order.objects.get(offer__collection=course).reference in page

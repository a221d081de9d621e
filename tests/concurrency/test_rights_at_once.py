"""First plays, reports, grants and prices that come together: each has one effect, and none fails."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from accounts.identity import Viewer, give_pass
from tests.buyer import Buyer
from tests.concurrency.player import Player
from tests.concurrency.racing import all_at_once, meeting
from tests.concurrency.stage import Stage
from tests.promises import Broken
from tests.saboteurs.taking_away import no_row_locks
from tests.saboteurs.watching import guards
from videos import entitlements, playback, pricing
from videos.models import Entitlement, Price, ViewerCode, WatchProgress, opening_sql

pytestmark = pytest.mark.django_db(transaction=True)

RENTED = timedelta(hours=48)


def test_without_the_condition_every_first_play_moves_the_end(stage: Stage) -> None:
    right = _rented(stage)
    seen = [Entitlement.objects.get(pk=right.pk), Entitlement.objects.get(pk=right.pk)]

    with guards.any_rental_is_started():
        started = [each.start(at=timezone.now()) for each in seen]

    assert started == [True, True]


def test_two_first_plays_start_a_rental_once(stage: Stage) -> None:
    ada = stage.stranger()
    bought = ada.pay(ada.quote("noon", offer="rent")).json()
    began = timezone.now()
    screens = [ada.watch("noon").json() for _ in range(4)]
    player = Player(stage, screens[-1]["url"])
    tabs = stage.tabs(ada, 4)

    with meeting(Entitlement, "start", parties=8):
        answers = all_at_once(
            *[player.asks] * 4,
            *[
                partial(_say_it_plays, tab, screen["session"])
                for tab, screen in zip(tabs, screens, strict=True)
            ],
        )

    right = Entitlement.objects.get(reference=bought["order"])
    assert answers == ["yes"] * 4 + ["200"] * 4
    assert right.ends_at is not None
    assert began + RENTED <= right.ends_at <= timezone.now() + RENTED


def test_one_of_many_first_plays_starts_the_hours_and_all_hear_the_same_end(stage: Stage) -> None:
    right, now = _rented(stage), timezone.now()
    seen = [Entitlement.objects.get(pk=right.pk) for _ in range(8)]

    started = all_at_once(
        *[partial(each.start, at=now + timedelta(hours=hour)) for hour, each in enumerate(seen)]
    )

    assert sum(started) == 1
    assert len({each.ends_at for each in seen}) == 1
    assert Entitlement.objects.get(pk=right.pk).ends_at == now + timedelta(hours=started.index(True)) + RENTED


def test_the_newest_of_many_reports_is_kept(stage: Stage) -> None:
    ada = stage.stranger()
    player = Player(stage, ada.buy("noon")["playback"]["url"])
    now = timezone.now().replace(microsecond=0)

    answers = all_at_once(
        *[partial(player.reports, second, at=now - timedelta(seconds=20 - second)) for second in range(20)]
    )

    kept = WatchProgress.objects.get()
    assert {answer.status_code for answer in answers} == {200}
    assert (kept.position_seconds, kept.reported_at) == (19, now - timedelta(seconds=1))


def test_first_plays_in_many_tabs_share_one_code(stage: Stage) -> None:
    ada = Viewer(visitor="a" * 32)
    entitlements.grant(stage.offer, user_id=None, reference="once", at=timezone.now())
    give_pass(visitor=ada.visitor, reference="once")

    with meeting(opening_sql, "give_code", parties=8):
        tickets = all_at_once(*[partial(playback.open, ada, "noon", resume=True, at=timezone.now())] * 8)

    assert len({ticket.session for ticket in tickets}) == 8
    assert ViewerCode.objects.count() == 1


def test_a_purchase_granted_eight_times_is_one_right(stage: Stage) -> None:
    grant = partial(entitlements.grant, stage.offer, user_id=None, reference="once", at=timezone.now())

    with meeting(Entitlement, "save", parties=8):
        rights = all_at_once(*[grant] * 8)

    assert {right.pk for right in rights} == {Entitlement.objects.get().pk}


def test_without_the_lock_a_change_of_price_fails(stage: Stage) -> None:
    change = partial(pricing.change, stage.offer, currency="usd", at=timezone.now())
    changes = [partial(change, amount_minor=500), partial(change, amount_minor=600)]

    with no_row_locks(), meeting(pricing, "retire"), pytest.raises(Broken, match="IntegrityError"):
        all_at_once(*changes)


def test_eight_changes_of_price_leave_one_current(stage: Stage) -> None:
    amounts = range(500, 580, 10)

    changed = all_at_once(
        *[
            partial(pricing.change, stage.offer, currency="usd", amount_minor=amount, at=timezone.now())
            for amount in amounts
        ]
    )

    versions = Price.objects.filter(offer=stage.offer, currency="usd")
    assert versions.get(retired_at=None).amount_minor in amounts
    assert {price.amount_minor for price in changed} == set(amounts)


def _rented(stage: Stage) -> Entitlement:
    rent = stage.film.offers.get(kind="rent")
    return entitlements.grant(rent, user_id=None, reference="once", at=timezone.now())


def _say_it_plays(tab: Buyer, session: str) -> str:
    return str(tab.post(f"/api/v1/playback/{session}/start/", {}).status_code)

"""What becomes of a change of plan whose card is refused, whose bank asks, or whose answer is lost."""

import pytest

from billing.books import ledger
from billing.inbox import webhook_inbox
from billing.joining import following, plan_change
from billing.models import Order, Payment
from billing.settling import outcomes
from tests.billing import planner
from tests.billing.club import Club, until
from tests.buyer import Buyer, Json
from tests.concurrency.racing import all_at_once
from tests.conftest import Shop
from tests.moments import later

pytestmark = pytest.mark.django_db(transaction=True)

UPDATE = "POST /v1/subscriptions/{subscription_exposed_id}"


@pytest.fixture
def club(shop: Shop) -> Club:
    return planner.ten_days_a_member(shop)


def test_a_refused_card_leaves_everything_as_it_was(club: Club) -> None:
    planner.use_card("pm_card_chargeCustomerFail")

    answer = planner.press(club, planner.wish(club)).json()

    assert answer["state"] == "refused"
    assert "your plan is as it was" in answer["sentence"]
    planner.assert_nothing_changed(club)
    assert Order.objects.latest("id").state == "canceled"


def test_after_a_refusal_another_card_changes_it(club: Club) -> None:
    planner.use_card("pm_card_chargeCustomerFail")
    planner.press(club, planner.wish(club))
    planner.use_card("pm_card_visa")

    assert planner.press(club, planner.wish(club)).json()["state"] == "paid"

    assert planner.interval(club) == "year"
    assert ledger.check().is_same


class TestTheBanksQuestion:
    @pytest.fixture
    def asked(self, club: Club) -> Json:
        planner.use_card("pm_card_authenticationRequired")
        answer: Json = planner.press(club, planner.wish(club)).json()
        assert answer["state"] == "challenge"
        assert planner.interval(club) == "month"
        return answer

    def test_passed_it_changes_the_plan(self, club: Club, asked: Json) -> None:
        club.world.challenge(asked["challenge_url"], passed=True)

        assert club.buyer.status(asked["order"])["state"] == "paid"
        planner.assert_changed_once(club)

    def test_the_sweep_alone_finds_it_passed(self, club: Club, asked: Json) -> None:
        club.world.challenge(asked["challenge_url"], passed=True)

        outcomes.sweep(at=later(61))
        plan_change.sweep(at=later(61))

        planner.assert_changed_once(club)

    def test_the_membership_alone_tells_of_it(self, club: Club, asked: Json) -> None:
        club.world.challenge(asked["challenge_url"], passed=True)

        club.look()

        planner.assert_changed_once(club)

    def test_failed_nothing_changes(self, club: Club, asked: Json) -> None:
        club.world.challenge(asked["challenge_url"], passed=False)

        answer = club.buyer.status(asked["order"])
        plan_change.sweep(at=later(61))

        assert answer["state"] == "refused"
        assert "your plan is as it was" in answer["sentence"]
        planner.assert_nothing_changed(club)

    def test_turned_away_from_nothing_changes(self, club: Club, asked: Json) -> None:
        answer = club.buyer.another_card(asked["order"])
        plan_change.sweep(at=later(61))

        assert (answer["state"], answer["sentence"]) == (
            "open",
            "Nothing was charged, and your plan is as it was.",
        )
        planner.assert_nothing_changed(club)

    def test_while_it_is_open_a_second_change_is_the_same(self, club: Club, asked: Json) -> None:
        again = planner.press(club, planner.wish(club)).json()

        assert (again["state"], again["order"]) == ("challenge", asked["order"])
        assert len(club.world.objects("invoice")) == 2


def test_the_webhook_alone_settles_it(club: Club, celery_worker: object) -> None:
    planner.use_card("pm_card_authenticationRequired")
    asked = planner.press(club, planner.wish(club)).json()
    club.world.faults(webhooks=None)

    club.world.challenge(asked["challenge_url"], passed=True)

    until(lambda: Order.objects.latest("id").is_paid)
    club.world.settle()
    webhook_inbox.sweep(at=later(60))
    planner.assert_changed_once(club)


@pytest.mark.parametrize("how", ["drop_after", "drop_before"])
def test_a_lost_answer_is_found_out(club: Club, how: str) -> None:
    wish = planner.wish(club)
    club.world.faults(stripe={"fail_next": [{"call": UPDATE, "how": how}]})

    answer = planner.press(club, wish).json()

    assert answer["state"] == "asking"
    following.sweep(at=later(40))
    outcomes.sweep(at=later(61))
    plan_change.sweep(at=later(62))
    outcomes.sweep(at=later(90))
    plan_change.sweep(at=later(91))
    planner.assert_changed_once(club) if how == "drop_after" else planner.assert_nothing_changed(club)


def test_found_out_late_it_is_settled_all_the_same(club: Club) -> None:
    wish = planner.wish(club)
    club.world.faults(stripe={"fail_next": [{"call": UPDATE, "how": "drop_after"}]})
    planner.press(club, wish)
    outcomes.sweep(at=later(61))  # finds no intent and gives the attempt up
    assert Payment.objects.latest("id").state == "refused"

    plan_change.sweep(at=later(62))

    planner.assert_changed_once(club)


def test_pressed_twice_at_once_it_is_charged_once(club: Club) -> None:
    wish = planner.wish(club)
    tabs = [Buyer(club.buyer.url, club.world) for _ in range(3)]
    for tab in tabs:
        tab.http.cookies.update(club.buyer.http.cookies)

    all_at_once(*[lambda tab=tab: planner.press(club, wish, tab) for tab in tabs])
    club.look()

    planner.assert_changed_once(club)

"""A member's card is changed in the page: the new one is charged from then on, the old one is forgotten."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Mail
from billing.buying import selling
from billing.inbox import webhook_inbox
from billing.joining import card_change
from billing.models import (
    CardChange,
    CardOnFile,
    Membership,
    Order,
    PlanChange,
    Selling,
    StripeEvent,
    UnpaidRenewal,
)
from tests import promises
from tests.billing.club import A_MONTH, ALWAYS_ASKS, DECLINED, Club
from tests.billing.payer import MASTERCARD, Changer, on_file
from tests.buyer import Buyer
from tests.conftest import Shop
from tests.moments import later
from tests.saboteurs.rows import fresh

pytestmark = pytest.mark.django_db(transaction=True)

CREATE = "POST /v1/setup_intents"
CHARGE_TO = "POST /v1/subscriptions/{subscription_exposed_id}"
DETACH = "POST /v1/payment_methods/{payment_method}/detach"


@pytest.fixture
def club(shop: Shop) -> Club:
    made = Club(shop)
    made.world.faults(webhooks={"drop": 1000})
    made.member()
    made.look()
    return made


def assert_changed(club: Club, last4: str = "4444") -> None:
    assert on_file(club) == (last4, [last4])
    assert CardOnFile.objects.get().last4 == last4
    assert CardChange.objects.latest("number").state == "succeeded"
    assert Mail.objects.filter(template="membership-card").count() == 1
    assert len(club.world.objects("charge")) == 1, "nothing was charged for it"


def test_the_page_and_the_membership_say_which_card_is_charged(club: Club) -> None:
    order = club.buyer.http.get(club.buyer.url + Order.objects.get().get_absolute_url()).text

    assert "Charged to Visa ···· 4242, good until 12/34." in order
    assert "charged to Visa ···· 4242, good until 12/34" in Changer(club).read()


def test_looking_changes_nothing(club: Club) -> None:
    before = promises.everything()

    Changer(club).read()

    promises.unchanged(before)


def test_another_card_is_charged_from_then_on_and_the_old_one_forgotten(club: Club) -> None:
    told = Changer(club).change()

    assert (told["status"], told["state"]) == (200, "changed")
    assert "Mastercard ···· 4444" in told["receipt_html"]
    assert_changed(club)
    club.pass_time(A_MONTH)
    club.look()
    assert club.world.objects("charge")[-1]["payment_method_details"]["card"]["last4"] == "4444"


def test_the_bank_asks_in_the_page(club: Club) -> None:
    changer = Changer(club)

    asked = changer.change(ALWAYS_ASKS)
    assert (asked["status"], asked["state"]) == (202, "challenge")
    assert on_file(club) == ("4242", ["4242"])
    assert f'open-attempt="{asked["order"]}"' in changer.read(), "a reload finds the question again"
    club.world.challenge(asked["challenge_url"], passed=True)

    assert changer.status()["state"] == "changed"
    assert_changed(club, "3184")


def test_a_failed_question_and_a_decline_change_nothing_and_another_card_does(club: Club) -> None:
    changer = Changer(club)
    club.world.challenge(changer.change(ALWAYS_ASKS)["challenge_url"], passed=False)

    failed, declined = changer.status(), changer.change(DECLINED)
    assert on_file(club) == ("4242", ["4242"])
    changed = changer.change()

    assert [failed["state"], declined["state"], changed["state"]] == ["refused", "refused", "changed"]
    assert "nothing was charged" in failed["sentence"]
    assert_changed(club)


def test_a_question_that_is_left_gives_way(club: Club) -> None:
    changer = Changer(club)
    asked = changer.change(ALWAYS_ASKS)

    assert changer.another_card()["state"] == "open"
    assert changer.change()["state"] == "changed"

    club.world.challenge(asked["challenge_url"], passed=True)
    card_change.sweep(at=later(61))
    assert on_file(club)[0] == "4444"


@pytest.mark.parametrize("how", ["drop_after", "drop_before"])
@pytest.mark.parametrize("call", [CREATE, CHARGE_TO])
def test_a_lost_answer_is_found_out(club: Club, call: str, how: str) -> None:
    changer = Changer(club)
    club.world.faults(stripe={"fail_next": [{"call": call, "how": how}]})

    asked, again = changer.change(), changer.change(DECLINED)
    for seconds in (61, 122):
        card_change.sweep(at=later(seconds))

    assert asked["state"] == "asking"
    assert again["order"] == asked["order"], "the one under way comes first"
    if (call, how) == (CREATE, "drop_before"):
        assert changer.status()["state"] == "refused"
        assert on_file(club) == ("4242", ["4242"])
        changer.change()
    assert_changed(club)


def test_a_lost_answer_to_forgetting_the_old_card_is_made_up_for(club: Club) -> None:
    club.world.faults(stripe={"fail_next": [{"call": DETACH, "how": "drop_after"}]})
    changer = Changer(club)

    assert changer.change()["state"] == "asking"
    card_change.sweep(at=later(21))

    assert_changed(club)


@pytest.mark.parametrize("card", [MASTERCARD, ALWAYS_ASKS])
def test_the_event_finishes_once_what_no_page_is_left_to_ask_about(club: Club, card: str) -> None:
    """The page's answer was lost, or it was closed over the bank's question; later news changes nothing."""
    club.world.faults(stripe={"fail_next": [{"call": CREATE, "how": "drop_after"}]})
    assert Changer(club).change(card)["state"] == "asking"
    if card == ALWAYS_ASKS:
        asked = club.world.objects("setup_intent")[-1]["next_action"]["redirect_to_url"]["url"]
        club.world.challenge(asked, passed=True)

    club.world.faults(webhooks=None)
    for told in club.world.events("setup_intent.succeeded") * 2:
        club.world.resend(told["id"])
    club.world.settle()
    assert webhook_inbox.sweep(at=timezone.now()) == 1

    assert_changed(club, "4444" if card == MASTERCARD else "3184")
    event = StripeEvent.objects.get(type="setup_intent.succeeded")
    assert event.outcome == "succeeded"
    assert webhook_inbox.replay(event, at=timezone.now())
    assert Changer(club).status()["state"] == "changed"
    assert_changed(club, "4444" if card == MASTERCARD else "3184")


def test_an_event_tells_that_the_bank_said_no(club: Club) -> None:
    changer = Changer(club)
    club.world.challenge(changer.change(ALWAYS_ASKS)["challenge_url"], passed=False)

    club.world.faults(webhooks=None)
    club.world.resend(club.world.events("setup_intent.setup_failed")[0]["id"])
    club.world.settle()
    webhook_inbox.sweep(at=timezone.now())

    assert CardChange.objects.get().state == "refused"
    assert on_file(club) == ("4242", ["4242"])


def test_the_same_card_entry_sent_again_is_one_try(club: Club) -> None:
    changer = Changer(club)
    token = club.world.confirmation_token(DECLINED)

    told = [changer.change(token=token)["state"] for _ in range(3)]

    assert told == ["refused"] * 3
    assert CardChange.objects.count() == 1


def test_who_owes_a_renewal_is_offered_to_pay_it(club: Club) -> None:
    club.break_the_card()
    club.pass_time(A_MONTH)
    club.look()
    changer = Changer(club)
    assert "A renewal of $7.90 is not paid" in changer.read()

    told = changer.change()
    address = f"{Order.objects.get().get_absolute_url()}renewal/"
    assert told["state"] == "changed"
    assert f'href="{address}"' in told["receipt_html"]
    paid = club.buyer.post(f"/api/v1{address}payments/", {}).json()

    assert paid["state"] == "paid"
    assert Membership.objects.get().state == "active"
    assert UnpaidRenewal.objects.get().state == "paid"
    assert club.world.objects("charge")[-1]["payment_method_details"]["card"]["last4"] == "4444"


def test_a_payment_under_way_comes_first(club: Club) -> None:
    club.break_the_card()
    club.pass_time(A_MONTH)
    club.look()
    address = f"/api/v1{Order.objects.get().get_absolute_url()}renewal/payments/"
    token = club.world.confirmation_token(ALWAYS_ASKS)
    assert club.buyer.post(address, {"confirmation_token": token}).json()["state"] == "challenge"

    told = Changer(club).change()

    assert (told["status"], told["code"]) == (409, "payment_under_way")
    assert not CardChange.objects.exists()


def test_another_plan_that_is_being_paid_comes_first(club: Club) -> None:
    changer, membership = Changer(club), Membership.objects.get()
    change: PlanChange = fresh(PlanChange)
    change.membership = membership
    change.save()

    told = changer.change()

    assert (told["status"], told["code"]) == (409, "payment_under_way")


def test_what_has_ended_has_no_card_to_change(club: Club) -> None:
    Membership.objects.update(end_wanted_at=later(0))

    told = Changer(club).change()

    assert (told["status"], told["code"]) == (409, "over")
    assert "card-form" not in Changer(club).read()


def test_a_membership_that_ends_meanwhile_is_not_charged_to_the_card(club: Club) -> None:
    changer = Changer(club)
    asked = changer.change(ALWAYS_ASKS)
    club.break_the_card()
    club.pass_time(A_MONTH + timedelta(days=16))
    club.world.challenge(asked["challenge_url"], passed=True)

    told = changer.status()

    assert told["state"] == "ended"
    assert not Mail.objects.filter(template="membership-card").exists()


def test_a_stranger_finds_no_card(club: Club) -> None:
    stranger = Buyer(club.buyer.url, club.world)
    stranger.panel("all-day", kind="collections")
    changer = Changer(club, stranger)

    assert stranger.http.get(stranger.url + changer.page).status_code == 404
    assert changer.change()["status"] == 404
    assert not CardChange.objects.exists()


def test_cards_are_not_tried_without_end(club: Club) -> None:
    changer = Changer(club)

    told = [changer.change(DECLINED)["status"] for _ in range(11)]

    assert told == [200] * 10 + [429]


def test_nothing_is_changed_while_the_shop_is_looked_after(club: Club) -> None:
    switch = selling.switch()
    switch.mode = Selling.Mode.READ_ONLY
    switch.save()

    told = Changer(club).change()

    assert (told["status"], told["code"]) == (503, "read_only")
    assert not CardChange.objects.exists()


def test_stripe_out_of_reach_is_told_and_nothing_is_left_open(club: Club, settings: Any) -> None:
    changer = Changer(club)
    token = club.world.confirmation_token()
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"

    told = changer.change(token=token)

    assert (told["status"], told["code"]) == (503, "unavailable")
    assert not CardChange.objects.undecided().exists()


def test_a_card_named_as_a_payment_method_does_as_well(club: Club) -> None:
    told = Changer(club).change(token=club.world.payment_method(MASTERCARD))

    assert told["state"] == "changed"
    assert_changed(club)

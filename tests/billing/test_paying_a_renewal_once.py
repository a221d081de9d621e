"""A renewal is paid once, whatever is lost, dies, comes twice or is over when the bank has answered."""

from datetime import timedelta

import pytest

from accounts.models import Mail
from billing.books import ledger
from billing.joining import following, recovering
from billing.models import Membership, Order, RenewalPayment
from billing.refunding import refunds
from tests.billing.club import A_MONTH, DECLINED, Club
from tests.billing.payer import PLAIN, Payer, asking, assert_paid_once, charges, owing
from tests.conftest import Shop
from tests.moments import later

pytestmark = pytest.mark.django_db(transaction=True)

CONFIRM = "POST /v1/payment_intents/{intent}/confirm"


@pytest.fixture
def club(shop: Shop) -> Club:
    return owing(shop)


@pytest.fixture
def asking_club(shop: Shop) -> Club:
    return asking(shop)


def test_the_same_card_entry_sent_again_is_one_attempt(club: Club) -> None:
    payer = Payer(club)
    token = club.world.confirmation_token(DECLINED)

    told = [payer.pay(token=token)["state"] for _ in range(3)]

    assert told == ["refused"] * 3
    assert RenewalPayment.objects.count() == 1


@pytest.mark.parametrize("how", ["drop_after", "drop_before"])
@pytest.mark.parametrize("card", ["", PLAIN])
def test_a_lost_answer_is_found_out_and_nothing_is_paid_twice(shop: Shop, how: str, card: str) -> None:
    club = owing(shop)
    if not card:
        club.mend_the_card()
        club.look()
    club.world.faults(stripe={"fail_next": [{"call": CONFIRM, "how": how}]})
    payer = Payer(club)

    asked = payer.pay(card) if card else payer.pay_on_file()
    again = payer.pay(card) if card else payer.pay_on_file()
    recovering.sweep(at=later(61))
    recovering.sweep(at=later(122))

    assert (asked["state"], again["state"]) == ("asking", "paid" if how == "drop_after" else "asking")
    if how == "drop_before":
        assert payer.status()["state"] == "refused"
        assert payer.pay()["state"] == "paid"
    assert_paid_once(club)


def test_a_process_that_dies_after_the_charge_leaves_it_to_the_sweep(club: Club) -> None:
    payer = Payer(club)
    club.world.faults(stripe={"fail_next": [{"call": CONFIRM, "how": "drop_after"}]})
    payer.pay()
    RenewalPayment.objects.update(under_way_until=None, look_after=None)  # nothing could be noted

    recovering.sweep(at=later(21))

    assert_paid_once(club)


def test_stripes_own_retry_pays_while_the_page_is_open(club: Club) -> None:
    payer = Payer(club)
    club.mend_the_card()
    club.pass_time(A_MONTH + timedelta(days=4))

    told = payer.pay()

    assert told["state"] == "paid"
    assert RenewalPayment.objects.get().decline_code == recovering.NOT_OPEN, "it was not sent"
    assert_paid_once(club)


def test_stripes_own_retry_pays_while_the_bank_asks(asking_club: Club) -> None:
    club = asking_club
    payer = Payer(club)
    payer.pay_on_file()
    club.mend_the_card()
    club.pass_time(A_MONTH + timedelta(days=4))

    told = payer.status()

    assert told["state"] == "paid"
    assert_paid_once(club)


def test_who_was_paid_for_sees_so_and_pays_nothing(club: Club) -> None:
    payer = Payer(club)
    payer.pay()

    page, again = payer.open(), payer.pay()

    assert page.status_code == 200
    assert "This renewal is paid" in page.text
    assert "card-form" not in page.text
    assert again["state"] == "paid"
    assert_paid_once(club)


def test_what_has_ended_is_not_paid_for(club: Club) -> None:
    payer = Payer(club)
    club.pass_time(A_MONTH + timedelta(days=16))

    told = payer.pay()

    assert told["state"] == "ended"
    assert "nothing was charged" in told["sentence"]
    assert "This membership has ended" in payer.open().text
    assert len(charges(club)) == 1


def test_a_question_answered_when_it_is_over_is_given_back(asking_club: Club) -> None:
    club = asking_club
    payer = Payer(club)
    asked = payer.pay_on_file()
    club.pass_time(A_MONTH + timedelta(days=16))

    club.world.challenge(asked["challenge_url"], passed=True)
    payer.status()
    club.look()
    refunds.sweep(at=later(21))

    late = Order.objects.latest("id")
    assert len(charges(club)) == 2, "Stripe took it, since the invoice was open"
    assert (Membership.objects.get().state, late.is_refunded) == ("ended", True)
    assert [each["status"] for each in club.world.objects("refund")] == ["succeeded"]
    assert Mail.objects.filter(template="refund").count() == 1
    assert ledger.check().is_same


def test_the_sweep_of_memberships_settles_what_the_page_could_not(club: Club) -> None:
    payer = Payer(club)
    club.world.faults(stripe={"fail_next": [{"call": CONFIRM, "how": "drop_after"}]})
    payer.pay()

    following.sweep(at=later(3700))
    recovering.sweep(at=later(61))

    assert_paid_once(club)

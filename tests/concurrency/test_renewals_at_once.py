"""Many presses of Pay on one unpaid renewal: one attempt at a time, one charge, and a word for each."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from accounts.models import Mail
from billing.books import ledger
from billing.joining import following, recovering, unpaid
from billing.models import Membership, Order, RenewalPayment, UnpaidRenewal
from tests import promises
from tests.billing.club import A_MONTH, Club
from tests.billing.payer import Payer, charges
from tests.buyer import Json
from tests.concurrency.racing import all_at_once, meeting, until
from tests.concurrency.stage import ALWAYS_ASKS, Stage
from tests.moments import later
from tests.saboteurs.taking_away import dropped, no_row_locks

pytestmark = pytest.mark.django_db(transaction=True)

Press = Callable[[], Json]


@pytest.fixture
def club(stage: Stage) -> Club:
    """A member whose renewal was declined; his card on file can be charged again by now."""
    made = Club(stage.shop, first="dawn")
    made.world.faults(webhooks={"drop": 1000})
    made.member()
    made.break_the_card()
    made.pass_time(A_MONTH)
    made.look()
    made.mend_the_card()
    made.look()
    return made


def test_without_its_guards_each_press_is_an_attempt(club: Club) -> None:
    presses = [partial(Payer(club).pay, ALWAYS_ASKS) for _ in range(3)]
    lost = {"call": "POST /v1/payment_intents/{intent}/confirm", "how": "drop_before"}
    club.world.faults(stripe={"fail_next": [lost] * 3})  # else one key would name three calls

    with (
        no_row_locks(),
        dropped(
            RenewalPayment,
            "one_undecided_attempt_per_renewal",
            "renewal_attempts_are_numbered",
            "idempotency_key",
        ),
        meeting(recovering, "_attempts", parties=3, after=True),
    ):
        all_at_once(*presses)
        attempts = RenewalPayment.objects.count()

    assert attempts == 3


def test_twenty_presses_are_one_charge(club: Club) -> None:
    """In twenty browsers: by the mailed link and as the holder, with the card on file and with others."""
    cards = [club.world.confirmation_token() for _ in range(10)]
    by_link = [Payer(club) for _ in range(15)]
    as_holder = [Payer(club, club.another_tab()) for _ in range(5)]
    payers = by_link + as_holder
    presses: list[Press] = [
        partial(payer.pay, token=card) for payer, card in zip(payers, cards, strict=False)
    ]
    presses += [payer.pay_on_file for payer in payers[10:]]

    told = all_at_once(*presses)

    assert {each["state"] for each in told} <= {"paid", "asking"}
    assert all(each["sentence"] for each in told)
    _paid_once(club, by_link[0])


def test_twenty_presses_with_a_card_that_asks_are_one_question(club: Club) -> None:
    payers = [Payer(club) for _ in range(20)]
    cards = [club.world.confirmation_token(ALWAYS_ASKS) for _ in range(20)]

    told = all_at_once(*[partial(payer.pay, token=card) for payer, card in zip(payers, cards, strict=True)])

    assert {each["state"] for each in told} <= {"challenge", "asking"}
    assert RenewalPayment.objects.count() == 1
    club.world.challenge(RenewalPayment.objects.get().challenge_url, passed=True)
    _paid_once(club, payers[0])


def test_the_event_and_the_sweep_mail_one_link(stage: Stage) -> None:
    club = Club(stage.shop, first="dawn")
    club.world.faults(webhooks={"drop": 1000})
    club.member()
    club.break_the_card()
    club.pass_time(A_MONTH)

    with meeting(unpaid, "ask", parties=4, after=True):
        all_at_once(*[club.look] * 4)

    assert UnpaidRenewal.objects.count() == Mail.objects.filter(template="membership-unpaid").count() == 1
    assert Payer(club).open().status_code == 200, "the mail's link is the one that is kept"


def test_page_sweeps_and_stripes_retry_come_at_once(club: Club) -> None:
    """The page asks, both sweeps look and Pay is pressed again, while Stripe's own retry falls due."""
    payer = Payer(club)
    asked = payer.pay(ALWAYS_ASKS)
    club.world.challenge(asked["challenge_url"], passed=True)
    membership = Membership.objects.get()

    def _retried() -> Json:
        club.pass_time(A_MONTH + timedelta(days=4))
        return {}

    all_at_once(
        payer.status,
        payer.pay_on_file,
        Payer(club).status,
        lambda: {"swept": recovering.sweep(at=later(61))},
        lambda: {"swept": following.sweep(at=later(3700))},
        lambda: {"looked": following.look(membership, at=later(2)).state},
        _retried,
    )

    _paid_once(club, payer)


def _paid_once(club: Club, payer: Payer) -> None:
    until(lambda: payer.status()["state"] == "paid")  # the page asks until it knows, and so do we
    recovering.sweep(at=later(61))
    assert len(charges(club)) == 2, "the first month and the renewal"
    assert UnpaidRenewal.objects.get().state == "paid"
    assert Membership.objects.get().state == "active"
    assert Order.objects.count() == Mail.objects.filter(template="receipt").count() == 2
    assert not RenewalPayment.objects.undecided().exists()
    promises.receipts_run_on()
    assert ledger.check().is_same

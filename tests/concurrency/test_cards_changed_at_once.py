"""Many cards for one membership at one instant: one try at a time, one card on file, and none lost."""

from functools import partial

import pytest

from billing.joining import card_change
from billing.models import CardChange, CardOnFile
from tests.billing.club import Club
from tests.billing.payer import Changer, on_file
from tests.concurrency.racing import all_at_once, meeting
from tests.concurrency.stage import ALWAYS_ASKS, Stage
from tests.moments import later
from tests.saboteurs.taking_away import dropped, no_row_locks

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def club(stage: Stage) -> Club:
    made = Club(stage.shop, first="dawn")
    made.world.faults(webhooks={"drop": 1000})
    made.member()
    made.look()
    return made


def test_without_its_guards_each_press_is_a_try(club: Club) -> None:
    presses = [partial(Changer(club, club.another_tab()).change, ALWAYS_ASKS) for _ in range(3)]
    lost = {"call": "POST /v1/setup_intents", "how": "drop_before"}
    club.world.faults(stripe={"fail_next": [lost] * 3})  # else one key would name three calls

    with (
        no_row_locks(),
        dropped(CardChange, "one_undecided_card_change", "card_changes_are_numbered", "idempotency_key"),
        meeting(card_change, "_tries", parties=3, after=True),
    ):
        all_at_once(*presses)
        tries = CardChange.objects.count()

    assert tries == 3


def test_twenty_cards_at_once_leave_one_on_file(club: Club) -> None:
    cards = [club.world.confirmation_token() for _ in range(20)]
    tabs = [Changer(club, club.another_tab()) for _ in range(20)]

    told = all_at_once(*[partial(tab.change, token=card) for tab, card in zip(tabs, cards, strict=True)])
    card_change.sweep(at=later(61))

    assert {each["state"] for each in told} <= {"changed", "asking"}
    assert not CardChange.objects.undecided().exists()
    assert on_file(club) == ("4242", ["4242"])
    charged = club.world.objects("subscription")[0]["default_payment_method"]
    assert CardOnFile.objects.get().payment_method_id == charged
    assert len(club.world.objects("charge")) == 1

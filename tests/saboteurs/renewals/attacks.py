"""Attacks on paying a renewal and on its card: old links, what is over, crossing cards, cards without end."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from billing.models import CardChange, Order, RenewalPayment, UnpaidRenewal
from billing.refunding import refunds
from tests import promises
from tests.billing.club import A_MONTH, Club
from tests.billing.payer import Changer, Payer, charges, on_file
from tests.concurrency.stage import ALWAYS_ASKS, DECLINED, Stage
from tests.moments import later


def an_old_link_is_opened(stage: Stage) -> None:
    payer = Payer(_club(stage))
    UnpaidRenewal.objects.update(link_until=timezone.now())

    promises.refused(payer.open(), 404)


def anothers_link_is_opened(stage: Stage) -> None:
    """Somebody who is signed in opens the link to the membership of another account."""
    payer = Payer(_club(stage))
    Order.objects.update(user=User.objects.create_user("ada@example.com"))
    User.objects.create_user("bo@example.com")
    payer.buyer.sign_in("bo@example.com")

    promises.refused(payer.open(), 403)


def what_is_over_is_paid_for(stage: Stage) -> None:
    """Stripe has ended the membership, and still takes money for its open invoice."""
    club = _club(stage)
    payer = Payer(club)
    club.pass_time(A_MONTH + timedelta(days=16))

    payer.pay()

    promises.keep(len(charges(club)) == 1, "money was taken for what is over")


def a_question_is_answered_too_late(stage: Stage) -> None:
    """His bank asks at each payment, and Stripe gives up while its question is open."""
    club = _club(stage, card=ALWAYS_ASKS)
    asked = Payer(club).pay_on_file()
    club.pass_time(A_MONTH + timedelta(days=16))
    club.world.challenge(asked["challenge_url"], passed=True)

    club.look()
    refunds.sweep(at=later(21))

    promises.keep(Order.objects.latest("id").is_refunded, "money for what is over was kept")


def cards_are_tried_on_a_renewal(stage: Stage) -> None:
    payer = Payer(_club(stage))

    for _ in range(12):
        payer.pay(DECLINED)

    promises.keep(RenewalPayment.objects.count() <= 10, "cards were tried without end")


def a_card_is_changed_while_it_pays(stage: Stage) -> None:
    """The bank asks about the card on file; while it does, another takes its place."""
    club = _club(stage, card=ALWAYS_ASKS)
    asked = Payer(club).pay_on_file()

    told = Changer(club).change()
    club.world.challenge(asked["challenge_url"], passed=True)
    club.look()

    was_changed = told.get("state") == "changed"
    promises.keep(not was_changed or on_file(club)[0] == "4444", "another card is charged than was said")


def cards_are_tried_on_a_membership(stage: Stage) -> None:
    changer = Changer(_club(stage))

    for _ in range(12):
        changer.change(DECLINED)

    promises.keep(CardChange.objects.count() <= 10, "cards were tried without end")


def _club(stage: Stage, *, card: str = "") -> Club:
    """A member whose renewal was declined, or who is asked for by the bank; no event told anybody."""
    club = Club(stage.shop, first="dawn")
    club.world.faults(webhooks={"drop": 1000})
    if card:
        asked = club.join(card=card)
        club.world.challenge(asked["challenge_url"], passed=True)
        club.buyer.status(asked["order"])
    else:
        club.member()
        club.break_the_card()
    club.pass_time(A_MONTH)
    club.look()
    return club

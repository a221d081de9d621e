"""A renewal that failed is paid in our own page: by the mailed link or the membership's page, and once."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Mail
from billing.buying import selling
from billing.joining import recovering
from billing.models import CardOnFile, Order, RenewalPayment, Selling, UnpaidRenewal
from tests import promises
from tests.billing.club import A_MONTH, ALWAYS_ASKS, DECLINED, Club
from tests.billing.payer import Payer, asking, assert_paid_once, charges, link, owing
from tests.buyer import Buyer
from tests.conftest import Shop
from tests.moments import later

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def club(shop: Shop) -> Club:
    return owing(shop)


@pytest.fixture
def asking_club(shop: Shop) -> Club:
    return asking(shop)


def test_the_mail_holds_a_link_that_tells_nothing_of_anybody(club: Club) -> None:
    path = link()

    assert re.fullmatch(r"/renewals/[\w-]{43}/", path)
    assert not UnpaidRenewal.objects.filter(token_hash__contains=path.split("/")[2][:20]).exists()


def test_looking_changes_nothing_however_often(club: Club) -> None:
    before = promises.everything()

    for _ in range(3):
        page = Payer(club).open()

    assert page.status_code == 200
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "The renewal of $7.90" in page.text
    assert "ada@example.com" not in page.text
    promises.unchanged(before)


def test_another_card_pays_and_is_charged_from_now_on(club: Club) -> None:
    payer = Payer(club)

    told = payer.pay()

    assert (told["status"], told["state"]) == (200, "paid")
    assert "goes on" in told["sentence"]
    assert "Visa ···· 4242" in told["receipt_html"]
    assert_paid_once(club)
    club.pass_time(2 * A_MONTH)
    club.look()
    assert Order.objects.count() == 3, "the next one renews by itself"
    assert Mail.objects.filter(template="membership-unpaid").count() == 1


def test_the_card_on_file_pays_once_its_owner_answers_the_bank(asking_club: Club) -> None:
    club = asking_club
    payer = Payer(club)
    assert "Your bank wants to know" in payer.open().text

    asked = payer.pay_on_file()
    assert (asked["status"], asked["state"]) == (202, "challenge")
    assert club.world.objects("payment_intent")[-1]["next_action"]["type"] == "redirect_to_url"
    club.world.challenge(asked["challenge_url"], passed=True)

    assert payer.status()["state"] == "paid"
    assert_paid_once(club)


def test_a_bank_that_declines_while_alone_is_asked_with_the_owner_there(shop: Shop) -> None:
    shop.world.configure(renewal_authentication="declined")
    club = Club(shop)
    club.world.faults(webhooks={"drop": 1000})
    club.world.challenge(club.join(card=ALWAYS_ASKS)["challenge_url"], passed=True)
    club.look()
    club.pass_time(A_MONTH)
    club.look()
    payer = Payer(club)

    asked = payer.pay_on_file()
    club.world.challenge(asked["challenge_url"], passed=True)

    assert payer.status()["state"] == "paid"
    assert_paid_once(club)


def test_a_failed_question_and_a_decline_charge_nothing_and_another_card_pays(asking_club: Club) -> None:
    club = asking_club
    payer = Payer(club)
    club.world.challenge(payer.pay_on_file()["challenge_url"], passed=False)

    failed = payer.status()
    declined = payer.pay(DECLINED)
    paid = payer.pay()

    assert [failed["state"], declined["state"], paid["state"]] == ["refused", "refused", "paid"]
    assert "nothing was charged" in failed["sentence"]
    assert "nothing was charged" in declined["sentence"]
    assert_paid_once(club)


def test_a_question_that_is_left_gives_way_and_may_still_be_answered(asking_club: Club) -> None:
    club = asking_club
    payer = Payer(club)
    asked = payer.pay_on_file()

    assert payer.another_card()["state"] == "open"
    club.world.challenge(asked["challenge_url"], passed=True)
    assert recovering.sweep(at=later(61)) == 1

    assert_paid_once(club)


def test_an_old_link_and_one_that_never_was_are_told_so(club: Club) -> None:
    payer = Payer(club)
    UnpaidRenewal.objects.update(link_until=timezone.now())

    old, never = payer.open(), payer.buyer.http.get(f"{club.buyer.url}/renewals/{'x' * 43}/")

    assert old.status_code == never.status_code == 404
    assert "not good any more" in old.text
    assert (payer.pay()["status"], payer.pay()["code"]) == (404, "link_expired")
    assert len(charges(club)) == 1


def test_a_link_is_not_for_who_is_signed_in_as_another(club: Club, ada: Any, bo: Any) -> None:
    Order.objects.update(user=ada)
    strange = Buyer(club.buyer.url, club.world)
    strange.sign_in("bo@example.com")
    payer = Payer(club, strange)

    page, told = payer.open(), payer.pay()

    assert page.status_code == 403
    assert "belongs to another account" in page.text
    assert "$7.90" not in page.text
    assert (told["status"], told["code"]) == (403, "link_of_another")
    assert len(charges(club)) == 1


def test_the_holder_of_the_pass_pays_from_the_memberships_page(club: Club) -> None:
    order = Order.objects.get()
    address = f"{order.get_absolute_url()}renewal/"
    assert address in club.buyer.http.get(club.buyer.url + order.get_absolute_url()).text
    assert club.buyer.http.get(club.buyer.url + address).status_code == 200

    token = club.world.confirmation_token()
    told = club.buyer.post(f"/api/v1{address}payments/", {"confirmation_token": token}).json()

    assert told["state"] == "paid"
    assert_paid_once(club)


def test_a_stranger_finds_no_renewal(club: Club) -> None:
    stranger = Buyer(club.buyer.url, club.world)
    stranger.panel("all-day", kind="collections")
    address = f"{Order.objects.get().get_absolute_url()}renewal/"

    assert stranger.http.get(stranger.url + address).status_code == 404
    assert stranger.post(f"/api/v1{address}payments/", {}).status_code == 404
    assert len(charges(club)) == 1


def test_cards_are_not_tried_on_it_without_end(club: Club) -> None:
    payer = Payer(club)

    told = [payer.pay(DECLINED)["status"] for _ in range(11)]

    assert told == [200] * 10 + [429]
    assert payer.pay()["code"] == "too_many"


def test_nothing_is_charged_while_the_shop_is_looked_after(club: Club) -> None:
    payer = Payer(club)
    switch = selling.switch()
    switch.mode = Selling.Mode.READ_ONLY
    switch.save()

    told = payer.pay()

    assert (told["status"], told["code"]) == (503, "read_only")
    assert len(charges(club)) == 1


def test_stripe_out_of_reach_is_told_and_nothing_is_left_open(club: Club, settings: Any) -> None:
    payer = Payer(club)
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"

    told = payer.pay()

    assert (told["status"], told["code"]) == (503, "unavailable")
    assert not RenewalPayment.objects.undecided().exists()


def test_the_face_of_the_card_goes_with_the_membership(club: Club) -> None:
    assert str(CardOnFile.objects.get()) == "Visa ···· 0341"

    club.pass_time(A_MONTH + timedelta(days=16))
    club.look()

    assert not CardOnFile.objects.exists()

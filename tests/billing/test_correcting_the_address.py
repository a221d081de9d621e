"""A mistyped address is put right from the order's page by who paid, and by nobody else."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import mailing, proving, undelivered
from accounts.models import Mail, Undeliverable
from billing import order_history
from billing.addressing import corrections
from billing.models import Order
from billing.owning import ownership
from billing.receipts import mailed_links
from billing.refunding import second_purchases
from tests import factories
from tests.billing.club import A_MONTH, Club
from tests.buyer import Buyer
from tests.conftest import Shop

pytestmark = pytest.mark.django_db(transaction=True)

WRONG, RIGHT = "ada@gmial.com", "ada@gmail.com"


@pytest.fixture
def buyer(shop: Shop) -> Buyer:
    """Ada, who has bought with a slip in her address."""
    factories.film_on_sale("noon")
    ada = Buyer(shop.url, shop.world)
    answer = ada.pay(ada.quote("noon"), email=WRONG).json()
    assert answer["state"] == "paid"
    return ada


@pytest.fixture
def order(buyer: Buyer) -> Order:
    return Order.objects.get()


def _send(buyer: Buyer, order: Order, email: str) -> int:
    address = f"{buyer.url}/orders/{order.reference}/address/"
    form = {"csrfmiddlewaretoken": buyer.http.cookies.get("csrftoken", ""), "email": email}
    answer = buyer.http.post(address, data=form, headers={"Referer": buyer.url}, timeout=20)
    order.refresh_from_db()
    return answer.status_code


def test_the_receipt_is_sent_anew_and_the_old_link_is_dead(buyer: Buyer, order: Order) -> None:
    mailing.send_waiting(at=timezone.now())
    old = mailed_links.link_to(order)

    assert _send(buyer, order, RIGHT) == 200
    mailing.send_waiting(at=timezone.now())

    assert order.email == RIGHT
    new = mailed_links.link_to(order)
    mails = buyer.world.sandbox.mail(RIGHT)
    assert new in mails[-1]["text"]
    assert Buyer(buyer.url, buyer.world).http.get(new, timeout=20).status_code == 200
    assert buyer.http.get(old, timeout=20).status_code == 404
    told = buyer.world.sandbox.mail(WRONG)[-1]
    assert told["subject"] == "A receipt came to you by mistake"
    assert order.reference not in told["text"]


def test_the_office_sees_where_mail_went_before(buyer: Buyer, order: Order) -> None:
    mailing.send_waiting(at=timezone.now())
    _send(buyer, order, RIGHT)

    told = {(moment.what, moment.detail) for moment in order_history.tell(order)}

    assert ("Mail sent: receipt", WRONG) in told
    assert ("Mail waits: receipt", RIGHT) in told
    assert ("Mail waits: address-corrected", WRONG) in told


def test_who_never_got_mail_is_told_nothing_and_what_waits_goes_to_the_right_one(
    buyer: Buyer, order: Order
) -> None:
    _send(buyer, order, RIGHT)

    mail = Mail.objects.get()
    assert (mail.to, mail.cause) == (RIGHT, f"receipt:{order.reference}")
    assert mail.context["receipt_url"] == mailed_links.link_to(order)


def test_a_mail_that_was_given_up_goes_out_to_the_right_address(buyer: Buyer, order: Order) -> None:
    now = timezone.now()
    Mail.objects.update(attempts=1, given_up_at=now, claimed_until=now + timedelta(hours=1), error="no")
    undelivered.note(WRONG, told=Undeliverable.Told.REFUSED, code="550 5.1.1", at=now)
    page = buyer.http.get(f"{buyer.url}/orders/{order.reference}/", timeout=20).text
    assert "Mail to a…@gmial.com comes back" in page

    _send(buyer, order, RIGHT)

    assert mailing.send_waiting(at=timezone.now()) == 1
    assert buyer.world.sandbox.mail(RIGHT)
    page = buyer.http.get(f"{buyer.url}/orders/{order.reference}/", timeout=20).text
    assert "comes back" not in page


def test_a_stranger_cannot_use_it(buyer: Buyer, order: Order) -> None:
    stranger = Buyer(buyer.url, buyer.world)
    stranger.http.get(f"{buyer.url}/account/sign-in/", timeout=20)

    assert _send(stranger, order, "eve@example.com") == 404

    assert (order.email, order.email_corrections) == (WRONG, 0)


def test_who_only_has_the_receipt_cannot_use_it(buyer: Buyer, order: Order) -> None:
    reader = Buyer(buyer.url, buyer.world)
    page = reader.http.get(mailed_links.link_to(order), timeout=20).text

    assert "/address/" not in page
    assert _send(reader, order, "eve@example.com") in {403, 404}
    assert order.email == WRONG


def test_it_ends_when_the_address_is_proved(buyer: Buyer, order: Order) -> None:
    ownership.claim(proving.prove(WRONG), visitor="")

    assert _send(buyer, order, RIGHT) == 400

    assert order.email == WRONG
    assert "That address is wrong" not in buyer.http.get(f"{buyer.url}/orders/{order.reference}/").text


def test_whoever_proves_the_right_one_owns_it_and_of_the_wrong_one_does_not(
    buyer: Buyer, order: Order
) -> None:
    _send(buyer, order, RIGHT)

    ownership.claim(proving.prove(WRONG), visitor="")
    assert not Order.objects.filter(user__isnull=False).exists()

    ownership.claim(proving.prove(RIGHT), visitor="")
    assert Order.objects.get(user__email=RIGHT) == order


def test_the_same_again_changes_nothing(buyer: Buyer, order: Order) -> None:
    for _ in range(3):
        assert _send(buyer, order, f" {RIGHT.upper()} ") == 200

    assert order.email_corrections == 1
    assert Mail.objects.count() == 1


def test_five_times_are_enough(buyer: Buyer, order: Order) -> None:
    said = [_send(buyer, order, f"{number}@example.com") for number in range(6)]

    assert said == [200] * 5 + [400]
    assert order.email == "4@example.com"
    with pytest.raises(IntegrityError, match="order_address_is_corrected_a_few_times"):
        Order.objects.update(email_corrections=6)


def test_what_is_no_address_is_said_beside_the_field(buyer: Buyer, order: Order) -> None:
    assert _send(buyer, order, "ada@") == 400
    assert order.email == WRONG


def test_it_brings_no_money_back_for_what_the_chosen_address_has(buyer: Buyer, order: Order) -> None:
    """Or else one would watch, name a friend's address that has the film too, and be given all of it back."""
    friend = Buyer(buyer.url, buyer.world)
    Order.objects.update(paid_at=timezone.now() + timedelta(seconds=5))
    friend.pay(friend.quote("noon"), email=RIGHT)
    Order.objects.filter(email=RIGHT).update(paid_at=timezone.now() - timedelta(hours=1))

    _send(buyer, order, RIGHT)

    assert second_purchases.give_back(at=timezone.now()) == 0


def test_a_known_address_is_answered_as_any_other(buyer: Buyer, order: Order) -> None:
    proving.prove("known@example.com")
    statements = []
    for email in ("known@example.com", "nobody@example.com"):
        order.refresh_from_db()
        with CaptureQueriesContext(connection) as seen:
            corrections.correct(order, email=email, at=timezone.now())
        statements.append([re.sub(r"'[^']*'|\d+", "?", each["sql"]) for each in seen.captured_queries])

    assert statements[0] == statements[1]
    assert not any("accounts_user" in sql for sql in statements[0])


def test_a_slip_is_offered_to_be_put_right_with_one_press(buyer: Buyer, order: Order) -> None:
    page = buyer.http.get(f"{buyer.url}/orders/{order.reference}/", timeout=20).text
    receipt = buyer.status(order.reference)["receipt_html"]

    for shown in (page, receipt):
        assert f"Did you mean {RIGHT}?" in shown
    assert f'name="email" value="{RIGHT}"' in page


def test_all_orders_of_a_membership_go_along(shop: Shop) -> None:
    club = Club(shop)
    club.world.faults(webhooks={"drop": 1000})
    club.member()
    club.pass_time(A_MONTH)
    club.look()
    first, renewal = Order.objects.order_by("id")

    corrections.correct(renewal, email=RIGHT, at=timezone.now())

    assert set(Order.objects.values_list("email", "email_corrections")) == {(RIGHT, 1)}
    assert {mail.to for mail in Mail.objects.filter(template="receipt")} == {RIGHT}
    renewed = Mail.objects.get(cause=f"receipt:{renewal.reference}")
    assert (first.pk != renewal.pk, renewed.context["is_renewal"]) == (True, "yes")

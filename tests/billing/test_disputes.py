"""Disputes over real HTTP, with the sandbox as Stripe and bank: what they do to money, film and refunds."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Mail, User
from billing.books import balance
from billing.models import Dispute, LedgerEntry, Order, Refund
from billing.refunding import refunds
from tests import factories, office
from tests.billing.bank import DISPUTES, hear, raise_dispute
from tests.buyer import Buyer
from tests.conftest import Shop
from tests.refunding import give_back
from videos.models import Entitlement

pytestmark = pytest.mark.django_db(transaction=True)

INQUIRES = "4000000000001976"


def _page(buyer: Buyer, order: Order) -> str:
    return str(buyer.http.get(f"{buyer.url}{order.get_absolute_url()}", timeout=40).text)


def test_a_dispute_suspends_the_film_and_says_so(buyer: Buyer, order: Order) -> None:
    dispute_id = raise_dispute(buyer, order)

    dispute = Dispute.objects.get()
    assert (dispute.dispute_id, dispute.order, dispute.state) == (dispute_id, order, "needs_response")
    assert (dispute.amount_minor, dispute.currency, dispute.reason) == (790, "usd", "fraudulent")
    assert dispute.due_by
    assert dispute.due_by > timezone.now() + timedelta(days=8)
    assert buyer.watch("noon").status_code == 404
    assert Entitlement.objects.get().revoked_because == "dispute"
    page = _page(buyer, order)
    assert "Your bank has taken the $7.90 back" in page
    assert "Watch it" not in page
    assert sorted(Mail.objects.exclude(template="receipt").values_list("template", "to")) == [
        ("dispute", order.email),
        ("dispute-office", "help@localhost"),
    ]


def test_the_status_has_a_word_for_it_in_each_language(buyer: Buyer, order: Order) -> None:
    dispute_id = raise_dispute(buyer, order)

    told = buyer.status(order.reference)
    assert (told["state"], told["playback"], told["receipt_html"]) == ("disputed", None, "")
    assert told["sentence"].startswith("Your bank has taken the $7.90 back")
    korean = buyer.http.get(f"{buyer.url}/ko/api/v1/orders/{order.reference}/", timeout=40).json()
    assert korean["state"] == "disputed"
    assert "은행" in korean["sentence"]

    buyer.world.win_dispute(dispute_id)
    hear(buyer)
    assert buyer.status(order.reference)["state"] == "paid"


def test_a_won_dispute_brings_the_film_back(buyer: Buyer, order: Order) -> None:
    dispute_id = raise_dispute(buyer, order)
    buyer.world.win_dispute(dispute_id)
    hear(buyer)

    assert (Dispute.objects.get().state, Dispute.objects.get().look_after) == ("won", None)
    assert buyer.watch("noon").status_code == 200
    assert "let it stand" in _page(buyer, order)
    mail = Mail.objects.get(template="dispute-ended")
    assert (mail.context["is_won"], mail.context["may_watch"]) == (True, True)


def test_a_lost_dispute_ends_the_film(buyer: Buyer, order: Order) -> None:
    buyer.world.lose_dispute(raise_dispute(buyer, order))
    hear(buyer)

    assert Dispute.objects.get().state == "lost"
    assert buyer.watch("noon").status_code == 404
    page = _page(buyer, order)
    assert "gave the $7.90 back to the card" in page
    assert "<refund-request" not in page


def test_won_and_lost_are_booked(buyer: Buyer, order: Order) -> None:
    dispute_id = raise_dispute(buyer, order)
    balance.fetch(at=timezone.now())
    taken = sum(LedgerEntry.objects.filter(account="disputes").values_list("amount_minor", flat=True))

    buyer.world.win_dispute(dispute_id)
    balance.fetch(at=timezone.now())

    assert taken == 790
    assert sum(LedgerEntry.objects.filter(account="disputes").values_list("amount_minor", flat=True)) == 0


def test_the_film_stays_while_the_shop_says_keep(buyer: Buyer, order: Order, settings: Any) -> None:
    settings.DISPUTE_ACCESS = "keep"
    dispute_id = raise_dispute(buyer, order)

    assert buyer.watch("noon").status_code == 200
    assert "You can go on watching until it decides." in _page(buyer, order)
    buyer.world.lose_dispute(dispute_id)
    hear(buyer)
    assert buyer.watch("noon").status_code == 404


def test_an_inquiry_takes_nothing_until_it_escalates(buyer: Buyer, order: Order) -> None:
    dispute_id = raise_dispute(buyer, order, inquiry=True)
    assert Dispute.objects.get().state == "warning_needs_response"
    assert buyer.watch("noon").status_code == 200
    assert "Your bank asks us about this payment" in _page(buyer, order)
    assert not Mail.objects.filter(template="dispute").exists()

    buyer.world.escalate_dispute(dispute_id)
    hear(buyer)

    assert Dispute.objects.get().state == "needs_response"
    assert buyer.watch("noon").status_code == 404
    assert Mail.objects.filter(template="dispute-office").count() == 2


def test_a_refunded_order_stays_closed_when_the_dispute_is_won(buyer: Buyer, order: Order) -> None:
    give_back(order, 300, ends_access=True)
    buyer.world.win_dispute(raise_dispute(buyer, order))
    hear(buyer)

    assert Dispute.objects.get().state == "won"
    assert buyer.watch("noon").status_code == 404


def test_a_refund_that_fails_does_not_open_what_a_dispute_holds(buyer: Buyer, order: Order) -> None:
    refund = give_back(order, 300, ends_access=True)
    raise_dispute(buyer, order)

    buyer.world.fail_refund(refund.refund_id or "")
    hear(buyer)
    assert Refund.objects.get().state == "failed"
    assert buyer.watch("noon").status_code == 404
    assert Mail.objects.get(template="refund-failed").context["ends_access"]

    buyer.world.win_dispute(Dispute.objects.get().dispute_id)
    hear(buyer)
    assert buyer.watch("noon").status_code == 200


def test_nothing_is_given_back_while_the_bank_has_the_money(buyer: Buyer, order: Order) -> None:
    dispute_id = raise_dispute(buyer, order)

    with pytest.raises(refunds.Disputed):
        give_back(order)
    assert "Your bank is looking into this payment at your request" in _page(buyer, order)
    asked = {"reason": "changed_mind", "shown": 0}
    answer = buyer.post(f"/api/v1/orders/{order.reference}/refunds/", asked)
    assert answer.json()["state"] == "asked"
    assert not Refund.objects.exists()
    assert Order.objects.get().refunded_minor == 0

    buyer.world.win_dispute(dispute_id)
    hear(buyer)
    assert give_back(order).state == "succeeded"


def test_staff_who_had_the_form_open_are_told(buyer: Buyer, order: Order, cho: User) -> None:
    raise_dispute(buyer, order)

    form = {"amount": "7.90", "reason": "other", "note": "He asked.", "after": "0"}
    page = office.text(office.act(office.signed_in(cho), "refund", order, **form))

    assert "A bank holds this money" in page
    assert not Refund.objects.exists()


def test_an_inquiry_is_ended_by_a_refund(buyer: Buyer, order: Order) -> None:
    raise_dispute(buyer, order, inquiry=True)

    assert give_back(order).state == "succeeded"
    hear(buyer)

    assert Dispute.objects.get().state == "warning_closed"
    assert buyer.watch("noon").status_code == 404


@pytest.mark.parametrize(
    ("card", "state"), [(DISPUTES, "needs_response"), (INQUIRES, "warning_needs_response")]
)
def test_a_card_that_disputes_at_once(buyer: Buyer, card: str, state: str) -> None:
    assert buyer.buy("noon", card=card)["state"] == "paid"

    hear(buyer)

    assert Dispute.objects.get().state == state


def test_a_strangers_dispute_touches_his_order_alone(buyer: Buyer, order: Order, shop: Shop) -> None:
    """He typed Ada's address."""
    stranger = Buyer(shop.url, shop.world)
    factories.film_on_sale("dusk")
    reference = stranger.buy("dusk")["order"]
    raise_dispute(stranger, Order.objects.get(reference=reference))

    assert stranger.watch("dusk").status_code == 404
    assert buyer.watch("noon").status_code == 200
    assert "Your bank" not in _page(buyer, order)
    assert stranger.http.get(f"{buyer.url}{order.get_absolute_url()}", timeout=40).status_code == 404

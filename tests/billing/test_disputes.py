"""Disputes over real HTTP, with the sandbox as Stripe and bank: what they do to money, film and refunds."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Mail, User
from billing import tasks
from billing.books import balance
from billing.disputing import dispute_outcomes
from billing.inbox import webhook_inbox
from billing.models import Dispute, LedgerEntry, Order, Refund, StripeEvent
from billing.reconciling import reconciliation
from billing.refunding import refunds
from billing.stripe import stripe_disputes
from billing.stripe.intents import StripeUnavailable
from tests import factories, office
from tests.buyer import Buyer
from tests.concurrency.racing import all_at_once
from tests.conftest import Shop
from tests.refunding import give_back, later
from videos.models import Entitlement

pytestmark = pytest.mark.django_db(transaction=True)

DISPUTES = "4000000000000259"
INQUIRES = "4000000000001976"


@pytest.fixture
def buyer(shop: Shop) -> Buyer:
    factories.film_on_sale("noon")
    return Buyer(shop.url, shop.world)


@pytest.fixture
def order(buyer: Buyer) -> Order:
    """Ada's paid order."""
    buyer.buy("noon")
    return Order.objects.get()


def _dispute(buyer: Buyer, order: Order, **given: Any) -> str:
    """Let the bank dispute an order's charge, and the shop hear of it; returns the dispute's id."""
    told = buyer.world.dispute(order.payments.get(state="succeeded").charge_id, **given)
    _hear(buyer)
    return str(told["id"])


def _hear(buyer: Buyer) -> None:
    buyer.world.settle()
    tasks.sweep()


def _page(buyer: Buyer, order: Order) -> str:
    return str(buyer.http.get(f"{buyer.url}{order.get_absolute_url()}", timeout=40).text)


def test_a_dispute_suspends_the_film_and_says_so(buyer: Buyer, order: Order) -> None:
    dispute_id = _dispute(buyer, order)

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
    dispute_id = _dispute(buyer, order)

    told = buyer.status(order.reference)
    assert (told["state"], told["playback"], told["receipt_html"]) == ("disputed", None, "")
    assert told["sentence"].startswith("Your bank has taken the $7.90 back")
    korean = buyer.http.get(f"{buyer.url}/ko/api/v1/orders/{order.reference}/", timeout=40).json()
    assert korean["state"] == "disputed"
    assert "은행" in korean["sentence"]

    buyer.world.win_dispute(dispute_id)
    _hear(buyer)
    assert buyer.status(order.reference)["state"] == "paid"


def test_a_won_dispute_brings_the_film_back(buyer: Buyer, order: Order) -> None:
    dispute_id = _dispute(buyer, order)
    buyer.world.win_dispute(dispute_id)
    _hear(buyer)

    assert (Dispute.objects.get().state, Dispute.objects.get().look_after) == ("won", None)
    assert buyer.watch("noon").status_code == 200
    assert "let it stand" in _page(buyer, order)
    mail = Mail.objects.get(template="dispute-ended")
    assert (mail.context["is_won"], mail.context["may_watch"]) == (True, True)


def test_a_lost_dispute_ends_the_film(buyer: Buyer, order: Order) -> None:
    buyer.world.lose_dispute(_dispute(buyer, order))
    _hear(buyer)

    assert Dispute.objects.get().state == "lost"
    assert buyer.watch("noon").status_code == 404
    page = _page(buyer, order)
    assert "gave the $7.90 back to the card" in page
    assert "<refund-request" not in page


def test_won_and_lost_are_booked(buyer: Buyer, order: Order) -> None:
    dispute_id = _dispute(buyer, order)
    balance.fetch(at=timezone.now())
    taken = sum(LedgerEntry.objects.filter(account="disputes").values_list("amount_minor", flat=True))

    buyer.world.win_dispute(dispute_id)
    balance.fetch(at=timezone.now())

    assert taken == 790
    assert sum(LedgerEntry.objects.filter(account="disputes").values_list("amount_minor", flat=True)) == 0


def test_the_film_stays_while_the_shop_says_keep(buyer: Buyer, order: Order, settings: Any) -> None:
    settings.DISPUTE_ACCESS = "keep"
    dispute_id = _dispute(buyer, order)

    assert buyer.watch("noon").status_code == 200
    assert "You can go on watching until it decides." in _page(buyer, order)
    buyer.world.lose_dispute(dispute_id)
    _hear(buyer)
    assert buyer.watch("noon").status_code == 404


def test_an_inquiry_takes_nothing_until_it_escalates(buyer: Buyer, order: Order) -> None:
    dispute_id = _dispute(buyer, order, inquiry=True)
    assert Dispute.objects.get().state == "warning_needs_response"
    assert buyer.watch("noon").status_code == 200
    assert "Your bank asks us about this payment" in _page(buyer, order)
    assert not Mail.objects.filter(template="dispute").exists()

    buyer.world.escalate_dispute(dispute_id)
    _hear(buyer)

    assert Dispute.objects.get().state == "needs_response"
    assert buyer.watch("noon").status_code == 404
    assert Mail.objects.filter(template="dispute-office").count() == 2


def test_a_refunded_order_stays_closed_when_the_dispute_is_won(buyer: Buyer, order: Order) -> None:
    give_back(order, 300, ends_access=True)
    buyer.world.win_dispute(_dispute(buyer, order))
    _hear(buyer)

    assert Dispute.objects.get().state == "won"
    assert buyer.watch("noon").status_code == 404


def test_a_refund_that_fails_does_not_open_what_a_dispute_holds(buyer: Buyer, order: Order) -> None:
    refund = give_back(order, 300, ends_access=True)
    _dispute(buyer, order)

    buyer.world.fail_refund(refund.refund_id or "")
    _hear(buyer)
    assert Refund.objects.get().state == "failed"
    assert buyer.watch("noon").status_code == 404
    assert Mail.objects.get(template="refund-failed").context["ends_access"]

    buyer.world.win_dispute(Dispute.objects.get().dispute_id)
    _hear(buyer)
    assert buyer.watch("noon").status_code == 200


def test_nothing_is_given_back_while_the_bank_has_the_money(buyer: Buyer, order: Order) -> None:
    dispute_id = _dispute(buyer, order)

    with pytest.raises(refunds.Disputed):
        give_back(order)
    assert "Your bank is looking into this payment at your request" in _page(buyer, order)
    asked = {"reason": "changed_mind", "shown": 0}
    answer = buyer.post(f"/api/v1/orders/{order.reference}/refunds/", asked)
    assert answer.json()["state"] == "asked"
    assert not Refund.objects.exists()
    assert Order.objects.get().refunded_minor == 0

    buyer.world.win_dispute(dispute_id)
    _hear(buyer)
    assert give_back(order).state == "succeeded"


def test_staff_who_had_the_form_open_are_told(buyer: Buyer, order: Order, cho: User) -> None:
    _dispute(buyer, order)

    form = {"amount": "7.90", "reason": "other", "note": "He asked.", "after": "0"}
    page = office.text(office.act(office.signed_in(cho), "refund", order, **form))

    assert "A bank holds this money" in page
    assert not Refund.objects.exists()


def test_an_inquiry_is_ended_by_a_refund(buyer: Buyer, order: Order) -> None:
    _dispute(buyer, order, inquiry=True)

    assert give_back(order).state == "succeeded"
    _hear(buyer)

    assert Dispute.objects.get().state == "warning_closed"
    assert buyer.watch("noon").status_code == 404


@pytest.mark.parametrize(
    ("card", "state"), [(DISPUTES, "needs_response"), (INQUIRES, "warning_needs_response")]
)
def test_a_card_that_disputes_at_once(buyer: Buyer, card: str, state: str) -> None:
    assert buyer.buy("noon", card=card)["state"] == "paid"

    _hear(buyer)

    assert Dispute.objects.get().state == state


def test_a_dispute_that_is_heard_of_before_its_sale_settles_it(buyer: Buyer) -> None:
    buyer.world.faults(
        stripe={"fail_next": [{"call": "POST /v1/payment_intents", "times": 1, "how": "drop_after"}]},
        webhooks={"pause": True},
    )
    buyer.buy("noon", card=DISPUTES)
    assert not Order.objects.get().is_paid

    said = _heard(buyer)

    assert said == "needs_response"
    assert Order.objects.get().is_paid
    assert buyer.watch("noon").status_code == 404


def test_events_in_any_order_and_again_come_to_the_same(buyer: Buyer, order: Order) -> None:
    buyer.world.lose_dispute(_dispute(buyer, order))
    buyer.world.settle()

    for event in StripeEvent.objects.filter(type__startswith="charge.dispute.").order_by("-id"):
        webhook_inbox.replay(event, at=timezone.now())
    tasks.sweep()

    assert Dispute.objects.get().state == "lost"
    assert Mail.objects.filter(template__startswith="dispute").count() == 3


def test_old_news_never_open_what_is_decided(buyer: Buyer, order: Order) -> None:
    dispute_id = _dispute(buyer, order)
    old = stripe_disputes.retrieve(dispute_id)
    buyer.world.win_dispute(dispute_id)
    _hear(buyer)

    assert dispute_outcomes.hear(old, at=timezone.now()) == "won"

    assert buyer.watch("noon").status_code == 200


def test_twenty_workers_hear_of_one_dispute_once(buyer: Buyer, order: Order) -> None:
    buyer.world.faults(webhooks={"pause": True})
    told = buyer.world.dispute(order.payments.get().charge_id)
    found = stripe_disputes.retrieve(told["id"])

    said = all_at_once(*[lambda: dispute_outcomes.hear(found, at=timezone.now())] * 20)

    assert set(said) == {"needs_response"}
    assert Dispute.objects.count() == 1
    assert Mail.objects.filter(template="dispute").count() == 1


def test_the_sweep_finds_out_what_no_event_told(buyer: Buyer, order: Order) -> None:
    dispute_id = _dispute(buyer, order)
    buyer.world.faults(webhooks={"pause": True})
    buyer.world.win_dispute(dispute_id)

    assert dispute_outcomes.sweep(at=timezone.now()) == 0
    assert dispute_outcomes.sweep(at=later(3601)) == 1

    assert Dispute.objects.get().state == "won"
    assert dispute_outcomes.sweep(at=later(10**6)) == 0


def test_the_sweep_waits_while_stripe_is_silent(buyer: Buyer, order: Order) -> None:
    _dispute(buyer, order)
    buyer.world.faults(
        webhooks={"pause": True}, stripe={"fail_next": [{"call": "GET /v1/disputes/{dispute}", "how": "503"}]}
    )

    assert dispute_outcomes.sweep(at=later(3601)) == 0

    buyer.world.win_dispute(Dispute.objects.get().dispute_id)
    assert dispute_outcomes.sweep(at=later(7300)) == 1


def test_reconciling_waits_while_stripe_is_silent(buyer: Buyer, order: Order) -> None:
    buyer.world.faults(stripe={"fail_next": [{"call": "GET /v1/disputes", "how": "503"}]})

    with pytest.raises(StripeUnavailable):
        _differences(fix=False)


def test_reconciling_finds_disputes_that_no_event_told(buyer: Buyer, order: Order) -> None:
    buyer.world.faults(webhooks={"pause": True})
    told = buyer.world.dispute(order.payments.get().charge_id)

    assert f"Dispute {told['id']} over $7.90" in " ".join(_differences(fix=False))
    assert not Dispute.objects.exists()
    _differences(fix=True)

    assert Dispute.objects.get().state == "needs_response"
    assert not _differences(fix=False)
    buyer.world.win_dispute(told["id"])
    assert "needs_response here and won at Stripe" in " ".join(_differences(fix=True))
    assert Dispute.objects.get().state == "won"


def test_a_dispute_of_no_order_of_ours_changes_nothing(buyer: Buyer, order: Order) -> None:
    made = buyer.world.api(
        "POST",
        "payment_intents",
        **{"amount": 500, "currency": "usd", "confirm": "true", "payment_method": "pm_card_createDispute"},
        **{"allowed_payment_method_types[]": "card"},
    )
    _hear(buyer)

    event = StripeEvent.objects.filter(type="charge.dispute.created").get()
    assert made["status"] == "succeeded"
    assert event.outcome == "not an order of ours"
    assert not Dispute.objects.exists()
    assert buyer.watch("noon").status_code == 200


def test_an_event_of_an_unknown_dispute_changes_nothing(buyer: Buyer, order: Order) -> None:
    event = StripeEvent.objects.create(
        event_id="evt_1",
        type="charge.dispute.created",
        object_id="du_unknown",
        api_version="2026-10-28.endive",
        livemode=False,
        created_at=timezone.now(),
        received_at=timezone.now(),
    )

    assert webhook_inbox.process(event, at=timezone.now())

    assert event.outcome == "no such dispute"


def test_a_strangers_dispute_touches_his_order_alone(buyer: Buyer, order: Order, shop: Shop) -> None:
    """He typed Ada's address."""
    stranger = Buyer(shop.url, shop.world)
    factories.film_on_sale("dusk")
    reference = stranger.buy("dusk")["order"]
    _dispute(stranger, Order.objects.get(reference=reference))

    assert stranger.watch("dusk").status_code == 404
    assert buyer.watch("noon").status_code == 200
    assert "Your bank" not in _page(buyer, order)
    assert stranger.http.get(f"{buyer.url}{order.get_absolute_url()}", timeout=40).status_code == 404


def _heard(buyer: Buyer) -> str:
    told = buyer.world.objects("dispute")[0]
    return dispute_outcomes.hear(stripe_disputes.retrieve(told["id"]), at=timezone.now())


def _differences(*, fix: bool) -> list[str]:
    now = timezone.now()
    found = reconciliation.reconcile(
        since=now - timedelta(hours=1), until=now + timedelta(seconds=5), at=now, fix=fix
    )
    return [each.what for each in found if each.what.startswith("Dispute")]

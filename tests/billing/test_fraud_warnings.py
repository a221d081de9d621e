"""Early fraud warnings: noted once, told to support, and ended by the refund that they suggest."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Mail, User
from billing.inbox import webhook_inbox
from billing.models import FraudWarning, Order, Refund, StripeEvent
from billing.reconciling import reconciliation
from billing.stripe.intents import StripeUnavailable
from tests import office
from tests.billing.bank import hear
from tests.buyer import Buyer
from tests.conftest import Shop
from tests.saboteurs.rows import saved

WARNS = "4000000000005423"


@pytest.fixture
def warning(buyer: Buyer) -> FraudWarning:
    """Of Ada's order: the card's bank warns at once."""
    assert buyer.buy("noon", card=WARNS)["state"] == "paid"
    hear(buyer)
    return FraudWarning.objects.get()


@pytest.mark.django_db(transaction=True)
def test_a_warning_is_noted_and_told_to_support(buyer: Buyer, warning: FraudWarning, cho: User) -> None:
    assert (warning.order, warning.fraud_type, warning.is_actionable) == (
        Order.objects.get(),
        "unauthorized_use_of_card",
        True,
    )
    mail = Mail.objects.get(template="fraud-warning-office")
    assert (mail.to, mail.context["amount_text"]) == ("help@localhost", "$7.90")
    assert buyer.watch("noon").status_code == 200
    story = office.text(office.signed_in(cho).get(office.page(Order, "change", warning.order_id)))
    assert "The bank warns of fraud" in story
    assert "radar.early_fraud_warning.created" in story
    assert "fraud-warning-office" in story


@pytest.mark.django_db(transaction=True)
def test_its_refund_says_why_and_settles_it_once(buyer: Buyer, warning: FraudWarning, cho: User) -> None:
    browser = office.signed_in(cho)
    form = office.text(office.act(browser, "refund", warning))
    assert 'value="fraudulent" selected' in form
    assert 'value="7.90"' in form
    given = {"amount": "7.90", "reason": "fraudulent", "note": "The bank says so.", "after": "0"}

    for _twice in range(2):
        office.act(browser, "refund", warning.order, **given)
    hear(buyer)

    (refund,) = Refund.objects.all()
    assert (refund.state, refund.reason, refund.asked_by) == ("succeeded", "fraudulent", cho)
    assert [told["reason"] for told in buyer.world.objects("refund")] == ["fraudulent"]
    assert not FraudWarning.objects.get().is_actionable
    assert buyer.watch("noon").status_code == 404
    assert "Choose one warning where a refund still helps." in office.text(
        office.act(browser, "refund", warning)
    )


@pytest.mark.django_db(transaction=True)
def test_without_a_banks_word_nobody_calls_a_card_fraudulent(buyer: Buyer, cho: User) -> None:
    buyer.buy("noon")
    order, browser = Order.objects.get(), office.signed_in(cho)
    assert 'value="fraudulent"' not in office.text(office.act(browser, "refund", order))

    given = {"amount": "7.90", "reason": "fraudulent", "note": "He looked odd.", "after": "0"}
    assert "errorlist" in office.text(office.act(browser, "refund", order, **given))

    assert not Refund.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_it_takes_the_permission_to_refund(warning: FraudWarning, bo: User) -> None:
    browser = office.signed_in(bo, "billing.view_fraudwarning")

    assert "Refund…" not in office.text(browser.get(office.page(FraudWarning, "change", warning.pk)))
    assert "Give money back" not in office.text(office.act(browser, "refund", warning))


@pytest.mark.django_db(transaction=True)
def test_a_dispute_settles_a_warning(buyer: Buyer, warning: FraudWarning) -> None:
    buyer.world.dispute(warning.charge_id)
    hear(buyer)

    assert not FraudWarning.objects.get().is_actionable


@pytest.mark.django_db(transaction=True)
def test_events_again_change_nothing(buyer: Buyer, warning: FraudWarning) -> None:
    for event in StripeEvent.objects.filter(type__startswith="radar."):
        assert webhook_inbox.replay(event, at=timezone.now())
        assert event.outcome == "actionable"

    assert FraudWarning.objects.count() == Mail.objects.filter(template="fraud-warning-office").count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_event_of_an_unknown_warning_changes_nothing(shop: Shop) -> None:
    event = StripeEvent.objects.create(
        event_id="evt_1",
        type="radar.early_fraud_warning.created",
        object_id="issfr_unknown",
        api_version="2026-10-28.endive",
        livemode=False,
        created_at=timezone.now(),
        received_at=timezone.now(),
    )

    assert webhook_inbox.process(event, at=timezone.now())

    assert event.outcome == "no such warning"


@pytest.mark.django_db(transaction=True)
def test_reconciling_finds_warnings_that_no_event_told(buyer: Buyer) -> None:
    buyer.world.faults(webhooks={"pause": True})
    buyer.buy("noon", card=WARNS)

    assert len(_differences(fix=False)) == 1
    assert not FraudWarning.objects.exists()
    _differences(fix=True)

    assert FraudWarning.objects.get().is_actionable
    assert _differences(fix=False) == []


@pytest.mark.django_db(transaction=True)
def test_reconciling_waits_while_stripe_is_silent(buyer: Buyer) -> None:
    buyer.world.faults(stripe={"fail_next": [{"call": "GET /v1/radar/early_fraud_warnings", "how": "503"}]})

    with pytest.raises(StripeUnavailable):
        _differences(fix=False)


@pytest.mark.django_db
def test_the_list_of_warnings_costs_the_same_however_long_it_is(cho: User) -> None:
    browser = office.signed_in(cho)
    for _ in range(5):
        saved(FraudWarning)
    short = office.statements(browser, office.page(FraudWarning))
    for _ in range(40):
        saved(FraudWarning)

    long = office.statements(browser, office.page(FraudWarning))

    assert len(long) == len(short) <= 3


@pytest.mark.django_db
@pytest.mark.parametrize("term", ["issfr_1", "ch_1", "pi_1", "Ada@example.com", "reference"])
def test_warnings_are_found_by_what_people_name(cho: User, term: str) -> None:
    saved(FraudWarning)
    warning = saved(FraudWarning)
    FraudWarning.objects.filter(pk=warning.pk).update(warning_id="issfr_1", charge_id="ch_1")
    Order.objects.filter(pk=warning.order_id).update(intent_id="pi_1", email="ada@example.com")
    term = warning.order.reference[:8] if term == "reference" else term

    page = office.text(office.signed_in(cho).get(office.page(FraudWarning), {"q": term}))

    assert office.page(FraudWarning, "change", warning.pk) in page


def _differences(*, fix: bool) -> list[Any]:
    now = timezone.now()
    found = reconciliation.reconcile(
        since=now - timedelta(hours=1), until=now + timedelta(seconds=5), at=now, fix=fix
    )
    return [each.what for each in found if each.what.startswith("Warning")]

"""Staff give money back on the order's page: with permission and reason, and once by each form."""

import re
import secrets
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from accounts.models import User
from billing.models import Order, Refund
from tests import factories, office
from tests.buyer import Buyer
from tests.concurrency.racing import all_at_once
from tests.conftest import Shop

MAY = ("billing.view_order", "billing.refund_order")


@pytest.fixture
def order(shop: Shop) -> Order:
    """Ada's paid order."""
    factories.film_on_sale("noon")
    Buyer(shop.url, shop.world).buy("noon")
    return Order.objects.get()


def _give_back(browser: Client, order: Order, amount: str = "7.90", **given: str) -> str:
    form = {
        "amount": amount,
        "reason": "other",
        "note": "The sound was off.",
        "after": "0",
        "_back_to": str(order.pk),
    }
    return office.text(office.act(browser, "refund", order, **form | given))


@pytest.mark.django_db(transaction=True)
def test_all_of_it_with_who_when_and_why_in_the_orders_story(order: Order, cho: User) -> None:
    browser = office.signed_in(cho)
    shown = office.text(office.act(browser, "refund", order))
    assert 'value="7.90"' in shown
    assert "At most $7.90." in shown

    page = _give_back(browser, order)

    refund = Refund.objects.get()
    assert (refund.state, refund.asked_by, refund.asker, refund.note) == (
        "succeeded",
        cho,
        "staff",
        "The sound was off.",
    )
    assert "Refund 1 asked: $7.90" in page
    assert re.search(r"cho@example.com · Something else · The sound was off.", page)
    assert "Right to watch taken away" in page
    entry = LogEntry.objects.get(object_id=str(order.pk))
    assert (entry.user, entry.change_message) == (cho, "Refund of $7.90: The sound was off.")


@pytest.mark.django_db(transaction=True)
def test_a_part_leaves_the_film_unless_told_otherwise(order: Order, cho: User) -> None:
    browser = office.signed_in(cho)

    assert "Right to watch taken away" not in _give_back(browser, order, "3.00")
    assert "Right to watch taken away" in _give_back(browser, order, "1.00", after="300", ends_access="on")

    assert [refund.amount_minor for refund in Refund.objects.order_by("number")] == [300, 100]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("amount", ["7.91", "0", "-1", "0.001", "1e9", "x", ""])
def test_what_cannot_go_back_is_refused(order: Order, cho: User, amount: str) -> None:
    browser = office.signed_in(cho)

    assert "errorlist" in _give_back(browser, order, amount)

    assert not Refund.objects.exists()
    assert "errorlist" not in _give_back(browser, order)


@pytest.mark.django_db(transaction=True)
def test_a_reason_is_needed(order: Order, cho: User) -> None:
    assert "errorlist" in _give_back(office.signed_in(cho), order, note="")

    assert not Refund.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_form_sent_twenty_times_is_one_refund(order: Order, cho: User) -> None:
    browsers = [office.signed_in(cho) for _ in range(20)]

    all_at_once(*[lambda browser=browser: _give_back(browser, order, "1.00") for browser in browsers])

    assert Order.objects.get().refunded_minor == 100
    assert Refund.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_it_takes_the_permission(order: Order, bo: User) -> None:
    viewer = office.signed_in(bo, "billing.view_order")
    assert "Refund…" not in office.text(viewer.get(office.page(Order, "change", order.pk)))
    _give_back(viewer, order)
    assert not Refund.objects.exists()

    allowed = office.signed_in(bo, *MAY)
    assert "Refund…" in office.text(allowed.get(office.page(Order, "change", order.pk)))
    _give_back(allowed, order)
    assert Refund.objects.get().asked_by == bo


@pytest.mark.django_db(transaction=True)
def test_an_unpaid_order_has_nothing_to_give(shop: Shop, cho: User) -> None:
    factories.film_on_sale("noon")
    Buyer(shop.url, shop.world).buy("noon", card="4000000000000002")

    page = _give_back(office.signed_in(cho), Order.objects.get())

    assert "Choose one paid order of which something is left." in page
    assert not Refund.objects.exists()


def _refunds(count: int) -> None:
    offer = factories.offer(factories.video())
    now = timezone.now()
    order = Order.objects.create(
        visitor=secrets.token_hex(8),
        email="ada@example.com",
        language="en",
        offer=offer,
        price=offer.prices.get(currency="usd"),
        total_minor=790,
        currency="usd",
        quote_nonce=secrets.token_hex(8),
        created_at=now,
    )
    for number in range(count):
        Refund.objects.create(
            order=order,
            number=number,
            amount_minor=1,
            currency="usd",
            reason="other",
            ends_access=False,
            asker="shop",
            idempotency_key=f"{order.reference}-{number}",
            intent_id="pi_1",
            asked_at=now,
        )


@pytest.mark.django_db
def test_the_list_of_refunds_costs_the_same_however_long_it_is(cho: User) -> None:
    browser = office.signed_in(cho)
    _refunds(5)
    short = office.statements(browser, office.page(Refund))
    _refunds(55)

    long = office.statements(browser, office.page(Refund))

    assert len(long) == len(short) <= 3


@pytest.mark.django_db
def test_refunds_are_only_read(cho: User) -> None:
    _refunds(1)
    browser, refund = office.signed_in(cho), Refund.objects.get()

    page: Any = browser.get(office.page(Refund, "change", refund.pk))

    assert page.status_code == 200
    assert 'name="_save"' not in office.text(page)
    assert browser.post(office.page(Refund, "change", refund.pk), {"state": "failed"}).status_code == 403
    assert browser.get(office.page(Refund, "add")).status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize("term", ["ada@example.com", "pi_1", "{reference}"])
def test_refunds_are_found_by_what_people_name(cho: User, term: str) -> None:
    _refunds(1)
    refund = Refund.objects.get()
    found = term.format(reference=refund.order.reference)

    page = office.text(office.signed_in(cho).get(office.page(Refund), {"q": found}))

    assert office.page(Refund, "change", refund.pk) in page

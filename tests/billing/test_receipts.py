"""Receipts: numbered without a gap, complete, and for nobody but who holds the order."""

import pytest
from django.utils import timezone
from pytest_django import Settings

from billing.models import Coupon, Order, Refund
from billing.refunding import refunds
from billing.taxing import tax_table
from tests import factories, promises
from tests.attacks import Visitor, without_nonces
from tests.sandbox_client import World
from tests.statements import counted

pytestmark = pytest.mark.django_db

NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture
def adas(world: World, settings: Settings) -> Visitor:
    """Ada's browser; her card is Korean, and "noon" is on sale by a seller who says all of himself."""
    tax_table.load(tax_table.SHIPPED)
    world.configure(issuer_country="KR")
    factories.film_on_sale("noon", krw=9900)
    settings.SELLER_NAME = "Matinee Inc."
    settings.SELLER_ADDRESS = "1 Harbour Street; Busan"
    settings.SELLER_REGISTRATION, settings.SELLER_VAT_ID = "HRB 1", "123-45-67890"
    return Visitor(world)


def buy(visitor: Visitor, slug: str = "noon") -> Order:
    made = visitor.pay(visitor.quote(slug, currency="krw")).json()
    return Order.objects.get(reference=made["order"])


def read(visitor: Visitor, order: Order, prefix: str = "") -> str:
    page: str = visitor.get(f"{prefix}/orders/{order.reference}/receipt/").content.decode()
    return page


def test_a_receipt_says_who_sold_what_and_the_tax_within(adas: Visitor) -> None:
    order = buy(adas)

    page = read(adas, order)

    seller = ("Matinee Inc.", "1 Harbour Street", "Busan", "HRB 1", "123-45-67890")
    for words in (*seller, "No. 1", order.reference, "₩9,900", "₩9,000", f"Tax 10{NBSP}% (KR)", "₩900"):
        assert words in page
    assert "Given back" not in page
    assert f"/orders/{order.reference}/receipt/" in adas.get(f"/orders/{order.reference}/").content.decode()


def test_in_korean_it_is_korean(adas: Visitor) -> None:
    page = read(adas, buy(adas), "/ko")

    assert "영수증" in page
    assert "Receipt" not in page


def test_what_went_back_stands_on_it_and_what_came_back_does_not(adas: Visitor, world: World) -> None:
    order = buy(adas)
    for amount in (4950, 2000):
        wish = refunds.Wish(
            amount_minor=amount,
            after_minor=order.refunded_minor,
            reason=Refund.Reason.OTHER,
            ends_access=False,
            asker=Refund.Asker.SHOP,
        )
        refund = refunds.ask(order, wish, at=timezone.now())
    world.fail_refund(str(refund.refund_id))
    refunds.look(refund, at=timezone.now())

    page = read(adas, order)

    assert page.count("Given back") == 1
    for words in ("-₩4,950", "-₩450", "₩450"):
        assert words in page
    assert "2,000" not in page


@pytest.mark.parametrize("country", ["US", "BR", ""])
def test_where_no_tax_was_taken_it_says_none(adas: Visitor, world: World, country: str) -> None:
    world.configure(issuer_country=country)

    page = read(adas, buy(adas))

    assert "Tax" in page
    assert "None" in page
    assert "Without tax" not in page


def test_for_nothing_there_is_a_receipt_too(adas: Visitor) -> None:
    Coupon.objects.create(code="GIFT", percent=100)
    quote = adas.quote("noon", currency="krw", coupon="GIFT")
    given = {"quote": quote, "email": "ada@example.com"}
    made = adas.post("/api/v1/orders/", given).json()
    order = Order.objects.get(reference=made["order"])

    page = read(adas, order)

    assert order.receipt_number == 1
    assert "-₩9,900" in page
    assert "₩0" in page


def test_numbers_run_on(adas: Visitor) -> None:
    factories.film_on_sale("dusk", krw=9900)
    declined = adas.pay(adas.quote("noon", currency="krw"), card="4000000000000002").json()
    assert declined["state"] == "refused"

    numbers = [buy(visitor, "dusk").receipt_number for visitor in (adas, Visitor(adas.world))]

    assert numbers == [1, 2]
    promises.receipts_run_on()


def test_it_is_not_there_for_others_nor_before_it_is_paid(adas: Visitor) -> None:
    stranger = Visitor(adas.world)
    stranger.get("/")
    paid = buy(adas)
    factories.film_on_sale("dusk", krw=9900)
    asked = adas.pay(adas.quote("dusk", currency="krw"), card="4000002760003184").json()

    anothers = stranger.get(f"/orders/{paid.reference}/receipt/")
    nobodys = stranger.get(f"/orders/{'0' * 32}/receipt/")

    assert anothers.status_code == nobodys.status_code == 404
    told = without_nonces(anothers).replace(paid.reference.encode(), b"0" * 32)
    assert told == without_nonces(nobodys)
    assert adas.get(f"/orders/{asked['order']}/receipt/").status_code == 404
    assert adas.get(f"/orders/{paid.reference}/receipt/").status_code == 200


def test_it_asks_little_of_the_database(adas: Visitor) -> None:
    order = buy(adas)

    with counted() as sql:
        read(adas, order)

    assert len(sql) <= 5

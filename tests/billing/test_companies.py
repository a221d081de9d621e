"""A buyer names the company that he bought for, after the purchase: on paper, and nowhere else."""

import io
import json
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.utils import timezone
from pypdf import PdfReader
from pytest_django import Settings

from accounts.models import User
from billing.models import Company, Membership, MembershipPeriod, Order, Selling
from billing.receipts import companies, mailed_links
from billing.taxing import businesses, tax_ids, tax_table
from billing.taxing.businesses import Treatment
from tests import factories, office
from tests.attacks import Answer, Send, Visitor, assert_refused
from tests.refunding import give_back
from tests.saboteurs.rows import saved
from tests.sandbox_client import World

pytestmark = pytest.mark.django_db

ACME = {
    "name": "Acme GmbH",
    "address": "Musterstraße 1\n10115  Berlin",
    "country": "DE",
    "tax_id": "de 136 695 976",
}


@pytest.fixture
def adas(world: World, settings: Settings) -> Visitor:
    """Ada's browser; her card is German, and the seller Irish."""
    tax_table.load(tax_table.SHIPPED)
    world.configure(issuer_country="DE")
    factories.film_on_sale("noon")
    settings.SELLER_COUNTRY = "IE"
    return Visitor(world)


@pytest.fixture
def order(adas: Visitor) -> Order:
    made = adas.pay(adas.quote("noon")).json()
    return Order.objects.get(reference=made["order"])


def name(visitor: Visitor, order: Order, **changes: str) -> Answer:
    return visitor.post_form(f"/orders/{order.reference}/company/", **ACME | changes)


def page(visitor: Visitor, address: str) -> str:
    told: str = visitor.get(address).content.decode()
    return told


def words(visitor: Visitor, address: str) -> str:
    file = PdfReader(io.BytesIO(visitor.get(address).content))
    return "".join("".join(each.extract_text() for each in file.pages).split())


def test_the_company_stands_on_every_paper_and_changes_nothing_else(adas: Visitor, order: Order) -> None:
    give_back(order, 100)
    before = Order.objects.values().get()

    answer = name(adas, order)

    assert (answer.status_code, answer.headers["Location"]) == (
        302,
        f"/orders/{order.reference}/receipt/#company",
    )
    assert Order.objects.values().get() == before
    shown = page(adas, f"/orders/{order.reference}/receipt/")
    for text in (
        "Acme GmbH",
        "Musterstraße 1<br>10115 Berlin<br>Germany",
        "DE136695976",
        "Correct the company",
    ):
        assert text in shown
    for what in ("receipt.pdf", "credit-notes/1.pdf"):
        said = words(adas, f"/orders/{order.reference}/{what}")
        for text in ("AcmeGmbH", "Musterstraße1", "10115Berlin", "Germany", "DE136695976"):
            assert text in said


def test_it_goes_neither_to_stripe_nor_into_an_address(adas: Visitor, order: Order, world: World) -> None:
    answer = name(adas, order)
    give_back(order, 100)

    traffic = json.dumps(world.report(), default=str)
    assert "Acme" not in traffic
    assert "136695976" not in traffic
    assert "Acme" not in answer.headers["Location"]


def test_a_correction_counts_from_then_on_and_the_same_again_is_nothing(adas: Visitor, order: Order) -> None:
    for changes in ({}, {}, {"name": "Acme AG"}, {"name": " Acme  AG ", "tax_id": "DE136695976"}):
        assert name(adas, order, **changes).status_code == 302

    assert list(Company.objects.order_by("number").values_list("number", "name")) == [
        (1, "Acme GmbH"),
        (2, "Acme AG"),
    ]
    shown = page(adas, f"/orders/{order.reference}/receipt/")
    assert "Acme AG" in shown
    assert "Acme GmbH" not in shown


def test_what_makes_no_sense_is_refused_in_words(
    adas: Visitor, order: Order, subtests: pytest.Subtests
) -> None:
    stranger = Visitor(adas.world)
    stranger.get("/")
    attacks: dict[str, Send] = {
        "another's order": partial(name, stranger, order),
        "no name": partial(name, adas, order, name=" "),
        "no address": partial(name, adas, order, address="\n"),
        "no country": partial(name, adas, order, country=""),
        "a country that there is not": partial(name, adas, order, country="XX"),
        "a number with a wrong digit": partial(name, adas, order, tax_id="DE136695977"),
        "another country's number": partial(name, adas, order, tax_id="IE6388047V"),
        "a name without end": partial(name, adas, order, name="A" * 121),
        "without a token": lambda: adas.client.post(f"/orders/{order.reference}/company/", ACME),
    }

    assert_refused(subtests, attacks, honest=partial(name, adas, order))


def test_a_wrong_number_is_told_beside_its_field_and_the_form_stays_filled(
    adas: Visitor, order: Order
) -> None:
    told = name(adas, order, tax_id="DE1").content.decode()

    assert "No tax ID of this country is written like that." in told
    assert 'value="Acme GmbH"' in told
    assert "<details open>" in told
    assert 'aria-invalid="true"' in told


def test_without_a_number_it_is_named_all_the_same(adas: Visitor, order: Order) -> None:
    name(adas, order, tax_id="")

    shown = page(adas, f"/orders/{order.reference}/receipt/")
    assert "Acme GmbH" in shown
    assert "<dt>Tax ID</dt>" not in shown


def test_it_is_corrected_ten_times_at_most(adas: Visitor, order: Order) -> None:
    for number in range(Company.AT_MOST):
        assert name(adas, order, name=f"Acme {number}").status_code == 302

    refused = name(adas, order, name="Acme AG")

    assert refused.status_code == 400
    assert "corrected too often" in refused.content.decode()
    assert Company.objects.count() == Company.AT_MOST


def test_while_the_shop_takes_no_wishes_nothing_is_noted(adas: Visitor, order: Order) -> None:
    Selling.objects.update_or_create(pk=1, defaults={"mode": Selling.Mode.READ_ONLY})

    refused = name(adas, order)

    assert refused.status_code == 400
    assert "being looked after" in refused.content.decode()
    assert not Company.objects.exists()


def test_who_has_the_mail_reads_it_and_cannot_change_it(adas: Visitor, order: Order, world: World) -> None:
    name(adas, order)
    elsewhere, token = Visitor(world), mailed_links.token_of(order)
    told = page(elsewhere, f"/receipts/{token}/")

    assert "Acme GmbH" in told
    assert "<form" not in told.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize(
    ("seller", "country", "tax_id", "is_told"),
    [
        ("IE", "DE", "DE136695976", True),
        ("DE", "DE", "DE136695976", False),
        ("IE", "DE", "", False),
        ("US", "DE", "DE136695976", False),
        ("IE", "KR", "1168119948", False),
        ("", "DE", "DE136695976", False),
    ],
    ids=["across the Union", "at home", "no number", "from outside", "to outside", "nobody knows"],
)
def test_where_a_business_would_owe_the_tax_the_paper_says_that_it_was_taken(
    adas: Visitor,
    order: Order,
    settings: Settings,
    seller: str,
    country: str,
    tax_id: str,
    is_told: bool,
) -> None:
    settings.SELLER_COUNTRY = seller
    assert name(adas, order, country=country, tax_id=tax_id).status_code == 302

    assert ("under reverse charge" in page(adas, f"/orders/{order.reference}/receipt/")) is is_told
    assert ("underreversecharge" in words(adas, f"/orders/{order.reference}/receipt.pdf")) is is_told


def test_where_no_tax_was_taken_there_is_nothing_to_say(adas: Visitor, order: Order) -> None:
    Order.objects.update(tax_minor=0)
    name(adas, order)

    assert "reverse charge" not in page(adas, f"/orders/{order.reference}/receipt/")


def test_the_rule_of_the_union() -> None:
    ask = partial(businesses.treatment, has_tax_id=True)

    assert ask(seller="IE", buyer="DE") is Treatment.REVERSE_CHARGE
    for seller, buyer in (("IE", "IE"), ("GB", "DE"), ("IE", "GB"), ("KR", "KR"), ("", "")):
        assert ask(seller=seller, buyer=buyer) is Treatment.AS_ANYBODY


@pytest.mark.parametrize(
    ("country", "given", "normal"),
    [
        ("DE", "136695976", "DE136695976"),
        ("GR", "094259216", "EL094259216"),
        ("GR", "GR 094259216", "EL094259216"),
        ("GR", "el094259216", "EL094259216"),
        ("AT", "U13585627", "ATU13585627"),
        ("IE", "IE 6388047 V", "IE6388047V"),
        ("KR", "116-81-19948", "1168119948"),
        ("GB", "GB 980 7806 84", "980780684"),
        ("US", "91-1144442", "911144442"),
        ("CH", "CHE-107.787.577 IVA", "CHE107787577IVA"),
        ("AU", "83 914 571 673", "83914571673"),
    ],
)
def test_a_number_has_one_spelling(country: str, given: str, normal: str) -> None:
    assert tax_ids.normal(given, country) == normal


@pytest.mark.parametrize("country", sorted(tax_ids.COUNTRIES))
def test_every_country_has_its_check(country: str) -> None:
    for nonsense in ("x", "ABC-123", "9" * 40, "ДЕ136695976", "１３６６９５９７６x"):
        with pytest.raises(tax_ids.NotATaxId):
            tax_ids.normal(nonsense, country)


def test_the_union_is_among_the_countries() -> None:
    assert set(tax_ids.COUNTRIES) > tax_ids.UNION
    assert len(tax_ids.UNION) == 27


def test_the_office_sees_it_in_the_orders_story(adas: Visitor, order: Order, cho: User) -> None:
    name(adas, order)

    shown = office.signed_in(cho).get(office.page(Order, "change", order.pk)).content.decode()

    assert "The buyer named a company" in shown
    assert "Acme GmbH · DE · DE136695976" in shown


def test_a_renewal_is_for_whom_the_membership_was_by_then(world: World) -> None:
    first, second, third = _periods(3)
    given: dict[str, Any] = {"address": "1 Street", "country": "IE", "tax_id": ""}
    companies.name(first, company="Before", **given, at=first.paid_at)
    companies.name(second, company="Then", **given, at=third.paid_at)

    named = [companies.of(each) for each in (first, second, third)]

    assert [each and each.name for each in named] == ["Before", "Then", "Then"]


def _periods(count: int) -> list[Any]:
    """The orders of a membership's periods, paid a month apart."""
    membership, orders, now = saved(Membership), [], timezone.now()
    collection = factories.collection(slug="all-day")
    offer = factories.membership(collection)
    for number in range(count):
        order = saved(Order)
        paid_at = now + timedelta(days=30 * number)
        Order.objects.filter(pk=order.pk).update(
            state="paid", paid_at=paid_at, intent_id=f"pi_{number}", offer=offer
        )
        MembershipPeriod.objects.create(
            membership=membership,
            order=order,
            invoice_id=f"in_{number}",
            starts_at=paid_at,
            ends_at=paid_at + timedelta(days=30),
        )
        orders.append(Order.objects.get(pk=order.pk))
    return orders

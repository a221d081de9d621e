"""Tax by Stripe: worked out before the charge, recorded with it, taken back with refunds."""

from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from billing.books import ledger
from billing.models import LedgerEntry, Order, Payment, TaxCalculation, TaxRate
from billing.reconciling import reconciliation
from billing.settling import outcomes
from billing.stripe import stripe_taxes
from billing.stripe.intents import StripeRefused
from billing.stripe.stripe_taxes import Place
from billing.taxing import stripe_tax, tax_table
from tests import factories, office, promises
from tests.attacks import Visitor
from tests.moments import later
from tests.refunding import give_back
from tests.saboteurs.rows import saved
from tests.sandbox_client import World

pytestmark = pytest.mark.django_db

CODE = "txcd_10000000"
ASKS = "4000002760003184"
DECLINED = "4000000000000002"


@pytest.fixture
def adas(world: World, settings: Settings) -> Visitor:
    settings.TAX_BY, settings.STRIPE_TAX_CODE = "stripe", CODE
    tax_table.load(tax_table.SHIPPED)
    factories.film_on_sale("noon", eur=1190)
    return Visitor(world)


def buy(visitor: Visitor, world: World, *, card: str = "", country: str = "", code: str = "") -> Order:
    address = {name: value for name, value in (("country", country), ("postal_code", code)) if value}
    given: Any = {"billing_details": {"address": address}} if address else {}
    token = world.confirmation_token(card or "4242424242424242", **given)
    quote = visitor.quote("noon", currency="eur")
    made = visitor.pay(quote, confirmation_token=token).json()
    return Order.objects.get(reference=made["order"])


def asked(world: World) -> list[str]:
    """What Stripe was asked, in order."""
    return [f"{each['method']} {each['path'].partition('?')[0]}" for each in world.report()["requests"]]


def test_a_sale_is_taxed_by_stripe_for_the_price_that_was_shown(adas: Visitor, world: World) -> None:
    world.configure(issuer_country="DE")

    order = buy(adas, world)

    assert (order.total_minor, order.tax_country, order.tax_basis_points, order.tax_minor) == (
        *(1190, "DE", 1900),
        190,
    )
    calculation, kept = world.objects("tax.calculation")[0], TaxCalculation.objects.get()
    assert kept.calculation_id == calculation["id"]
    assert (calculation["amount_total"], calculation["tax_amount_inclusive"]) == (1190, 190)
    intent = world.objects("payment_intent")[0]
    assert intent["hooks"]["inputs"]["tax"]["calculation"] == calculation["id"]
    booked = {each.account: each.amount_minor for each in LedgerEntry.objects.all()}
    assert (booked["tax"], booked["sales"]) == (-190, -1000)
    assert ledger.check().is_same
    promises.sold(world)


def test_stripe_records_the_sale_and_takes_its_part_back_with_refunds(adas: Visitor, world: World) -> None:
    world.configure(issuer_country="DE")
    order = buy(adas, world)

    refund = give_back(order, 595)

    assert refund.tax_minor == 95
    kinds = [(each["type"], each["reference"]) for each in world.objects("tax.transaction")]
    assert kinds == [("transaction", order.intent_id), ("reversal", refund.refund_id)]
    assert ledger.check().is_same


def test_the_table_asks_nobody(adas: Visitor, world: World, settings: Settings) -> None:
    settings.TAX_BY = "table"
    world.configure(issuer_country="DE")

    order = buy(adas, world)

    assert order.tax_minor == 190
    assert not TaxCalculation.objects.exists()
    assert not [call for call in asked(world) if "tax" in call or "confirmation_tokens" in call]


@pytest.mark.parametrize(
    ("issuer", "said", "code", "country", "tax"),
    [
        ("DE", "AT", "1010", "DE", 190),
        ("", "AT", "1010", "AT", 198),
        ("US", "US", "94103", "US", 0),
    ],
    ids=["the card before the word", "the word where the card is silent", "a ZIP code where it takes one"],
)
def test_the_place_is_the_cards_or_the_buyers_word(
    adas: Visitor, world: World, issuer: str, said: str, code: str, country: str, tax: int
) -> None:
    world.configure(issuer_country=issuer)

    order = buy(adas, world, country=said, code=code)

    assert TaxCalculation.objects.get().country == country
    assert (order.tax_country, order.tax_minor) == (country, tax)


@pytest.mark.parametrize(("issuer", "said"), [("US", ""), ("US", "DE"), ("", "")])
def test_what_stripe_cannot_place_is_sold_all_the_same_and_split_by_the_table(
    adas: Visitor, world: World, issuer: str, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    world.configure(issuer_country=issuer)

    order = buy(adas, world, country=said)

    assert order.is_paid
    assert not TaxCalculation.objects.exists()
    assert order.tax_country == issuer
    assert ("tax not worked out" in caplog.text) is bool(issuer)
    assert "taxcalc_" not in str(world.objects("payment_intent")[0])


def test_a_memberships_payments_are_made_by_stripe_and_split_by_the_table(
    world: World, settings: Settings
) -> None:
    settings.TAX_BY, settings.STRIPE_TAX_CODE = "stripe", CODE
    payment = saved(Payment)
    payment.order.offer = factories.membership(factories.collection())

    assert stripe_tax.prepare(payment.order, payment) == ""
    assert asked(world) == []


def test_where_stripe_does_not_answer_nothing_was_charged(adas: Visitor, world: World) -> None:
    world.faults(stripe={"fail_next": [{"call": "POST /v1/tax/calculations", "how": "500"}]})

    answer = adas.pay(adas.quote("noon", currency="eur"))

    assert answer.status_code == 503
    assert world.objects("payment_intent") == []
    assert Payment.objects.get().decline_code == "no_answer"
    assert not TaxCalculation.objects.exists()


def test_another_card_is_worked_out_anew_and_the_one_that_paid_counts(adas: Visitor, world: World) -> None:
    world.configure(issuer_country="DE")
    assert not buy(adas, world, card=DECLINED).is_paid
    world.configure(issuer_country="FR")

    order = buy(adas, world)

    first, second = TaxCalculation.objects.order_by("id")
    assert (first.country, second.country) == ("DE", "FR")
    assert (order.payments.count(), order.tax_country, order.tax_minor) == (2, "FR", 198)
    intent = world.objects("payment_intent")[0]
    assert intent["hooks"]["inputs"]["tax"]["calculation"] == second.calculation_id


def test_it_holds_however_the_sale_becomes_known(adas: Visitor, world: World, settings: Settings) -> None:
    world.configure(issuer_country="DE")
    lost = {"call": "POST /v1/payment_intents", "how": "drop_after"}
    world.faults(stripe={"fail_next": [lost]}, webhooks={"pause": True})
    order = buy(adas, world)
    assert not order.is_paid
    settings.TAX_BY = "table"
    TaxRate.objects.update(basis_points=5000)

    outcomes.sweep(at=later(120))

    order.refresh_from_db()
    told = (order.state, order.tax_country, order.tax_basis_points, order.tax_minor)
    assert told == ("paid", "DE", 1900, 190)


def test_a_question_of_the_bank_keeps_it(adas: Visitor, world: World) -> None:
    world.configure(issuer_country="DE")
    order = buy(adas, world, card=ASKS)
    assert not order.is_paid
    world.challenge(order.payments.get().challenge_url, passed=True)

    outcomes.look(order.payments.get(), at=timezone.now())

    order.refresh_from_db()
    assert (order.is_paid, order.tax_minor) == (True, 190)


def test_a_calculation_of_somebody_elses_is_not_believed(
    adas: Visitor, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.configure(issuer_country="DE")
    order = buy(adas, world, card=ASKS)
    TaxCalculation.objects.update(calculation_id="taxcalc_other", tax_minor=1)
    world.challenge(order.payments.get().challenge_url, passed=True)

    outcomes.look(order.payments.get(), at=timezone.now())

    order.refresh_from_db()
    assert (order.is_paid, order.tax_minor) == (True, 190)  # by the table
    assert "a tax calculation is not ours" in caplog.text


def test_a_country_without_registration_takes_nothing(adas: Visitor, world: World) -> None:
    world.configure(issuer_country="DE", tax_registrations=["KR"])

    order = buy(adas, world)

    assert (order.tax_country, order.tax_basis_points, order.tax_minor) == ("DE", 0, 0)


def test_the_office_sees_who_worked_it_out(adas: Visitor, world: World, cho: User) -> None:
    world.configure(issuer_country="DE")
    payment = buy(adas, world).payments.get()

    page = office.signed_in(cho).get(office.page(Payment, "change", payment.pk)).content.decode()

    assert TaxCalculation.objects.get().calculation_id in page


def calculate(world: World, country: str, postal_code: str = "") -> Any:
    return stripe_taxes.calculate(
        amount_minor=1190,
        currency="eur",
        place=Place(country, postal_code),
        tax_code=CODE,
        key=f"{world.secret_key}-{country}-{postal_code}",
    )


def test_the_same_key_is_the_same_calculation(world: World) -> None:
    assert calculate(world, "DE") == calculate(world, "DE")
    assert len(world.objects("tax.calculation")) == 1


def test_a_place_that_says_too_little_is_refused(world: World) -> None:
    with pytest.raises(StripeRefused, match="customer_tax_location_invalid"):
        calculate(world, "US")

    assert calculate(world, "US", "94103").tax_minor == 0


def differences() -> list[str]:
    found = reconciliation.reconcile(since=later(-60), until=later(60), at=timezone.now(), fix=True)
    return [each.what for each in found if not each.is_repaired]


def test_reconciling_finds_a_tax_that_is_not_stripes(adas: Visitor, world: World, settings: Settings) -> None:
    world.configure(issuer_country="DE")
    order = buy(adas, world)
    assert differences() == []
    kept = {"tax_country": "AT", "tax_basis_points": 2000, "tax_minor": 198}

    Order.objects.filter(pk=order.pk).update(**kept)

    here, there = "€1,98 of AT (20\xa0%) here", "€1,90 of DE (19\xa0%) at Stripe"
    told = (
        f"The tax of order {order.reference} is {here}, and {there}.",
        f"sale:{order.reference} is booked otherwise than its record says.",
    )
    assert set(differences()) == set(told)
    settings.TAX_BY = "table"
    assert told[0] not in differences()


@pytest.mark.parametrize("is_known_here", [True, False])
def test_reconciling_finds_a_tax_that_one_side_does_not_have(
    adas: Visitor, world: World, settings: Settings, is_known_here: bool
) -> None:
    world.configure(issuer_country="DE")
    if is_known_here:
        settings.TAX_BY = "table"
    order = buy(adas, world)
    settings.TAX_BY = "stripe"
    if is_known_here:
        kept = saved(TaxCalculation)
        TaxCalculation.objects.filter(pk=kept.pk).update(payment=order.payments.get())
        told = f"Stripe keeps no tax with order {order.reference}, but worked out {kept}."
    else:
        kept = TaxCalculation.objects.get()
        TaxCalculation.objects.all().delete()
        told = f"Stripe keeps {kept} as the tax of order {order.reference}, which is unknown here."

    assert differences() == [told]


def test_reconciling_leaves_what_stripe_could_not_place_to_the_table(adas: Visitor, world: World) -> None:
    world.configure(issuer_country="US")

    order = buy(adas, world, country="US")

    assert not TaxCalculation.objects.exists()
    assert order.is_paid
    assert differences() == []

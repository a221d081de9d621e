"""Tax: what of a price is tax where the buyer is, recorded with the payment and taken back with a refund."""

from typing import Any

import pytest
import stripe

from tests.sandbox.stripe_stage import Buyer, error_of

DAY = 86400


def _calculate(buyer: Buyer, country: str = "DE", /, amount: int = 1190, **changes: Any) -> Any:
    params = {
        "currency": "eur",
        "customer_details": {"address": {"country": country}, "address_source": "billing"},
        "line_items": [{"amount": amount, "reference": "film", "tax_behavior": "inclusive"}],
        "expand": ["line_items"],
        **changes,
    }
    return buyer.stripe.tax.calculations.create(params)


def _pay(buyer: Buyer, calculation: Any, **changes: Any) -> Any:
    hooks = {"inputs": {"tax": {"calculation": calculation.id}}}
    return buyer.pay(**{"amount": calculation.amount_total, "currency": "eur", "hooks": hooks, **changes})


def _attempts(buyer: Buyer, intent: Any) -> Any:
    return buyer.stripe.tax.associations.find({"payment_intent": intent.id}).tax_transaction_attempts


@pytest.mark.parametrize(
    ("country", "tax", "reason"),
    [
        ("DE", 190, "standard_rated"),
        ("KR", 108, "standard_rated"),
        ("JP", 108, "standard_rated"),
        ("GB", 198, "standard_rated"),
        ("BR", 0, "not_collecting"),
    ],
)
def test_the_country_decides_what_of_a_price_is_tax(
    buyer: Buyer, country: str, tax: int, reason: str
) -> None:
    found = _calculate(buyer, country)

    line = found.line_items.data[0]
    assert (found.amount_total, found.tax_amount_inclusive, line.amount_tax) == (1190, tax, tax)
    assert (line.tax_breakdown[0].taxability_reason, line.tax_breakdown[0].taxable_amount) == (
        reason,
        1190 - tax if tax else 0,
    )


def test_tax_on_top_is_added(buyer: Buyer) -> None:
    found = _calculate(buyer, line_items=[{"amount": 1000, "tax_behavior": "exclusive"}])

    assert (found.amount_total, found.tax_amount_exclusive, found.tax_amount_inclusive) == (1190, 190, 0)


def test_a_business_pays_it_itself_and_an_exempt_one_does_not(buyer: Buyer) -> None:
    address = {"address": {"country": "FR"}, "address_source": "billing"}

    business = _calculate(
        buyer, customer_details={**address, "tax_ids": [{"type": "eu_vat", "value": "FRAB123456789"}]}
    )
    exempt = _calculate(buyer, customer_details={**address, "taxability_override": "customer_exempt"})

    reasons = [each.tax_breakdown[0].taxability_reason for each in (business, exempt)]
    assert reasons == ["reverse_charge", "customer_exempt"]
    assert (business.tax_amount_inclusive, exempt.tax_amount_inclusive) == (0, 0)


def test_only_where_the_seller_is_registered(buyer: Buyer) -> None:
    buyer.world.configure(tax_registrations=["KR"])

    assert [_calculate(buyer, country).tax_amount_inclusive for country in ("DE", "KR")] == [0, 108]


@pytest.mark.parametrize(
    "address",
    [{"country": "US"}, {"country": "CA"}, {"country": "Nowhere"}, {"country": "US", "state": "CA"}],
)
def test_an_address_that_says_too_little_is_refused(buyer: Buyer, address: Any) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        _calculate(buyer, customer_details={"address": address, "address_source": "billing"})

    assert error_of(refusal).code == "customer_tax_location_invalid"


def test_the_tax_of_a_payment_is_recorded_and_a_refund_takes_its_part_back(buyer: Buyer) -> None:
    calculation = _calculate(buyer)
    intent = _pay(buyer, calculation)

    refund = buyer.stripe.refunds.create({"payment_intent": intent.id, "amount": 595})

    paid, back = _attempts(buyer, intent)
    transactions = [
        buyer.stripe.tax.transactions.retrieve(each.committed.transaction, {"expand": ["line_items"]})
        for each in (paid, back)
    ]
    assert intent.hooks.inputs.tax.calculation == calculation.id
    assert [(each.type, each.reference) for each in transactions] == [
        ("transaction", intent.id),
        ("reversal", refund.id),
    ]
    assert [each.line_items.data[0].amount_tax for each in transactions] == [190, -95]


def test_a_calculation_serves_one_payment_of_its_currency_for_90_days(buyer: Buyer) -> None:
    calculation, late = _calculate(buyer), _calculate(buyer)
    _pay(buyer, calculation)
    again = _pay(buyer, calculation)
    foreign = _pay(buyer, _calculate(buyer), currency="usd")
    buyer.world.shift_clock("stripe", 91 * DAY)
    expired = _pay(buyer, late)

    reasons = [_attempts(buyer, intent)[0].errored.reason for intent in (again, foreign, expired)]
    assert reasons == [
        "another_payment_associated_with_calculation",
        "currency_mismatch",
        "calculation_expired",
    ]


def test_an_unknown_calculation_is_refused_before_the_charge(buyer: Buyer) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        buyer.pay(hooks={"inputs": {"tax": {"calculation": "taxcalc_unknown"}}})

    assert error_of(refusal).param == "hooks[inputs][tax][calculation]"
    assert buyer.world.objects("payment_intent") == []

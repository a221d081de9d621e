"""Every test card of https://docs.stripe.com/testing whose behaviour ends at the payment intent."""

from typing import Any

import pytest
import stripe

from tests.sandbox.stripe_stage import Buyer, challenge_url, error_of

SUCCEED = [
    "4242424242424242",
    "5555555555554444",
    "378282246310005",
    "4000000032200000",
    "4000000000003055",
    "4000000000003097",
    "4000000000009235",
    "4000000000000259",
    "4000000000002685",
    "4000000000001976",
    "4000000000005423",
    "4000000000007726",
    "4000000000005126",
    "4000000000000077",
    "4000000000001208",
]
ASK = ["4000002500003155", "4000002760003184", "4000003800000446", "4000000000003220"]
DECLINED = [
    ("4000000000000002", "card_declined", "generic_decline"),
    ("4000000000009995", "card_declined", "insufficient_funds"),
    ("4000000000009987", "card_declined", "lost_card"),
    ("4000000000009979", "card_declined", "stolen_card"),
    ("4000000000000069", "expired_card", "expired_card"),
    ("4000000000000127", "incorrect_cvc", "incorrect_cvc"),
    ("4000000000000119", "processing_error", "processing_error"),
    ("4000000000006975", "card_declined", "card_velocity_exceeded"),
    ("4000000000000341", "card_declined", "generic_decline"),
    ("4100000000000019", "card_declined", "fraudulent"),
    ("4000008400001280", "card_declined", "generic_decline"),
    ("4111111111111111", "card_declined", "test_mode_live_card"),
]
NAMES = [
    ("pm_card_visa", "4242"),
    ("pm_card_mastercard", "4444"),
    ("pm_card_amex", "0005"),
    ("pm_card_bypassPending", "0077"),
]


@pytest.mark.parametrize("number", SUCCEED)
def test_a_good_card_is_charged_at_once(buyer: Buyer, number: str) -> None:
    token = buyer.world.confirmation_token(number, cvc="1234" if number.startswith("37") else "123")

    intent = buyer.pay(confirmation_token=token)

    assert (intent.status, intent.amount_received, intent.latest_charge.paid) == ("succeeded", 1999, True)
    assert intent.latest_charge.payment_method_details.card.last4 == number[-4:]


@pytest.mark.parametrize(("number", "code", "reason"), DECLINED)
def test_a_bad_card_is_declined_and_the_intent_waits(
    buyer: Buyer, number: str, code: str, reason: str
) -> None:
    with pytest.raises(stripe.CardError) as decline:
        buyer.pay(number)

    error = error_of(decline)
    assert (decline.value.http_status, error.code, error.decline_code) == (402, code, reason)
    intent = buyer.intent(error.payment_intent.id)
    assert (intent.status, intent.payment_method) == ("requires_payment_method", None)
    assert intent.last_payment_error.decline_code == reason
    assert buyer.confirm(intent.id).status == "succeeded"


@pytest.mark.parametrize("number", ASK)
def test_a_card_that_asks_is_charged_after_the_challenge(buyer: Buyer, number: str) -> None:
    intent = buyer.pay(number)
    assert (intent.status, intent.latest_charge) == ("requires_action", None)

    buyer.world.challenge(challenge_url(intent), passed=True)

    paid = buyer.intent(intent.id)
    flow = paid.latest_charge.payment_method_details.card.three_d_secure.authentication_flow
    assert (paid.status, paid.next_action, flow) == ("succeeded", None, "challenge")


@pytest.mark.parametrize(
    ("number", "reason"),
    [("4000008400001629", "generic_decline"), ("4000008260003178", "insufficient_funds")],
)
def test_a_card_may_authenticate_and_still_be_declined(buyer: Buyer, number: str, reason: str) -> None:
    intent = buyer.pay(number)

    buyer.world.challenge(challenge_url(intent), passed=True)

    declined = buyer.intent(intent.id)
    assert (declined.status, declined.last_payment_error.decline_code) == ("requires_payment_method", reason)
    assert declined.latest_charge.status == "failed"


def test_three_d_secure_can_be_asked_for(buyer: Buyer) -> None:
    asked = {"card": {"request_three_d_secure": "any"}}

    optional = buyer.pay("4000000000003055", payment_method_options=asked)

    assert optional.status == "requires_action"
    assert buyer.pay(payment_method_options=asked).status == "succeeded"  # 4242 is not enrolled
    with pytest.raises(stripe.CardError):
        buyer.pay("4000000000003097", payment_method_options=asked)


def test_radar_blocks_before_the_bank_is_asked(buyer: Buyer) -> None:
    with pytest.raises(stripe.CardError):
        buyer.pay("4100000000000019")

    outcome = buyer.world.objects("charge")[0]["outcome"]
    assert (outcome["type"], outcome["network_status"]) == ("blocked", "not_sent_to_network")


@pytest.mark.parametrize(
    ("number", "month", "year", "cvc", "code"),
    [
        ("4242424242424241", 12, 2034, "123", "incorrect_number"),
        ("4242424242424242", 13, 2034, "123", "invalid_expiry_month"),
        ("4242424242424242", 12, 2019, "123", "invalid_expiry_year"),
        ("4242424242424242", 12, 2034, "12", "invalid_cvc"),
        ("378282246310005", 12, 2034, "123", "invalid_cvc"),
    ],
)
def test_what_is_no_card_becomes_no_token(
    buyer: Buyer, number: str, month: int, year: int, cvc: str, code: str
) -> None:
    with pytest.raises(AssertionError, match=code):
        buyer.world.confirmation_token(number, month=month, year=year, cvc=cvc)


@pytest.mark.parametrize(("name", "last4"), NAMES)
def test_a_named_payment_method_is_its_card(buyer: Buyer, name: str, last4: str) -> None:
    params = {"amount": 9900, "currency": "krw", "payment_method": name, "confirm": True}

    intent = buyer.stripe.payment_intents.create({**params, "return_url": "http://localhost/"})

    assert intent.status == "succeeded"
    assert buyer.intent(intent.id).latest_charge.payment_method_details.card.last4 == last4


@pytest.mark.parametrize(
    ("name", "country"), [("pm_card_de", "DE"), ("pm_card_jp", "JP"), ("pm_card_visa", "US")]
)
def test_a_card_is_of_its_banks_country(buyer: Buyer, name: str, country: str) -> None:
    params = {"amount": 9900, "currency": "krw", "payment_method": name, "confirm": True}

    intent = buyer.stripe.payment_intents.create({**params, "return_url": "http://localhost/"})

    assert buyer.intent(intent.id).latest_charge.payment_method_details.card.country == country


def test_an_issuers_decline_cannot_be_attached_to_a_customer(buyer: Buyer) -> None:
    customer = buyer.stripe.customers.create({"email": "ada@example.com"})

    with pytest.raises(stripe.CardError):
        buyer.stripe.payment_methods.attach("pm_card_visa_chargeDeclined", {"customer": customer.id})
    attached = buyer.stripe.payment_methods.attach("pm_card_chargeCustomerFail", {"customer": customer.id})

    listed = buyer.stripe.payment_methods.list({"customer": customer.id})
    assert [method.id for method in listed.data] == [attached.id]


def test_a_card_set_up_once_passes_off_session(buyer: Buyer) -> None:
    customer = buyer.stripe.customers.create({"email": "ada@example.com"})
    intent = buyer.pay("4000002500003155", customer=customer.id, setup_future_usage="off_session")
    buyer.world.challenge(challenge_url(intent), passed=True)
    method = buyer.intent(intent.id).payment_method
    later = {"amount": 500, "currency": "usd", "customer": customer.id, "confirm": True, "off_session": True}

    renewed = buyer.stripe.payment_intents.create({**later, "payment_method": str(method)})

    assert renewed.status == "succeeded"
    with pytest.raises(stripe.CardError) as refusal:
        buyer.stripe.payment_intents.create({**later, "payment_method": "pm_card_authenticationRequired"})
    assert refusal.value.code == "authentication_required"


def test_a_card_without_a_customer_is_good_for_one_charge(buyer: Buyer) -> None:
    method = buyer.world.payment_method()
    _charge_card(buyer, method, customer=None)

    with pytest.raises(stripe.InvalidRequestError, match="may not be used again"):
        _charge_card(buyer, method, customer=None)
    with pytest.raises(stripe.InvalidRequestError, match="may not be used again"):
        buyer.stripe.payment_methods.attach(method, {"customer": buyer.stripe.customers.create({}).id})


def test_a_customers_card_pays_for_him_only_and_not_once_it_is_detached(buyer: Buyer) -> None:
    ada, bo = (buyer.stripe.customers.create({}).id for _ in range(2))
    method = buyer.stripe.payment_methods.attach("pm_card_visa", {"customer": ada}).id

    paid = [_charge_card(buyer, method, customer=ada).status for _ in range(2)]
    for other in (bo, None):
        with pytest.raises(stripe.InvalidRequestError, match="belongs to a Customer"):
            _charge_card(buyer, method, customer=other)
    buyer.stripe.payment_methods.detach(method)

    assert paid == ["succeeded", "succeeded"]
    with pytest.raises(stripe.InvalidRequestError, match="may not be used again"):
        _charge_card(buyer, method, customer=ada)


def _charge_card(buyer: Buyer, method: str, *, customer: str | None) -> Any:
    params = {"amount": 1999, "currency": "usd", "payment_method": method, "confirm": True}
    methods = {"allowed_payment_method_types": ["card"]}
    return buyer.stripe.payment_intents.create(
        {**params, **methods, **({"customer": customer} if customer else {})}
    )

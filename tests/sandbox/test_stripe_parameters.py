"""The sandbox refuses what Stripe refuses, with the same code and parameter."""

from typing import Any

import pytest
import requests
import stripe

from tests.sandbox.stripe_stage import Buyer


@pytest.mark.parametrize(
    ("changes", "code", "param"),
    [
        ({"surprise": 1}, "parameter_unknown", "surprise"),
        ({"metadata": {"order": {"deep": "1"}}}, None, "metadata[order]"),
        (
            {"payment_method_types": ["card"]},
            "payment_method_types_no_longer_supported",
            "payment_method_types",
        ),
        ({"amount": None}, "parameter_missing", "amount"),
        ({"currency": None}, "parameter_missing", "currency"),
        ({"amount": "many"}, "parameter_invalid_integer", "amount"),
        ({"amount": 0}, "parameter_invalid_integer", "amount"),
        ({"amount": -5}, "parameter_invalid_integer", "amount"),
        ({"amount": 49}, "amount_too_small", "amount"),
        ({"amount": 10**13}, "amount_too_large", "amount"),
        ({"amount": 49, "currency": "krw"}, "amount_too_small", "amount"),
        ({"amount": 1050, "currency": "isk"}, None, "amount"),
        ({"currency": "zzz"}, None, "currency"),
        ({"confirm": "perhaps"}, "parameter_invalid_boolean", "confirm"),
        ({"return_url": "not an address"}, "url_invalid", "return_url"),
        ({"confirmation_token": "ctoken_unknown"}, "resource_missing", "confirmation_token"),
        ({"customer": "cus_unknown"}, "resource_missing", "customer"),
        ({"expand": ["nothing"]}, None, "expand"),
        ({"expand": ["latest_charge.payment_intent.latest_charge.customer.test_clock"]}, None, "expand"),
        ({"description": ""}, "parameter_invalid_empty", "description"),
        ({"statement_descriptor": "MATINEE"}, None, "statement_descriptor"),
        ({"statement_descriptor_suffix": "<b>"}, None, "statement_descriptor_suffix"),
        ({"allowed_payment_method_types": ["klarna"]}, None, "allowed_payment_method_types"),
        ({"automatic_payment_methods": {"enabled": True}}, None, "allowed_payment_method_types"),
        ({"payment_method": "pm_card_visa"}, None, "confirmation_token"),
        ({"confirm": False, "confirmation_token": None}, None, "return_url"),
    ],
)
def test_a_wrong_parameter_is_named(buyer: Buyer, changes: Any, code: str | None, param: str) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        buyer.pay(**changes)

    assert (refusal.value.http_status, refusal.value.code, refusal.value.param) == (400, code, param)


def test_the_same_call_without_the_mistake_succeeds(buyer: Buyer) -> None:
    assert buyer.pay().status == "succeeded"


def test_what_the_sandbox_does_not_serve_is_refused_rather_than_ignored(buyer: Buyer) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="does not serve the parameter capture_method"):
        buyer.pay(capture_method="manual")


def test_an_unknown_id_is_a_404(buyer: Buyer) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        buyer.intent("pi_unknown")

    assert (refusal.value.http_status, refusal.value.code) == (404, "resource_missing")


@pytest.mark.parametrize(
    "key", ["sk_test_sandbox_nobody", "sk_live_4eC39HqLyjWDarjtT1zdp7dc", "rk_test_1", ""]
)
def test_a_foreign_key_is_a_401(buyer: Buyer, key: str) -> None:
    base = buyer.world.sandbox.base

    answer = requests.get(f"{base}/v1/events", headers={"Authorization": f"Bearer {key}"}, timeout=40)

    assert answer.status_code == 401
    assert answer.json()["error"]["type"] == "invalid_request_error"


def test_an_unknown_address_and_another_version_are_refused(buyer: Buyer) -> None:
    base, keys = buyer.world.sandbox.base, {"Authorization": f"Bearer {buyer.world.secret_key}"}

    unknown = requests.get(f"{base}/v1/checkout/sessions", headers=keys, timeout=40)
    old = requests.get(f"{base}/v1/events", headers={**keys, "Stripe-Version": "2024-06-20"}, timeout=40)

    assert unknown.status_code == 404
    assert "Unrecognized request URL" in unknown.json()["error"]["message"]
    assert old.status_code == 400


def test_a_foreign_host_and_a_wrong_token_reach_nothing(buyer: Buyer) -> None:
    base = buyer.world.sandbox.base

    rebound = requests.get(f"{base}/", headers={"Host": "evil.example"}, timeout=40)
    guessed = requests.get(f"{base}/_sandbox/mail", headers={"X-Sandbox-Token": "guess"}, timeout=40)

    assert (rebound.status_code, guessed.status_code) == (400, 403)


def test_a_token_is_good_for_one_use_and_one_amount(buyer: Buyer) -> None:
    token = buyer.world.confirmation_token(amount=1999, currency="usd")
    with pytest.raises(stripe.InvalidRequestError, match="amount does not match"):
        buyer.pay(confirmation_token=token, amount=2999)

    paid = buyer.pay(confirmation_token=token)

    assert buyer.stripe.confirmation_tokens.retrieve(token).payment_intent == paid.id
    with pytest.raises(stripe.InvalidRequestError, match="already been used"):
        buyer.pay(confirmation_token=token)


def test_a_token_expires_after_twelve_hours(buyer: Buyer) -> None:
    token = buyer.world.confirmation_token()
    buyer.world.shift_clock("stripe", 12 * 3600 + 1)

    with pytest.raises(stripe.InvalidRequestError, match="expired"):
        buyer.pay(confirmation_token=token)


def test_a_list_is_cut_into_pages_newest_first(buyer: Buyer) -> None:
    made = [buyer.stripe.customers.create({"email": f"{n}@example.com"}).id for n in range(3)]

    first = buyer.stripe.customers.list({"limit": 2})
    second = buyer.stripe.customers.list({"limit": 2, "starting_after": first.data[-1].id})

    assert [customer.id for customer in [*first.data, *second.data]] == made[::-1]
    assert (first.has_more, second.has_more) == (True, False)


def test_metadata_is_merged_and_an_empty_value_unsets_a_key(buyer: Buyer) -> None:
    intent = buyer.stripe.payment_intents.create(
        {"amount": 500, "currency": "eur", "metadata": {"a": "1", "b": "2"}}
    )

    changed = buyer.stripe.payment_intents.update(intent.id, {"metadata": {"a": "", "c": "3"}})

    assert dict(changed.metadata.to_dict()) == {"b": "2", "c": "3"}


def test_another_publishable_key_reads_no_intent(buyer: Buyer) -> None:
    intent = buyer.pay()
    stranger = buyer.world.sandbox.world()

    answer = requests.post(
        f"{buyer.world.sandbox.base}/elements/payment_intents/{intent.id}",
        json={"client_secret": intent.client_secret},
        headers={"Authorization": f"Bearer {stranger.publishable_key}", "Host": "stripe.localhost:1"},
        timeout=40,
    )

    assert answer.status_code == 404

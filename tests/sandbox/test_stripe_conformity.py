"""Whatever the sandbox answers or sends is what Stripe's own documents describe."""

import contextlib
from typing import Any

import stripe

from sandbox.stripe.contract import answer_schema, document, schema_of
from sandbox.stripe.routes import find
from tests.sandbox.answer_checker import error_schema, findings
from tests.sandbox.stripe_stage import CHALLENGED, Buyer, Listener, challenge_url, eventually

STATUS_OF_TYPE = {
    "card_error": {402},
    "idempotency_error": {400},
    "invalid_request_error": {400, 401, 404, 409, 429},
    "api_error": {500, 503},
}


def test_every_answer_and_event_fits_stripes_schemas_and_samples(buyer: Buyer, listener: Listener) -> None:
    _use_everything(buyer)
    eventually(lambda: len(listener.received) >= len(buyer.world.events()))

    faults: list[str] = []
    served: set[str] = set()
    for exchange in buyer.recorder.exchanges:
        found = find(exchange["method"], exchange["path"].partition("?")[0])
        assert found is not None
        status, body = exchange["status"], exchange["response_json"]
        schema = answer_schema(found[0].operation) if status == 200 else error_schema()
        faults += [f"{found[0].name} {status}{fault}" for fault in findings(body, schema)]
        if status == 200:
            served.add(found[0].name)
        else:
            assert status in STATUS_OF_TYPE[body["error"]["type"]]
    for received in listener.received:
        faults += _faults_of_event(received.event)

    assert faults == []
    assert served == {
        f"{verb.upper()} {path}" for path, verbs in document()["paths"].items() for verb in verbs
    }


def _faults_of_event(event: Any) -> list[str]:
    body = event["data"]["object"]
    assert event["type"] in document()["x-event-types"]
    return findings(event, schema_of("event"), event["type"]) + findings(
        body, schema_of(body["object"]), event["type"]
    )


def _use_everything(buyer: Buyer) -> None:
    """Make every call that is served, with successes and refusals, expanded and not."""
    api = buyer.stripe
    paid = buyer.pay(expand=["latest_charge.balance_transaction", "customer", "payment_method"])
    for number in ("4000000000009995", "4100000000000019", "4000000000000127"):
        with contextlib.suppress(stripe.CardError):
            buyer.pay(number)
    challenged = buyer.pay(CHALLENGED)
    buyer.world.challenge(challenge_url(challenged), passed=False)
    again = buyer.confirm(challenged.id, CHALLENGED)
    buyer.world.challenge(challenge_url(again), passed=True)
    buyer.intent(challenged.id)
    for wrong in ({"surprise": 1}, {"amount": 1}, {"confirmation_token": "ctoken_no"}):
        with contextlib.suppress(stripe.InvalidRequestError):
            buyer.pay(**wrong)
    with contextlib.suppress(stripe.InvalidRequestError):
        buyer.confirm(paid.id)

    customer = api.customers.create(
        {"email": "ada@example.com", "address": {"country": "KR"}, "metadata": {"a": "1"}}
    )
    api.customers.update(customer.id, {"name": "Ada", "shipping": ""})
    method = api.payment_methods.attach("pm_card_visa", {"customer": customer.id})
    api.payment_methods.list({"customer": customer.id})
    api.payment_methods.retrieve(method.id, {"expand": ["customer"]})
    plain = api.payment_intents.create({"amount": 9900, "currency": "krw", "payment_method": method.id})
    api.payment_intents.update(plain.id, {"description": "A film", "receipt_email": "ada@example.com"})
    api.payment_intents.cancel(plain.id)
    api.payment_methods.detach(method.id)
    api.customers.list({"email": "ada@example.com"})
    api.customers.delete(customer.id)
    api.customers.retrieve(customer.id)

    token = api.test_helpers.confirmation_tokens.create({"payment_method": "pm_card_visa"})
    api.confirmation_tokens.retrieve(token.id)
    api.payment_intents.list(
        {"created": {"gte": paid.created}, "limit": 100, "expand": ["data.latest_charge"]}
    )
    api.charges.list({"payment_intent": paid.id})
    charge = api.charges.retrieve(paid.latest_charge.id, {"expand": ["refunds", "balance_transaction"]})
    api.balance_transactions.retrieve(charge.balance_transaction.id, {"expand": ["source"]})
    api.balance_transactions.list({"type": "charge", "source": charge.id, "expand": ["data.source"]})
    refund = api.refunds.create(
        {"payment_intent": paid.id, "amount": 5, "expand": ["charge", "payment_intent"]}
    )
    api.refunds.update(refund.id, {"metadata": {"b": "2"}})
    api.refunds.retrieve(refund.id)
    api.refunds.list({"charge": charge.id})
    with contextlib.suppress(stripe.InvalidRequestError):
        api.refunds.create({"payment_intent": paid.id, "amount": 5000})
    _dispute(buyer)
    event = api.events.list({"types": ["payment_intent.succeeded"]}).data[0]
    api.events.retrieve(event.id)
    buyer.world.faults(stripe={"fail_next": [{"call": "*", "how": "503"}, {"call": "*", "how": "429"}]})
    for _ in range(2):
        with contextlib.suppress(stripe.StripeError):
            api.customers.list()


def _dispute(buyer: Buyer) -> None:
    api = buyer.stripe
    for inquiry in (False, True):
        charge = buyer.pay().latest_charge.id
        warning = buyer.world.warn_of_fraud(charge)
        dispute = buyer.world.dispute(charge, inquiry=inquiry)
        api.radar.early_fraud_warnings.retrieve(warning["id"], {"expand": ["charge", "payment_intent"]})
        api.radar.early_fraud_warnings.list({"charge": charge})
        api.disputes.retrieve(dispute["id"], {"expand": ["charge", "payment_intent"]})
        api.disputes.list({"charge": charge})
        api.disputes.update(dispute["id"], {"evidence": {"customer_name": "Ada"}, "submit": False})
        if inquiry:
            api.disputes.close(dispute["id"])
        else:
            api.disputes.update(dispute["id"], {"submit": True, "metadata": {"a": "1"}})
            buyer.world.win_dispute(dispute["id"])
        with contextlib.suppress(stripe.InvalidRequestError):
            api.disputes.close(dispute["id"])

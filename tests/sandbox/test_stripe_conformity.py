"""Whatever the sandbox answers or sends is what Stripe's own documents describe."""

import contextlib
from typing import Any

import stripe

from sandbox.stripe.contract import answer_schema, document, schema_of
from sandbox.stripe.routes import find
from tests.sandbox.answer_checker import error_schema, findings
from tests.sandbox.billing_stage import DAY, START, Club
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
    paid = _pay(buyer)
    _keep_a_customer(buyer)
    _look_up(buyer, paid)
    _refund(buyer, paid)
    _dispute(buyer)
    _subscribe(Club(buyer))
    _try_free_days(Club(buyer))
    _pay_invoices(Club(buyer))
    _live(Club(buyer))
    _tax(buyer)
    _discount(Club(buyer))
    _be_told(buyer)


def _pay(buyer: Buyer) -> Any:
    """Pay with cards of all kinds; returns the intent that was paid at once."""
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
    return paid


def _keep_a_customer(buyer: Buyer) -> None:
    api = buyer.stripe
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


def _look_up(buyer: Buyer, paid: Any) -> None:
    api = buyer.stripe
    token = api.test_helpers.confirmation_tokens.create({"payment_method": "pm_card_visa"})
    api.confirmation_tokens.retrieve(token.id)
    api.payment_intents.list(
        {"created": {"gte": paid.created}, "limit": 100, "expand": ["data.latest_charge"]}
    )
    api.charges.list({"payment_intent": paid.id})
    charge = api.charges.retrieve(paid.latest_charge.id, {"expand": ["refunds", "balance_transaction"]})
    api.balance_transactions.retrieve(charge.balance_transaction.id, {"expand": ["source"]})
    api.balance_transactions.list({"type": "charge", "source": charge.id, "expand": ["data.source"]})


def _refund(buyer: Buyer, paid: Any) -> None:
    api = buyer.stripe
    refund = api.refunds.create(
        {"payment_intent": paid.id, "amount": 5, "expand": ["charge", "payment_intent"]}
    )
    api.refunds.update(refund.id, {"metadata": {"b": "2"}})
    api.refunds.retrieve(refund.id)
    api.refunds.list({"charge": paid.latest_charge.id})
    with contextlib.suppress(stripe.InvalidRequestError):
        api.refunds.create({"payment_intent": paid.id, "amount": 5000})


def _be_told(buyer: Buyer) -> None:
    """Read of what happened, and be refused by a Stripe that is busy."""
    api = buyer.stripe
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


def _subscribe(club: Club) -> None:
    """Begin a subscription, pay it, and end it."""
    api, price = club.stripe, club.price(lookup_key="club")
    api.products.create({"name": "Club", "metadata": {"a": "1"}})
    api.products.update(price.product, {"description": "All films"})
    api.products.list({"ids": [price.product], "expand": ["data.default_price"]})
    api.products.retrieve(price.product)
    api.prices.update(price.id, {"nickname": "monthly"})
    api.prices.list({"lookup_keys": ["club"], "expand": ["data.product"]})
    api.prices.retrieve(price.id)
    waiting = club.subscribe(club.customer(), price, metadata={"a": "1"})
    with contextlib.suppress(stripe.CardError):
        club.pay_first(waiting, "4000000000000002")
    club.world.challenge(challenge_url(club.pay_first(waiting, CHALLENGED)), passed=True)
    api.subscriptions.list({"customer": waiting.customer, "expand": ["data.latest_invoice.payments"]})
    invoice = api.invoices.retrieve(
        waiting.latest_invoice.id,
        {"expand": ["payments.data.payment.payment_intent", "confirmation_secret", "customer"]},
    )
    api.invoices.list({"subscription": waiting.id})
    api.invoice_payments.list({"invoice": invoice.id, "expand": ["data.invoice"]})
    api.invoice_payments.retrieve(invoice.payments.data[0].id, {"expand": ["payment.payment_intent"]})
    api.subscriptions.retrieve(waiting.id, {"expand": ["customer", "default_payment_method"]})
    api.subscriptions.cancel(waiting.id)


def _try_free_days(club: Club) -> None:
    """Put a card on file for a trial, and see what else is made for one."""
    api, customer, price = club.stripe, club.customer(), club.price()
    trial = club.subscribe(customer, price, trial_period_days=3)
    setup = trial.pending_setup_intent.id
    with contextlib.suppress(stripe.CardError):
        club.set_up(setup, "4000000000000002")
    for passed in (False, True):
        club.world.challenge(challenge_url(club.set_up(setup, CHALLENGED)), passed=passed)
    api.setup_intents.retrieve(setup, {"expand": ["payment_method", "customer"]})
    api.setup_intents.list({"customer": customer.id})
    other = api.setup_intents.create({"customer": customer.id, "allowed_payment_method_types": ["card"]})
    api.setup_intents.update(other.id, {"metadata": {"a": "1"}})
    api.setup_intents.cancel(other.id)


def _pay_invoices(club: Club) -> None:
    """Pay one, void one that cannot be paid, and be refused a second payment."""
    api, price = club.stripe, club.price()
    void = club.subscribe(club.customer(), price).latest_invoice
    club.put_on_file(void.customer, "pm_card_chargeCustomerFail")
    with contextlib.suppress(stripe.CardError):
        api.invoices.pay(void.id)
    api.invoices.void_invoice(void.id)
    paid = club.subscribe(club.customer("pm_card_visa"), price).latest_invoice
    api.invoices.pay(paid.id)
    with contextlib.suppress(stripe.InvalidRequestError):
        api.invoices.pay(paid.id)


def _live(club: Club) -> None:
    """Live the lives of subscriptions on a test clock."""
    api, clock = club.stripe, club.clock()
    price, dear = club.price(), club.price(3000)
    member = club.member(price, clock=clock)
    trial = club.subscribe(club.customer(clock=clock), price, trial_period_days=5)
    api.test_helpers.test_clocks.list()
    club.advance(clock, START + 10 * DAY)
    api.subscriptions.list({"status": "past_due", "test_clock": clock.id, "expand": ["data.test_clock"]})
    items = [{"id": member["items"].data[0].id, "price": dear.id}]
    details = {"items": items, "proration_behavior": "always_invoice"}
    api.invoices.create_preview({"subscription": member.id, "subscription_details": details})
    asking = club.put_on_file(member.customer, "pm_card_authenticationRequired")
    api.subscriptions.update(member.id, {"default_payment_method": asking})
    change = {**details, "payment_behavior": "pending_if_incomplete"}
    api.subscriptions.update(member.id, {**change, "expand": ["latest_invoice.confirmation_secret"]})
    club.advance(clock, START + 12 * DAY)
    item = api.subscription_items.list({"subscription": member.id}).data[0].id
    api.subscription_items.retrieve(item)
    api.subscription_items.update(item, {"quantity": 2, "metadata": {"a": "1"}})
    for ends in (True, False):
        api.subscriptions.update(member.id, {"cancel_at_period_end": ends})
    club.advance(clock, START + 59 * DAY)
    api.subscriptions.update(trial.id, {"metadata": {"a": "1"}})
    with contextlib.suppress(stripe.InvalidRequestError):
        api.test_helpers.test_clocks.advance(clock.id, {"frozen_time": START})
    api.test_helpers.test_clocks.delete(clock.id)


def _tax(buyer: Buyer) -> None:
    """Charge with a calculation, and give a part back."""
    api = buyer.stripe
    line = {"amount": 1999, "reference": "film", "tax_behavior": "inclusive"}
    found = api.tax.calculations.create(
        {
            "currency": "usd",
            "customer_details": {"address": {"country": "DE"}, "address_source": "billing"},
            "line_items": [line, {"amount": 100, "metadata": {"a": "1"}}],
            "expand": ["line_items"],
        }
    )
    api.tax.calculations.retrieve(found.id, {"expand": ["line_items"]})
    api.tax.calculations.line_items.list(found.id)
    paid = buyer.pay(amount=found.amount_total, hooks={"inputs": {"tax": {"calculation": found.id}}})
    api.refunds.create({"payment_intent": paid.id, "amount": 1000})
    association = api.tax.associations.find({"payment_intent": paid.id})
    for attempt in association.tax_transaction_attempts:
        api.tax.transactions.retrieve(attempt.committed.transaction, {"expand": ["line_items"]})
    with contextlib.suppress(stripe.InvalidRequestError):
        api.tax.calculations.create({"currency": "usd", "line_items": [line]})


def _discount(club: Club) -> None:
    """Make coupons, and let them make subscriptions cheaper."""
    api, price = club.stripe, club.price()
    half = api.coupons.create({"percent_off": 50, "duration": "forever", "metadata": {"a": "1"}})
    five = api.coupons.create({"amount_off": 500, "currency": "usd", "id": "FIVE", "redeem_by": START})
    api.coupons.update(half.id, {"name": "Half"})
    api.coupons.retrieve(five.id)
    api.coupons.list()
    both = [{"coupon": half.id}, {"coupon": five.id}]
    cheap = club.subscribe(club.customer(), price, discounts=both)
    club.pay_first(club.subscribe(club.customer(), price, discounts=[{"coupon": half.id}]))
    api.invoices.create_preview({"subscription": cheap.id, "expand": ["discounts", "lines.data.discounts"]})
    api.subscriptions.retrieve(cheap.id, {"expand": ["discounts", "latest_invoice.discounts"]})
    api.coupons.delete(five.id)
    with contextlib.suppress(stripe.InvalidRequestError):
        club.subscribe(club.customer(), price, discounts=[{"coupon": five.id}])

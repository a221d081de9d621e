"""What the tests of subscriptions share: prices, a customer with a card, a membership, a test clock."""

from datetime import UTC, datetime
from typing import Any

from tests.sandbox.stripe_stage import RETURN_URL, Buyer, eventually

DAY = 86400
START = int(datetime(2027, 1, 31, 12, tzinfo=UTC).timestamp())
FIRST_PAYMENT = ["latest_invoice.confirmation_secret", "pending_setup_intent"]


class Club:
    """A shop that sells memberships on one world."""

    def __init__(self, buyer: Buyer) -> None:
        self.buyer = buyer
        self.stripe = buyer.stripe
        self.world = buyer.world

    def price(self, amount: int = 1000, *, interval: str = "month", **changes: Any) -> Any:
        """Make a recurring price of a product of its own."""
        params = {
            "currency": "usd",
            "product_data": {"name": "Membership"},
            "recurring": {"interval": interval},
            "unit_amount": amount,
            **changes,
        }
        return self.stripe.prices.create(params)

    def clock(self, at: int = START) -> Any:
        """Make a test clock that stands at an instant."""
        return self.stripe.test_helpers.test_clocks.create({"frozen_time": at})

    def advance(self, clock: Any, to: int) -> Any:
        """Advance a clock and wait until it stands."""
        self.stripe.test_helpers.test_clocks.advance(clock.id, {"frozen_time": to})
        clocks = self.stripe.test_helpers.test_clocks
        return eventually(lambda: (now := clocks.retrieve(clock.id)).status == "ready" and now)

    def customer(self, card: str | None = None, *, clock: Any = None) -> Any:
        """Make a customer, with a card (`pm_card_…`) on file if one is named."""
        params = {"email": "ada@example.com", **({"test_clock": clock.id} if clock else {})}
        customer = self.stripe.customers.create(params)
        if card:
            self.put_on_file(customer.id, card)
        return customer

    def put_on_file(self, customer_id: str, card: str) -> str:
        """Attach a card and make it the customer's default; returns its id."""
        method = self.stripe.payment_methods.attach(card, {"customer": customer_id})
        settings = {"default_payment_method": method.id}
        self.stripe.customers.update(customer_id, {"invoice_settings": settings})
        return str(method.id)

    def subscribe(self, customer: Any, price: Any, /, **changes: Any) -> Any:
        """Subscribe as the shop does: the first payment waits for its confirmation."""
        params = {
            "customer": customer.id,
            "items": [{"price": price.id}],
            "payment_behavior": "default_incomplete",
            "payment_settings": {"save_default_payment_method": "on_subscription"},
            "expand": FIRST_PAYMENT,
            **changes,
        }
        return self.stripe.subscriptions.create({k: v for k, v in params.items() if v is not None})

    def pay_first(self, subscription: Any, number: str = "4242424242424242") -> Any:
        """Confirm the intent of the first invoice with a card typed into the page."""
        secret = subscription.latest_invoice.confirmation_secret
        return self.buyer.confirm(secret.client_secret.partition("_secret_")[0], number)

    def member(self, price: Any, *, clock: Any = None, number: str = "4242424242424242") -> Any:
        """Return a subscription that is paid and active."""
        subscription = self.subscribe(self.customer(clock=clock), price)
        self.pay_first(subscription, number)
        return self.stripe.subscriptions.retrieve(subscription.id)

    def set_up(self, setup_intent_id: str, number: str = "4242424242424242") -> Any:
        """Confirm a setup intent with a card typed into the page."""
        params = {
            "confirmation_token": self.world.confirmation_token(number),
            "return_url": RETURN_URL,
            "use_stripe_sdk": False,
        }
        return self.stripe.setup_intents.confirm(setup_intent_id, params)

    def now(self, subscription: Any) -> Any:
        """Return a subscription as it is now."""
        return self.stripe.subscriptions.retrieve(subscription.id, {"expand": ["latest_invoice.payments"]})

    def told(self, *kinds: str) -> list[str]:
        """Return the types of the events so far that begin with one of `kinds`."""
        return [event["type"] for event in self.world.events() if event["type"].startswith(kinds)]

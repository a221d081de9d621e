"""Stripe.js in a page that is not Stripe's: under the shop's content security policy, in a real browser."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import requests
from playwright.sync_api import FrameLocator, Page, expect

from tests.sandbox.billing_stage import Club
from tests.sandbox.stripe_stage import CHALLENGED, Buyer, eventually

PAGE = """<!doctype html><title>Shop</title><form><div id="card"></div><button>Pay</button></form>
<script src="{stripe}/endive/stripe.js?key={key}"></script><script src="/shop.js"></script>"""
SHOP = """
window.told = []
const usual = { mode: "payment", amount: 1999, currency: "usd", allowedPaymentMethodTypes: ["card"] }
window.deferred = (changes) => stripe.elements({ ...usual, ...changes })
window.start = (key, locale, more = {}) => {
  window.stripe = Stripe(key, { locale })
  window.elements = deferred(more)
  const wallets = { applePay: "never", googlePay: "never", link: "never" }
  const element = elements.create("payment", { wallets })
  for (const name of ["ready", "change", "loaderror"]) element.on(name, (event) => told.push([name, event]))
  element.mount("#card")
  return new Promise((resolve) => element.once("ready", () => resolve(true)))
}
document.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault()
  window.isSent = true
})
"""
MISUSES = [
    ("Stripe('')", "publishable key"),
    ("deferred({amount: undefined})", "amount"),
    ("deferred({amount: 1.5})", "amount"),
    ("deferred({currency: 'USD'})", "currency"),
    (
        "stripe.elements({mode: 'payment', amount: 1, currency: 'usd', paymentMethodTypes: ['card']})",
        "allowed",
    ),
    ("deferred({colour: 'red'})", "colour"),
    ("deferred({mode: 'setup'}).create('paymentRequestButton')", "Express Checkout"),
    ("deferred({mode: 'setup'}).create('payment', {size: 1})", "size"),
    ("deferred({mode: 'setup'}).create('payment').mount('#nowhere')", "no DOM elements"),
    ("elements.create('payment')", "one Element"),
    ("stripe.createConfirmationToken({elements})", "elements.submit"),
    ("stripe.createPaymentMethod({elements})", "manual"),
    ("stripe.confirmPayment({elements})", "does not serve"),
]


@pytest.fixture
def shop_page(buyer: Buyer, open_page: Callable[..., Page]) -> Iterator[Page]:
    """A page of another origin with the Payment Element in it; its complaints fail the test."""
    origin = f"http://stripe.localhost:{buyer.world.sandbox.port}"
    hooks = origin.replace("//", "//hooks.")
    policy = f"default-src 'none'; script-src 'self' {origin}; frame-src {origin} {hooks}; style-src 'self'"

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_script = self.path == "/shop.js"
            page = PAGE.format(stripe=origin, key=buyer.world.publishable_key)
            self.send_response(200)
            self.send_header("Content-Type", "text/javascript" if is_script else "text/html")
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write((SHOP if is_script else page).encode())

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    page = open_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"http://localhost:{server.server_port}/")
    yield page
    server.shutdown()
    server.server_close()
    assert [text for text in complaints if "401" not in text] == []


def _start(page: Page, buyer: Buyer, locale: str = "en", **more: Any) -> FrameLocator:
    page.evaluate(
        "([key, locale, more]) => start(key, locale, more)", [buyer.world.publishable_key, locale, more]
    )
    return page.frame_locator("#card iframe")


def _type(frame: FrameLocator, number: str = "4242424242424242") -> None:
    frame.locator("[name=number]").fill(number)
    frame.locator("[name=expiry]").fill("12/34")
    frame.locator("[name=cvc]").fill("123")


@pytest.mark.parametrize(("mode", "trial_days"), [("subscription", 0), ("subscription", 7), ("setup", 7)])
def test_a_page_begins_a_subscription(shop_page: Page, buyer: Buyer, mode: str, trial_days: int) -> None:
    club = Club(buyer)
    trial = {"trial_period_days": trial_days} if trial_days else {}
    waiting = club.subscribe(club.customer(), club.price(), **trial)
    frame = _start(shop_page, buyer, mode=mode, amount=0 if trial_days else 1000)
    _type(frame)

    shop_page.evaluate("elements.submit()")
    token = shop_page.evaluate("stripe.createConfirmationToken({elements})")["confirmationToken"]
    params = {"confirmation_token": token["id"], "return_url": "http://localhost:9/", "use_stripe_sdk": False}
    if trial_days:
        ended = club.stripe.setup_intents.confirm(waiting.pending_setup_intent.id, params)
    else:
        secret = waiting.latest_invoice.confirmation_secret.client_secret
        ended = club.stripe.payment_intents.confirm(secret.partition("_secret_")[0], params)

    assert (token["setup_future_usage"], ended.status) == ("off_session", "succeeded")
    assert club.now(waiting).status == ("trialing" if trial_days else "active")


def test_a_card_becomes_a_token_that_pays(shop_page: Page, buyer: Buyer) -> None:
    frame = _start(shop_page, buyer)
    _type(frame)

    assert shop_page.evaluate("elements.submit()") == {"selectedPaymentMethod": "card"}
    made = shop_page.evaluate("stripe.createConfirmationToken({elements})")

    assert buyer.pay(confirmation_token=made["confirmationToken"]["id"]).status == "succeeded"
    assert "4242424242424242" not in str(made)
    assert frame.locator("[name=number]").input_value() == "4242 4242 4242 4242"
    assert shop_page.evaluate("told.findLast(([name]) => name === 'change')[1]") == {
        "elementType": "payment",
        "empty": False,
        "complete": True,
        "collapsed": False,
        "value": {"type": "card"},
    }


@pytest.mark.parametrize(
    ("locale", "sentence"), [("en", "Your card number is incomplete."), ("ko", "카드 번호가 불완전합니다.")]
)
def test_an_unfinished_form_is_refused_in_the_buyers_language(
    shop_page: Page, buyer: Buyer, locale: str, sentence: str
) -> None:
    frame = _start(shop_page, buyer, locale)

    answer = shop_page.evaluate("elements.submit()")

    assert answer["error"] == {"type": "validation_error", "code": "incomplete_number", "message": sentence}
    expect(frame.locator("#number-error")).to_have_text(sentence)


def test_the_keyboard_alone_fills_and_sends_the_form(shop_page: Page, buyer: Buyer) -> None:
    frame = _start(shop_page, buyer)

    for name, text in (("number", "4242424242424242"), ("expiry", "1234"), ("cvc", "123")):
        shop_page.keyboard.press("Tab")
        expect(frame.locator(f"[name={name}]")).to_be_focused()  # the focus goes to another process
        shop_page.keyboard.type(text)
    shop_page.keyboard.press("Enter")

    eventually(lambda: shop_page.evaluate("window.isSent === true"))
    assert shop_page.evaluate("elements.submit()") == {"selectedPaymentMethod": "card"}


def test_misuse_throws_an_integration_error(shop_page: Page, buyer: Buyer) -> None:
    _start(shop_page, buyer)
    attempt = (
        "async () => {{ try {{ await ({}) }} catch (thrown) {{ return thrown.name + thrown.message }} }}"
    )

    for misuse, word in MISUSES:
        thrown = shop_page.evaluate(attempt.format(misuse)) or "nothing was thrown"

        assert thrown.startswith("IntegrationError"), f"{misuse}: {thrown}"
        assert word in thrown


def test_manual_creation_gives_a_payment_method(shop_page: Page, buyer: Buyer) -> None:
    _type(_start(shop_page, buyer, paymentMethodCreation="manual"))
    shop_page.evaluate("elements.submit()")

    made = shop_page.evaluate("stripe.createPaymentMethod({elements})")

    paid = buyer.stripe.payment_intents.create(
        {
            "amount": 1999,
            "currency": "usd",
            "payment_method": made["paymentMethod"]["id"],
            "confirm": True,
            "return_url": "http://localhost/",
        }
    )
    assert paid.status == "succeeded"


def test_the_next_action_opens_an_unmistakable_dialog(shop_page: Page, buyer: Buyer) -> None:
    _start(shop_page, buyer)
    intent = buyer.pay(CHALLENGED, use_stripe_sdk=True, return_url=None, expand=None)
    shop_page.evaluate(
        "secret => { window.acted = stripe.handleNextAction({clientSecret: secret}) }", intent.client_secret
    )

    dialog = shop_page.get_by_test_id("stripe-modal")
    expect(dialog).to_be_visible()
    shop_page.frame_locator("dialog iframe").get_by_test_id("test-source-authorize-3ds").click()

    assert shop_page.evaluate("acted.then(({paymentIntent}) => paymentIntent.status)") == "succeeded"
    expect(dialog).to_have_count(0)


def test_the_script_can_be_blocked_and_slow(buyer: Buyer) -> None:
    base = f"{buyer.world.sandbox.base}/endive/stripe.js?key={buyer.world.publishable_key}"
    host = {"Host": "stripe.localhost"}
    buyer.world.faults(js={"block": True})
    blocked = requests.get(base, headers=host, timeout=40)
    buyer.world.faults(js={"block": None, "slow_seconds": 0.3})

    slow = requests.get(base, headers=host, timeout=40)

    assert (blocked.status_code, slow.status_code) == (503, 200)
    assert slow.elapsed.total_seconds() > 0.3


def test_an_unknown_key_is_a_load_error(shop_page: Page) -> None:
    shop_page.evaluate("() => void start('pk_test_sandbox_nobody', 'en')")

    told = eventually(lambda: shop_page.evaluate("told"))
    assert told[0][0] == "loaderror"
    assert "Invalid API Key" in told[0][1]["error"]["message"]

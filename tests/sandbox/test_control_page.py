"""The control page: what happened can be read there, and its buttons work with the page's own token only."""

import html
import re

import requests

from tests.sandbox.stripe_stage import Buyer, eventually
from tests.sandbox_client import World


def test_the_page_tells_what_happened(buyer: Buyer, stripe_world: World) -> None:
    intent = buyer.pay()

    page = requests.get(_address(stripe_world), timeout=40).text

    assert "All is well at the moment." in page
    assert f"<code>{intent.id}</code> succeeded · 1999 · usd" in page
    assert "<b>Stripe: payment intent</b>" in page


def test_a_button_lets_something_go_wrong(stripe_world: World) -> None:
    address = _address(stripe_world)
    token = re.search(r'name="token" value="([^"]+)"', requests.get(address, timeout=40).text)
    assert token
    press = {"faults": '{"webhooks": {"pause": true}}'}

    assert requests.post(f"{address}act/", press, timeout=40).status_code == 403
    page = requests.post(f"{address}act/", press | {"token": token[1]}, timeout=40).text

    assert "webhooks · pause" in page


def test_a_charge_is_disputed_and_a_refund_fails_by_a_button(buyer: Buyer, stripe_world: World) -> None:
    charge = buyer.pay().latest_charge.id
    refund = buyer.stripe.refunds.create({"payment_intent": buyer.pay().id}).id

    _press(stripe_world, "Only inquire")
    _press(stripe_world, "Fail")
    page = _press(stripe_world, "Escalate")

    assert stripe_world.objects("dispute")[0]["charge"] == charge
    assert stripe_world.objects("dispute")[0]["status"] == "needs_response"
    assert buyer.stripe.refunds.retrieve(refund).status == "failed"
    assert ">Shop wins</button>" in page
    assert ">Fail</button>" not in page


def test_a_clock_is_aged_by_a_button(buyer: Buyer, stripe_world: World) -> None:
    clocks = buyer.stripe.test_helpers.test_clocks
    clock = clocks.create({"frozen_time": 1800000000})

    _press(stripe_world, "A week on")

    eventually(lambda: clocks.retrieve(clock.id).frozen_time == 1800000000 + 7 * 86400)


def test_the_whole_world_is_aged_by_a_button(buyer: Buyer, stripe_world: World) -> None:
    intent = buyer.pay(expand=["latest_charge.balance_transaction"])

    _press(stripe_world, "A week on", name="age")

    found = buyer.stripe.balance_transactions.retrieve(intent.latest_charge.balance_transaction.id)
    assert (intent.latest_charge.balance_transaction.status, found.status) == ("pending", "available")


def _press(world: World, label: str, *, name: str = "intervene") -> str:
    """Press the first button of that name, and return the page after it."""
    address = _address(world)
    page = requests.get(address, timeout=40).text
    token = re.search(r'name="token" value="([^"]+)"', page)
    found = re.search(rf'<button name="{name}" value="([^"]+)">{label}</button>', page)
    assert token and found
    press = {"token": token[1], name: html.unescape(found[1])}
    answer = requests.post(f"{address}act/", press, timeout=40)
    assert answer.status_code == 200, answer.text
    return answer.text


def _address(world: World) -> str:
    name = world.sandbox.call("PUT", f"worlds/{world.secret_key}", {})["name"]
    return f"{world.sandbox.base}/worlds/{name}/"

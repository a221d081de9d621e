"""The control page: what happened can be read there, and its buttons work with the page's own token only."""

import re

import requests

from tests.sandbox.stripe_stage import Buyer
from tests.sandbox_client import World


def test_the_page_tells_what_happened(buyer: Buyer, stripe_world: World) -> None:
    intent = buyer.pay()

    page = requests.get(_address(stripe_world), timeout=10).text

    assert "All is well at the moment." in page
    assert f"<code>{intent.id}</code> succeeded · 1999 · usd" in page
    assert "<b>Stripe: payment intent</b>" in page


def test_a_button_lets_something_go_wrong(stripe_world: World) -> None:
    address = _address(stripe_world)
    token = re.search(r'name="token" value="([^"]+)"', requests.get(address, timeout=10).text)
    assert token
    press = {"faults": '{"webhooks": {"pause": true}}'}

    assert requests.post(f"{address}act/", press, timeout=10).status_code == 403
    page = requests.post(f"{address}act/", press | {"token": token[1]}, timeout=10).text

    assert "webhooks · pause" in page


def _address(world: World) -> str:
    name = world.sandbox.call("PUT", f"worlds/{world.secret_key}", {})["name"]
    return f"{world.sandbox.base}/worlds/{name}/"

"""A buyer without a browser: does over real HTTP what the page's script does, and remembers what it would."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

import requests

from tests import working
from tests.sandbox_client import World

Json = dict[str, Any]
EMAIL = "ada@example.com"


@dataclass(frozen=True)
class Choice:
    """One offer of the panel, as the script reads it."""

    kind: str
    quote: str
    amount: int
    currency: str
    price: str


class Buyer:
    """One browser session at the shop."""

    def __init__(self, url: str, world: World) -> None:
        self.url = url
        self.world = world
        self.http = requests.Session()
        self.http.trust_env = False  # no proxy stands before this machine

    def panel(self, slug: str, *, kind: str = "videos", **query: str) -> list[Choice]:
        """Open the checkout panel and read its offers."""
        answer = self.http.get(f"{self.url}/checkout/{kind}/{slug}/panel/", params=query, timeout=40)
        assert answer.status_code == 200, answer.status_code
        return choices(answer.text)

    def quote(self, slug: str, *, offer: str = "own", **query: str) -> str:
        """The signed price of one offer."""
        return next(choice.quote for choice in self.panel(slug, **query) if choice.kind == offer)

    def pay(
        self, quote: str, *, card: str = "4242424242424242", token: str = "", **given: Any
    ) -> requests.Response:
        """Press Pay, and do work that is asked for, as the page does. `given` overrides or adds fields."""
        token = token or self.world.confirmation_token(card)
        answer = self.press(quote, token=token, **given)
        for _ in range(3):
            if answer.status_code != requests.codes.too_many_requests:
                break
            answer = self.press(quote, token=token, **given | working.done(answer.json()["task"]))
        return answer

    def press(
        self, quote: str, *, card: str = "4242424242424242", token: str = "", **given: Any
    ) -> requests.Response:
        """Press Pay as a script does that works for nobody."""
        body = {
            "quote": quote,
            "confirmation_token": token or self.world.confirmation_token(card),
            "email": EMAIL,
            "time_zone": "Asia/Seoul",
        }
        return self.post("/api/v1/orders/", body | given)

    def buy(self, slug: str, *, card: str = "4242424242424242", **query: str) -> Json:
        """Open the panel and pay; returns the answer's body."""
        body: Json = self.pay(self.quote(slug, **query), card=card).json()
        return body

    def status(self, reference: str) -> Json:
        """Ask where an order stands."""
        body: Json = self.http.get(f"{self.url}/api/v1/orders/{reference}/", timeout=40).json()
        return body

    def another_card(self, reference: str) -> Json:
        """Turn away from the bank's question."""
        body: Json = self.post(f"/api/v1/orders/{reference}/another-card/", {}).json()
        return body

    def watch(self, slug: str, *, resume: bool = True) -> requests.Response:
        """Press Watch."""
        return self.post("/api/v1/playback/", {"video": slug, "resume": resume})

    def post(self, path: str, body: Any) -> requests.Response:
        headers = {"X-CSRFToken": self.http.cookies.get("csrftoken", "")}
        return self.http.post(self.url + path, json=body, headers=headers, timeout=40)

    def sign_in(self, email: str) -> None:
        """Ask for a code and give the one that is mailed."""
        from tests.signing_in import SIGN_IN, mailed_code

        address = self.url + SIGN_IN
        self.http.get(address, timeout=40)
        self._send_form(address, email=email)
        answer = self._send_form(address, code=mailed_code(email))
        assert "sign-in" not in answer.url, "could not sign in"

    def _send_form(self, address: str, **fields: str) -> requests.Response:
        form = {"csrfmiddlewaretoken": self.http.cookies["csrftoken"], **fields}
        return self.http.post(address, data=form, headers={"Referer": address}, timeout=40)


def choices(panel: str) -> list[Choice]:
    """Read the offers out of the panel's HTML."""
    return [_choice(card) for card in re.findall(r'<button[^>]*role="radio"[^>]*>', panel)]


def _choice(tag: str) -> Choice:
    data = dict(re.findall(r'data-(\w+)="([^"]*)"', tag))
    return Choice(data["kind"], unescape(data["quote"]), int(data["amount"]), data["currency"], data["price"])

"""A member who pays a renewal that failed, or changes his card: what the scripts of those pages do."""

from datetime import timedelta
from typing import Any

import requests
from django.conf import settings

from accounts.models import Mail
from billing.books import ledger
from billing.models import Membership, Order, RenewalPayment, UnpaidRenewal
from tests import promises
from tests.billing.club import A_MONTH, ALWAYS_ASKS, Club
from tests.buyer import Buyer, Json
from tests.conftest import Shop
from videos.models import Entitlement

PLAIN = "4242424242424242"
MASTERCARD = "5555555555554444"


def owing(shop: Shop) -> Club:
    """Somebody whose renewal was declined."""
    made = Club(shop)
    made.world.faults(webhooks={"drop": 1000})
    made.member()
    made.break_the_card()
    made.pass_time(A_MONTH)
    made.look()
    return made


def asking(shop: Shop) -> Club:
    """Somebody whose bank wants him there at each renewal."""
    made = Club(shop)
    made.world.faults(webhooks={"drop": 1000})
    asked = made.join(card=ALWAYS_ASKS)
    made.world.challenge(asked["challenge_url"], passed=True)
    assert made.buyer.status(asked["order"])["state"] == "paid"
    made.pass_time(A_MONTH)
    made.look()
    return made


def assert_paid_once(club: Club) -> None:
    membership, renewal = Membership.objects.get(), UnpaidRenewal.objects.get()
    orders = Order.objects.order_by("id")
    right = Entitlement.objects.get()
    assert len(charges(club)) == 2, "the first month and the renewal"
    assert (membership.state, renewal.state) == ("active", "paid")
    assert [order.state for order in orders] == ["paid", "paid"]
    assert right.ends_at == renewal.ends_at + timedelta(days=settings.MEMBERSHIP_GRACE_DAYS)
    assert Mail.objects.filter(template="receipt").count() == 2
    assert Mail.objects.filter(template="membership-unpaid").count() == 1
    assert not RenewalPayment.objects.undecided().exists()
    promises.receipts_run_on()
    assert ledger.check().is_same


def link() -> str:
    """The path in the mail."""
    url: str = Mail.objects.get(template="membership-unpaid").context["pay_url"]
    return url.removeprefix(settings.SITE_URL)


class Payer:
    """A browser that came by the mailed link, and does what its script does."""

    def __init__(self, club: Club, buyer: Buyer | None = None) -> None:
        self.club = club
        self.buyer = buyer or Buyer(club.buyer.url, club.world)
        self.api = f"/api/v1{link()}payments/"
        self.open()

    def open(self) -> requests.Response:
        return self.buyer.http.get(self.buyer.url + link(), timeout=40)

    def pay(self, card: str = PLAIN, *, token: str = "") -> Json:
        return self.send({"confirmation_token": token or self.club.world.confirmation_token(card)})

    def pay_on_file(self) -> Json:
        return self.send({})

    def send(self, body: Json) -> Json:
        answer = self.buyer.post(self.api, body)
        told: Json = answer.json()
        return told | {"status": answer.status_code}

    def status(self) -> Json:
        told: Json = self.buyer.http.get(f"{self.buyer.url}{self.api}1/", timeout=40).json()
        return told

    def another_card(self) -> Json:
        told: Json = self.buyer.post(f"{self.api}1/another-card/", {}).json()
        return told


def charges(club: Club) -> list[Any]:
    return [each for each in club.world.objects("charge") if each["status"] == "succeeded"]


class Changer:
    """The member's browser on the page that changes the card."""

    def __init__(self, club: Club, buyer: Buyer | None = None) -> None:
        self.club = club
        self.buyer = buyer or club.buyer
        self.page = f"{Order.objects.earliest('id').get_absolute_url()}card/"
        self.api = f"/api/v1{self.page}changes/"

    def change(self, card: str = MASTERCARD, *, token: str = "") -> Json:
        return self.send({"confirmation_token": token or self.club.world.confirmation_token(card)})

    def send(self, body: Json) -> Json:
        answer = self.buyer.post(self.api, body)
        told: Json = answer.json()
        return told | {"status": answer.status_code}

    def status(self, number: int = 1) -> Json:
        told: Json = self.buyer.http.get(f"{self.buyer.url}{self.api}{number}/", timeout=40).json()
        return told

    def another_card(self, number: int = 1) -> Json:
        told: Json = self.buyer.post(f"{self.api}{number}/another-card/", {}).json()
        return told

    def read(self) -> str:
        return self.buyer.http.get(self.buyer.url + self.page, timeout=40).text


def on_file(club: Club) -> tuple[str, list[str]]:
    """The last digits of the card that is charged, and of all that Stripe keeps for the member."""
    cards = {each["id"]: each for each in club.world.objects("payment_method")}
    subscription = club.world.objects("subscription")[0]
    kept = [each["card"]["last4"] for each in cards.values() if each["customer"]]
    return cards[subscription["default_payment_method"]]["card"]["last4"], kept

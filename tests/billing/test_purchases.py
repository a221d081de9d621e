"""The list of purchases: by account and by passes alike, and the way to find those made elsewhere."""

import pytest
from django.utils import timezone

from accounts.models import User
from billing.models import Order
from tests import factories, refunding, signing_in
from tests.attacks import Visitor
from tests.sandbox_client import World
from tests.statements import counted

pytestmark = pytest.mark.django_db

ADA = "ada@example.com"


def test_a_guest_and_the_account_list_the_same(world: World) -> None:
    factories.film_on_sale("noon")
    guest, phone, bo = Visitor(world), Visitor(), Visitor()
    order = guest.pay(guest.quote("noon")).json()["order"]
    signing_in.by_code(phone, ADA)

    for visitor, is_shown in ((guest, True), (phone, True), (bo, False)):
        page = visitor.get("/orders/").content.decode()
        assert (f'href="/orders/{order}/"' in page) is is_shown
        assert visitor.get(f"/orders/{order}/").status_code == (200 if is_shown else 404)


def test_only_what_was_paid_is_listed_with_what_went_back(world: World) -> None:
    for slug in ("noon", "dusk", "dawn"):
        factories.film_on_sale(slug)
    guest = Visitor(world)
    guest.pay(guest.quote("dawn"), confirmation_token=world.confirmation_token("4000000000000002"))
    for slug in ("noon", "dusk"):
        guest.pay(guest.quote(slug))
    refunding.give_back(Order.objects.get(offer__video__slug="noon"), 300)
    refunding.give_back(Order.objects.get(offer__video__slug="dusk"))

    page = guest.get("/orders/").content.decode()

    assert page.count('href="/orders/') - page.count('href="/orders/"') == 2
    assert "$3.00 given back" in page
    assert "Refunded" in page


def test_a_purchase_is_found_by_its_address(world: World) -> None:
    """By the way that everybody signs in, so that the answer is the same for every address."""
    factories.film_on_sale("noon")
    buyer, elsewhere = Visitor(world), Visitor()
    order = buyer.pay(buyer.quote("noon")).json()["order"]
    assert 'action="/orders/#find"' in elsewhere.get("/orders/").content.decode()

    asked = elsewhere.post_form("/orders/", email=ADA)
    answer = elsewhere.post_form(asked.headers["Location"], code=signing_in.mailed_code(ADA))

    assert answer.headers["Location"] == "/orders/"
    assert f'href="/orders/{order}/"' in elsewhere.get("/orders/").content.decode()


def test_a_long_list_has_pages_of_the_same_cost(ada: User) -> None:
    price = factories.film_on_sale("noon").offers.get().prices.get(currency="usd")
    visitor = Visitor()
    visitor.client.force_login(ada)
    counts = []
    for size in (3, 45):
        for _ in range(size):
            _paid(ada, price)
        visitor.get("/orders/")
        with counted() as sql:
            visitor.get("/orders/")
        counts.append(len(sql))

    seen, address = [], "/orders/"
    for _page in range(3):
        purchases = visitor.get(address).context["purchases"]
        seen += purchases.orders
        address = f"/orders/?before={purchases.older}"

    assert counts[0] == counts[1] <= 6
    assert len(seen) == len(set(seen)) == 48
    assert purchases.older == ""
    foreign = Order.objects.create(**_fields(price), user=None).reference
    assert visitor.get(f"/orders/?before={foreign}").context["purchases"].orders == seen[:20]


def _paid(user: User, price: object) -> None:
    Order.objects.create(**_fields(price), user=user)


def _fields(price: object) -> dict[str, object]:
    number, now = Order.objects.count(), timezone.now()
    return {
        **{"visitor": "v", "email": ADA, "language": "en", "price": price, "offer": price.offer},  # type: ignore[attr-defined]
        **{"total_minor": 790, "currency": "usd", "quote_nonce": f"n{number}", "created_at": now},
        **{"state": "paid", "paid_at": now, "intent_id": f"pi_{number}", "receipt_number": number + 1},
    }

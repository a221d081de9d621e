"""A coupon takes off what it says, as often as it may, and the price that was shown is the price."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.utils import timezone

from accounts.models import Mail, User
from billing.books import ledger
from billing.buying import quotes
from billing.discounts import reductions
from billing.models import Coupon, CouponAmount, CouponUse, Order
from billing.reconciling import reconciliation
from billing.refunding import second_purchases
from billing.settling import outcomes
from tests import factories, office
from tests.attacks import Visitor
from tests.buyer import choices
from tests.sandbox_client import World
from tests.statements import counted
from videos import money
from videos.models import Entitlement, Offer, Price, Video

pytestmark = pytest.mark.django_db

PANEL = "/checkout/videos/noon/panel/"
DECLINED = "4000000000000002"
ALWAYS_ASKS = "4000002760003184"


def coupon(code: str = "SPRING", *, offers: Sequence[Offer] = (), **given: Any) -> Coupon:
    """A coupon of a percentage, or of the amounts given by currency."""
    amounts = {currency: given.pop(currency) for currency in list(given) if len(currency) == 3}
    made = Coupon.objects.create(code=code, **given)
    made.offers.set(offers)
    for currency, amount in amounts.items():
        CouponAmount.objects.create(coupon=made, currency=currency, amount_minor=amount)
    return made


@pytest.fixture
def film() -> Video:
    return factories.film_on_sale("noon")


@pytest.fixture
def ada(world: World, film: Video) -> Visitor:
    return Visitor(world)


def page(visitor: Visitor, code: str = "SPRING", **query: str) -> str:
    return visitor.get(PANEL, data={"coupon": code, **query}).content.decode()


def test_the_button_the_charge_the_order_and_the_receipt_agree(ada: Visitor, world: World) -> None:
    coupon(usd=200, uses_limit=5)
    shown = page(ada, "spring ")
    assert "$7.90 − $2.00" in shown
    assert [(each.amount, each.price) for each in choices(shown)] == [(590, "$5.90")]

    paid = ada.pay(choices(shown)[0].quote).json()

    assert paid["state"] == "paid"
    assert "$5.90" in paid["receipt_html"]
    order = Order.objects.get()
    assert (order.total_minor, order.discount_minor, order.price.amount_minor) == (590, 200, 790)
    assert world.objects("payment_intent")[0]["amount"] == 590
    assert Mail.objects.get().context["total_text"] == "$5.90"
    assert order.coupon_use.coupon.used == 1


@pytest.mark.parametrize(
    ("currency", "price", "percent", "left"),
    [
        ("usd", 790, 33, 530),
        ("krw", 9900, 33, 6633),
        ("jpy", 1235, 10, 1112),
        ("bhd", 4990, 33, 3350),
        ("isk", 99900, 33, 67000),
        ("ugx", 2990000, 15, 2541500),
        ("usd", 790, 100, 0),
    ],
)
def test_a_percentage_leaves_what_the_currency_can_charge(
    film: Video, currency: str, price: int, percent: int, left: int
) -> None:
    of = Price(offer=film.offers.get(), currency=currency, amount_minor=price)

    assert price - reductions.taken_off(coupon(percent=percent), of) == left


@pytest.mark.parametrize(
    ("currency", "price", "off"), [("usd", 790, 741), ("krw", 9900, 9851), ("bhd", 990, 800)]
)
def test_what_would_leave_too_little_is_refused_and_one_more_is_not(
    film: Video, currency: str, price: int, off: int
) -> None:
    of = Price(offer=film.offers.get(), currency=currency, amount_minor=price)
    step = money.smallest_step(currency)
    given: dict[str, Any] = {currency: off - step}
    assert reductions.taken_off(coupon("LESS", **given), of) < price

    given = {currency: off}
    with pytest.raises(reductions.LeavesTooLittle):
        reductions.taken_off(coupon("MORE", **given), of)


def test_the_panel_says_why_less_than_the_minimum_cannot_be_left(ada: Visitor) -> None:
    coupon(percent=95)

    shown = page(ada)

    assert "less than $0.50" in shown
    assert choices(shown)[0].amount == 790


def test_refusals_say_why_and_tell_a_guesser_little(ada: Visitor, film: Video, world: World) -> None:
    now = timezone.now()
    other = factories.offer(factories.video("dusk"))
    coupon("OLD", percent=10, ends_at=now)
    coupon("SOON", percent=10, starts_at=now + timedelta(hours=1))
    coupon("OFF", percent=10, is_active=False)
    coupon("DUSK", percent=10, offers=(other,))
    coupon("WON", krw=1000)
    coupon("GONE", percent=10, uses_limit=0)
    coupon("MINE", percent=10, offers=(film.offers.get(), other))
    sentences = {
        "OLD": "has expired",
        "DUSK": "doesn&#x27;t hold for this film",
        "WON": "doesn&#x27;t hold for this film",
        "GONE": "is used up",
        **dict.fromkeys(["SOON", "OFF", "NONE", "x" * 3000], "We don&#x27;t know this code"),
    }

    for code, words in sentences.items():
        shown = page(ada, code)
        assert words in shown, code
        assert choices(shown)[0].amount == 790

    bo = Visitor(world)
    bought = choices(bo.get("/checkout/videos/dusk/panel/?coupon=mine").content.decode())[0]
    assert bo.pay(bought.quote).json()["state"] == "paid"
    assert "used this code already" in page(bo, "MINE")
    assert "−" in page(ada, "MINE")


@pytest.mark.usefixtures("one_window")
def test_who_tries_many_codes_is_held_up_and_nobody_else_is(ada: Visitor, world: World) -> None:
    coupon(percent=10)
    for number in range(10):
        page(ada, f"GUESS{number}")

    assert "Too many codes were tried" in page(ada)
    assert choices(page(ada))[0].amount == 790
    assert choices(page(Visitor(world)))[0].amount == 711


def test_a_changed_quote_is_none_of_ours(ada: Visitor) -> None:
    coupon(percent=10)
    quote = choices(page(ada))[0].quote
    claims = signing.loads(quote, salt="billing.quotes") | {"amount": 1, "off": 789}

    for forged in (
        signing.dumps(claims, salt="billing.quotes", key="k" * 50),
        quote[:-2] + ("xx" if quote[-2:] != "xx" else "yy"),
    ):
        assert ada.pay(forged).json()["code"] == "bad_quote"
    assert not Order.objects.exists()


def test_a_use_is_one_browser_s_and_one_address_s(ada: Visitor, world: World) -> None:
    coupon(percent=10, uses_per_buyer=1)
    factories.film_on_sale("dusk")
    dusk = "/checkout/videos/dusk/panel/?coupon=SPRING"
    bo, ada_too = Visitor(world), Visitor(world)
    of_bo = choices(bo.get(dusk).content.decode())[0].quote
    of_ada = choices(ada.get(dusk).content.decode())[0].quote
    of_ada_too = choices(ada_too.get(dusk).content.decode())[0].quote
    assert ada.pay(choices(page(ada))[0].quote).json()["state"] == "paid"

    same_browser = ada.pay(of_ada, email="other@example.com").json()
    same_address = ada_too.pay(of_ada_too, email="Ada+again@example.com").json()
    another_s = bo.pay(of_bo, email="bo@example.com").json()

    assert (same_browser["code"], same_address["code"]) == ("coupon_gone", "coupon_gone")
    assert another_s["state"] == "paid"
    assert CouponUse.objects.count() == Coupon.objects.get().used == 2


def test_the_shown_price_holds_past_the_coupon_s_end_but_not_its_withdrawal(
    ada: Visitor, world: World
) -> None:
    made = coupon(percent=10)
    bo = Visitor(world)
    of_ada, of_bo = choices(page(ada))[0].quote, choices(page(bo))[0].quote
    Coupon.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    assert "has expired" in page(Visitor(world))

    assert ada.pay(of_ada).json()["state"] == "paid"

    Coupon.objects.filter(pk=made.pk).update(is_active=False)
    refused = bo.pay(of_bo, email="bo@example.com").json()
    assert refused["code"] == "coupon_gone"
    assert "nothing was charged" in refused["sentence"]
    assert Order.objects.count() == 1


def test_a_declined_card_frees_the_use_and_the_next_card_takes_it_again(ada: Visitor, world: World) -> None:
    coupon(percent=10, uses_limit=1)
    bo = Visitor(world)
    of_ada, of_bo = choices(page(ada))[0].quote, choices(page(bo))[0].quote
    assert ada.pay(of_ada, card=DECLINED).json()["state"] == "refused"
    assert (Coupon.objects.get().used, CouponUse.objects.count()) == (0, 0)

    assert bo.pay(of_bo, email="bo@example.com").json()["state"] == "paid"

    assert ada.pay(of_ada).json()["code"] == "coupon_gone"
    assert len(world.objects("charge")) == 2
    assert Order.objects.filter(state="paid").count() == Coupon.objects.get().used == 1


def test_a_question_holds_the_use_until_it_cannot_be_answered_any_more(ada: Visitor, world: World) -> None:
    coupon(percent=10, uses_limit=1)
    asked = ada.pay(choices(page(ada))[0].quote, card=ALWAYS_ASKS).json()
    ada.post(f"/api/v1/orders/{asked['order']}/another-card/")
    assert "is used up" in page(Visitor(world))
    assert choices(page(ada))[0].amount == 711  # its own order holds it

    outcomes.sweep(at=timezone.now() + timedelta(hours=23))
    assert Coupon.objects.get().used == 1
    outcomes.sweep(at=timezone.now() + timedelta(hours=25))

    assert (Coupon.objects.get().used, CouponUse.objects.count()) == (0, 0)


def test_another_currency_or_another_coupon_is_another_order(ada: Visitor) -> None:
    coupon(percent=10, uses_limit=1)
    coupon("OTHER", percent=10, uses_limit=1)
    assert ada.pay(choices(page(ada))[0].quote, card=DECLINED).json()["state"] == "refused"
    assert ada.pay(choices(page(ada, "OTHER"))[0].quote, card=DECLINED).json()["state"] == "refused"

    paid = ada.pay(choices(page(ada, "OTHER", currency="krw"))[0].quote).json()

    assert paid["state"] == "paid"
    assert list(Order.objects.order_by("id").values_list("state", flat=True)) == ["canceled"] * 2 + ["paid"]
    assert dict(Coupon.objects.values_list("code", "used")) == {"SPRING": 0, "OTHER": 1}


def test_a_quote_without_a_coupon_says_nothing_of_one(film: Video) -> None:
    price = Price.objects.get(offer__video=film, currency="usd")

    claims = signing.loads(quotes.sign(price, visitor="v", at=timezone.now()), salt="billing.quotes")

    assert not {"coupon", "off"} & set(claims)


def test_a_coupon_of_everything_buys_without_a_card(ada: Visitor, world: World) -> None:
    coupon(percent=100, uses_limit=1)
    quote = choices(page(ada))[0].quote

    answer = ada.post("/api/v1/orders/", {"quote": quote, "email": "ada@example.com"}).json()

    assert answer["state"] == "paid"
    assert answer["playback"]["url"]
    order = Order.objects.get()
    assert (order.total_minor, order.discount_minor, order.intent_id) == (0, 790, None)
    assert not order.is_refunded
    assert not order.payments.exists()
    assert world.objects("payment_intent") == []
    assert Entitlement.objects.get().reference == order.reference
    assert Mail.objects.get().context["total_text"] == "$0.00"
    assert (
        ada.post("/api/v1/orders/", {"quote": quote, "email": "ada@example.com"}).json()["order"]
        == answer["order"]
    )
    shown = ada.get(f"/orders/{order.reference}/").content.decode()
    assert "nothing was charged" in shown
    assert "$7.90" in shown


def test_what_costs_something_needs_a_card(ada: Visitor) -> None:
    quote = choices(page(ada, ""))[0].quote

    refused = ada.post("/api/v1/orders/", {"quote": quote, "email": "ada@example.com"})

    assert (refused.status_code, refused.json()["code"]) == (400, "no_card")
    assert not Order.objects.exists()


def test_the_books_the_office_and_refunds_bear_a_free_order(ada: Visitor, cho: User) -> None:
    coupon(percent=100)
    quote = choices(page(ada))[0].quote
    reference = ada.post("/api/v1/orders/", {"quote": quote, "email": "ada@example.com"}).json()["order"]
    now, day = timezone.now(), timedelta(days=1)

    assert ledger.check().is_same
    assert list(reconciliation.reconcile(since=now - day, until=now + day, at=now)) == []
    shown = office.signed_in(cho, "billing.view_order", "billing.view_payment")
    order = Order.objects.get(reference=reference)
    assert shown.get(office.page(Order, "change", order.pk)).status_code == 200
    assert second_purchases.give_back(at=now) == 0
    assert ada.post_form(f"/orders/{reference}/refund/", reason="changed_mind").status_code < 500
    assert not order.refunds.exists()


def test_a_panel_with_a_coupon_asks_little(ada: Visitor) -> None:
    coupon(usd=200, uses_limit=5)
    page(ada)

    with counted() as sql:
        page(ada)

    assert len(sql) <= 12

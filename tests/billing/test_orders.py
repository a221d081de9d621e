"""An order is its buyer's alone: everybody else gets what nobody gets, and reading it asks little."""

from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

import pytest
from django.utils import translation

from accounts.models import Mail, User
from billing.models import Heat, Order, Payment
from billing.settling import fulfilment
from billing.stripe import stripe_gateway
from tests import factories
from tests.attacks import Answer, Visitor, assert_refused, without_nonces
from tests.sandbox_client import World
from tests.statements import counted
from videos.models import Entitlement, PlaybackSession

pytestmark = pytest.mark.django_db

ORDERS: Final = "/api/v1/orders/"
ALWAYS_ASKS: Final = "4000002760003184"
NEW_YEAR_S_EVE: Final = datetime(2026, 12, 31, 12, tzinfo=UTC)
NOBODY_S: Final = "0" * 32


@pytest.fixture
def adas(world: World) -> Visitor:
    """Ada's browser, a guest's; "noon" is on sale."""
    factories.film_on_sale("noon")
    return Visitor(world)


@pytest.fixture
def bos(adas: Visitor) -> Visitor:
    """Bo's, a guest's too; he bought a film of his own."""
    factories.film_on_sale("dusk")
    visitor = Visitor(adas.world)
    assert visitor.pay(visitor.quote("dusk")).json()["state"] == "paid"
    return visitor


@pytest.mark.parametrize("card", ["4242424242424242", ALWAYS_ASKS], ids=["paid", "in the challenge"])
def test_an_order_is_not_there_for_others(
    adas: Visitor, bos: Visitor, cho: User, subtests: pytest.Subtests, card: str
) -> None:
    reference = _order(adas.pay(adas.quote("noon"), card=card))
    intent = Payment.objects.get(order__reference=reference).intent_id
    staff, nobody = Visitor(), Visitor()
    staff.client.force_login(cho)

    for name, stranger in {"Bo": bos, "nobody": nobody, "Cho, outside the office": staff}.items():
        stranger.get(f"/orders/{NOBODY_S}/")
        asked = {
            "status": partial(stranger.get, f"{ORDERS}{reference}/"),
            "another card": partial(stranger.post, f"{ORDERS}{reference}/another-card/"),
            "page": partial(stranger.get, f"/orders/{reference}/"),
            "Korean page": partial(stranger.get, f"/ko/orders/{reference}/"),
            "from the bank": partial(stranger.get, f"/checkout/return/order/?payment_intent={intent}"),
        }
        assert_refused(
            subtests,
            {f"{name}: {what}": ask for what, ask in asked.items()},
            honest=partial(adas.get, f"{ORDERS}{reference}/"),
            expected={404},
        )
        for path in (f"{ORDERS}{{}}/", "/orders/{}/"):
            there, nowhere = stranger.get(path.format(reference)), stranger.get(path.format(NOBODY_S))
            assert _plain(there, reference) == _plain(nowhere, NOBODY_S)

    assert adas.get(f"/orders/{reference}/").status_code == 200
    assert adas.get(f"/checkout/return/order/?payment_intent={intent}").status_code == 302


def test_an_open_challenge_shows_in_its_own_browser_only(adas: Visitor, bos: Visitor) -> None:
    reference = _order(adas.pay(adas.quote("noon"), card=ALWAYS_ASKS))

    assert reference in _text(adas, "/checkout/videos/noon/panel/")
    assert reference not in _text(bos, "/checkout/videos/noon/panel/")


def test_what_no_order_can_be_called_is_refused(adas: Visitor, subtests: pytest.Subtests) -> None:
    reference = _order(adas.pay(adas.quote("noon")))
    odd = ["%00", "a%00b", "x" * 3000, "%ff%fe", "%2e%2e", "1", "-1", reference.upper(), reference[:31]]
    paths = {f"{base}{text}/" for text in odd for base in (ORDERS, "/orders/")}
    intents = ("%00", "", "pi_none", "%ff", "x" * 3000)

    assert_refused(
        subtests,
        {path[:40]: partial(adas.get, path) for path in paths}
        | {
            f"intent {intent[:20]}": partial(adas.get, f"/checkout/return/order/?payment_intent={intent}")
            for intent in intents
        },
        honest=partial(adas.get, f"{ORDERS}{reference}/"),
    )


def test_a_stranger_s_look_leaves_no_session(adas: Visitor) -> None:
    reference = _order(adas.pay(adas.quote("noon")))

    stranger = Visitor()
    stranger.get(f"/orders/{reference}/")

    assert "sessionid" not in stranger.client.cookies


def test_a_signed_in_buyer_finds_his_order_in_another_browser(world: World, ada: User) -> None:
    factories.film_on_sale("noon")
    here, there = Visitor(world), Visitor(world)
    here.client.force_login(ada)
    reference = _order(here.pay(here.quote("noon"), email="other@example.com"))
    assert there.get(f"/orders/{reference}/").status_code == 404

    there.client.force_login(ada)

    assert there.get(f"/orders/{reference}/").status_code == 200
    assert Order.objects.get().email == ada.email


def test_the_page_the_bank_ends_at_knows_and_changes_nothing(adas: Visitor) -> None:
    adas.pay(adas.quote("noon"), card=ALWAYS_ASKS)
    nobody = Visitor()

    with counted() as sql:
        answer = nobody.get("/checkout/return/?payment_intent=pi_x&redirect_status=succeeded")

    assert answer.status_code == 200
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert list(sql) == []
    assert not Entitlement.objects.exists()


def test_a_bought_course_begins_with_its_first_film_in_the_shop(adas: Visitor) -> None:
    hidden, second = factories.video("hidden", is_published=False), factories.video("second")
    course = factories.collection(hidden, factories.video("first"), second, slug="course")
    factories.collection(second, slug="other")  # where the second is the first
    factories.offer(course)
    page = "/checkout/collections/course/"
    assert 'data-slug="first"' in _text(adas, page)
    assert 'data-slug="hidden"' not in _text(adas, page)

    quote = adas.quote("course", kind="collections")
    paid = adas.pay(quote).json()

    assert paid["state"] == "paid"
    assert PlaybackSession.objects.get().video.slug == "first"


def test_the_receipt_speaks_the_buyer_s_language_whoever_settles(adas: Visitor, world: World) -> None:
    body = adas.payment(adas.quote("noon"), card=ALWAYS_ASKS) | {"time_zone": "Pacific/Kiritimati"}
    order = Order.objects.get(reference=_order(adas.post(f"/ko{ORDERS}", body)))
    world.challenge(order.payments.get().challenge_url, passed=True)
    intent = stripe_gateway.retrieve(order.payments.get().intent_id)

    with translation.override("en"):  # a worker's
        fulfilment.settle(order.pk, intent, at=NEW_YEAR_S_EVE)

    context: dict[str, Any] = Mail.objects.get().context
    assert "/ko/orders/" in context["order_url"]
    assert context["watch_url"].endswith("/ko/videos/noon/")
    assert context["title"].startswith("영화")
    assert context["paid_at"].startswith("2027-01-01T")


def test_checkout_s_calls_ask_little_of_the_database(adas: Visitor) -> None:
    """Pay is the whole sale: order, attempt, consent, tax, settlement, entries, right, pass, receipt,
    first link.
    """
    most = {"panel": 10, "page": 10, "Pay": 25, "status": 6, "Pay, challenged": 10, "status, challenged": 10}
    most["Pay, declined"] = 10
    panel = "/checkout/videos/noon/panel/"
    counts: dict[str, int] = {}

    def count(what: str, ask: partial[Answer]) -> Answer:
        with counted() as sql:
            answer = ask()
        assert answer.status_code in (200, 202), answer.content
        counts[what] = len(sql)
        return answer

    count("panel", partial(adas.get, panel))
    count("page", partial(adas.get, "/checkout/videos/noon/"))
    reference = _order(count("Pay", partial(adas.post, ORDERS, adas.payment(adas.quote("noon")))))
    count("status", partial(adas.get, f"{ORDERS}{reference}/"))
    factories.film_on_sale("dusk")
    challenged = partial(adas.post, ORDERS, adas.payment(adas.quote("dusk"), card=ALWAYS_ASKS))
    reference = _order(count("Pay, challenged", challenged))
    count("status, challenged", partial(adas.get, f"{ORDERS}{reference}/"))
    Heat.objects.all().delete()  # as long as it is quiet
    factories.film_on_sale("dawn")
    count(
        "Pay, declined", partial(adas.post, ORDERS, adas.payment(adas.quote("dawn"), card="4000000000000002"))
    )

    assert {what: count for what, count in counts.items() if count > most[what]} == {}


def _order(answer: Answer) -> str:
    return str(answer.json()["order"])


def _text(visitor: Visitor, path: str) -> str:
    return visitor.get(path).content.decode()


def _plain(answer: Answer, reference: str) -> bytes:
    return without_nonces(answer).replace(reference.encode(), b"")
